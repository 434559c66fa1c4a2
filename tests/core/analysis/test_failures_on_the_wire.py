"""
Every failure of a service, through the real SDKs and the whole way of an insight, on a real database.

Each scenario is one policy: how many HTTP requests it makes, who writes in the end, what is charged, and
how many requests a second insight makes right after it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import ScriptedBackend
from tests.fakes.desk import terms
from tests.fakes.racing import CONTEXT, DEADLINE_S
from tests.waiting import PATIENCE_S, until
from training_analyzer.analysis import obtaining
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Insight
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import InsightBackend
from training_analyzer_gemini import standin as gemini_standin
from training_analyzer_gemini.backend import GeminiBackend
from training_analyzer_gemini.settings import GeminiSettings
from training_analyzer_groq import standin as groq_standin
from training_analyzer_groq.backend import GroqBackend
from training_analyzer_groq.settings import GroqSettings

Charged = Literal["nothing", "what it says", "the worst case"]


@dataclass(frozen=True)
class Policy:
    """What a failure leads to."""

    scenario: str
    outcomes: tuple[str, ...]
    """Of the requests, one each."""
    then: Literal["next", "rules"]
    charged: Charged
    requests_of_a_second_insight: int


POLICIES = (
    Policy("minute", ("rate_limited",), "next", "nothing", 0),
    Policy("daily", ("quota_spent",), "next", "nothing", 0),
    Policy("busy", ("unavailable",), "next", "nothing", 1),
    Policy("slow", ("timed_out",), "next", "the worst case", 1),
    Policy("cut", ("truncated",), "next", "what it says", 1),
    Policy("safety", ("refused",), "rules", "what it says", 1),
    Policy("badkey", ("not_authorized",), "rules", "nothing", 0),
    Policy("unknown", ("misconfigured",), "rules", "nothing", 0),
    Policy("badjson", ("ungrounded", "ungrounded"), "rules", "what it says", 2),
    Policy("html", ("unavailable",), "next", "nothing", 1),
    Policy("text", ("bad_output",), "next", "the worst case", 1),
)


@dataclass(frozen=True)
class Service:
    """A stand-in of a service that runs, and how to ask it."""

    name: str
    url: str
    received: Sequence[Any]

    def backend(self, model: str) -> InsightBackend:
        settings = {
            "api_key": "k",
            "model": model,
            "base_url": self.url,
            "input_usd": 1,
            "output_usd": 10,
            "timeout_s": 1 if model == "slow" else PATIENCE_S,
        }
        if self.name == "gemini":
            return GeminiBackend(GeminiSettings.model_validate(settings), now=lambda: NOW)
        return GroqBackend(GroqSettings.model_validate(settings), now=lambda: NOW)


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, Service]]:
    with gemini_standin.running(slow_s=PATIENCE_S) as gemini, groq_standin.running(slow_s=PATIENCE_S) as groq:
        yield {
            "gemini": Service("gemini", gemini.url, gemini.scenario.received),
            "groq": Service("groq", groq.url, groq.received),
        }


@pytest.mark.slow
@pytest.mark.parametrize("service", ["gemini", "groq"])
def test_each_failure_follows_its_policy(
    services: dict[str, Service],
    service: str,
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    subtests: pytest.Subtests,
) -> None:
    for policy in POLICIES:
        with subtests.test(policy.scenario):
            one = services[service]
            asked = one.backend(policy.scenario)
            two = ScriptedBackend("two", groq_standin.EMPTY_REPLY)
            before = len(one.received)
            insight = obtained(runtime, clock, athlete_id, f"{policy.scenario} 1", [asked, two])
            mine = [attempt for attempt in insight.attempts if attempt.backend == service]
            assert tuple(attempt.outcome for attempt in mine) == policy.outcomes
            until(lambda: len(one.received) - before >= len(policy.outcomes), "a request is missing")  # noqa: B023
            assert len(one.received) - before == len(policy.outcomes)
            assert insight.backend == ("two" if policy.then == "next" else "rules"), insight.notes
            assert charged(runtime, athlete_id, service) == policy.charged
            second = len(one.received)
            obtained(runtime, clock, athlete_id, f"{policy.scenario} 2", [asked, two])
            assert len(one.received) - second == policy.requests_of_a_second_insight
        with runtime.database.transaction(athlete_id) as tx:
            tx.execute(text("DELETE FROM model_calls"))


def obtained(
    runtime: Runtime, clock: StoppedClock, athlete_id: UUID, key: str, backends: Sequence[InsightBackend]
) -> Insight:
    got = obtaining.obtain(
        runtime.database,
        athlete_id,
        key,
        lambda gate: write(
            CONTEXT,
            Permission(context=CONTEXT),
            backends,
            gate=gate,
            now=clock.now(),
            deadline_s=DEADLINE_S,
        ).model_copy(update={"cache_key": key}),
        terms=replace(terms(), deadline_s=DEADLINE_S),  # a machine may be slow
        now=clock.now,
    )
    return got.insight


def charged(runtime: Runtime, athlete_id: UUID, service: str) -> Charged:
    with runtime.database.transaction(athlete_id) as tx:
        calls = tx.execute(
            text("SELECT * FROM model_calls WHERE backend = :service"), {"service": service}
        ).all()
    kinds: set[Charged] = set()
    for call in calls:
        if not call.billed:
            assert call.microusd == 0
            kinds.add("nothing")
        elif call.input_tokens + call.output_tokens:
            assert call.microusd > 0
            kinds.add("what it says")
        else:
            assert call.microusd == call.reserved_microusd > 0
            kinds.add("the worst case")
    (kind,) = kinds
    return kind
