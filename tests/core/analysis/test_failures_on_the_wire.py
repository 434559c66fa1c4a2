"""
Every failure of a service, through the real SDKs and the whole way of an insight, on a real database.

Each scenario is one policy: how many HTTP requests it makes, what is charged, what becomes of the insight
of before, and when the work is owed again. Then how many requests a second insight makes right after it,
and who writes that where another backend could be asked.

LiteLLM is installed apart: `make test-litellm` runs its part.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
from training_analyzer.sdk import InsightBackend, Misconfigured
from training_analyzer.storage import breakers, insights
from training_analyzer_gemini import standin as gemini_standin
from training_analyzer_gemini.backend import GeminiBackend
from training_analyzer_gemini.settings import GeminiSettings
from training_analyzer_groq import standin as groq_standin
from training_analyzer_groq.backend import GroqBackend
from training_analyzer_groq.settings import GroqSettings
from training_analyzer_litellm.backend import LiteLLMBackend, imported
from training_analyzer_litellm.settings import LiteLLMSettings

Charged = Literal["nothing", "what it says", "the worst case"]


@dataclass(frozen=True)
class Policy:
    """What a failure leads to."""

    scenario: str
    outcomes: tuple[str, ...]
    """Of the requests, one each."""
    charged: Charged
    again: timedelta | Mapping[str, timedelta] | None
    """When the work is owed again, of each service where it says so; until then the insight of before stays."""
    requests_of_a_second: int
    then: Literal["next", "rules"]
    """Who writes the second, beside another backend."""


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TO_MIDNIGHT_IN_CALIFORNIA = timedelta(hours=19, minutes=59, seconds=30)
SHORT = {"gemini": timedelta(seconds=2.5), "groq": timedelta(seconds=2), "litellm": timedelta(seconds=2)}
LONG = {"gemini": TO_MIDNIGHT_IN_CALIFORNIA, "groq": HOUR, "litellm": HOUR}
SAID = {"minute": SHORT, "daily": LONG}
"""For how long the service wants to be left alone."""
POLICIES = (
    Policy("minute", ("rate_limited",), "nothing", MINUTE, 0, "next"),
    Policy("daily", ("quota_spent",), "nothing", LONG, 0, "next"),
    Policy("busy", ("unavailable",), "nothing", MINUTE, 1, "next"),
    Policy("slow", ("timed_out",), "the worst case", 5 * MINUTE, 1, "next"),
    Policy("cut", ("truncated",), "what it says", HOUR, 1, "next"),
    Policy("safety", ("refused",), "what it says", None, 1, "rules"),
    Policy("badkey", ("not_authorized",), "nothing", 15 * MINUTE, 0, "rules"),
    Policy("unknown", ("misconfigured",), "nothing", 15 * MINUTE, 0, "rules"),
    Policy("badjson", ("ungrounded", "ungrounded"), "what it says", None, 2, "rules"),
    Policy("html", ("unavailable",), "nothing", MINUTE, 1, "next"),
    Policy("text", ("bad_output",), "the worst case", HOUR, 1, "next"),
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
            "timeout_s": 0.5 if model == "slow" else PATIENCE_S,
        }
        match self.name:
            case "gemini":
                return GeminiBackend(GeminiSettings.model_validate(settings), now=lambda: NOW)
            case "groq":
                return GroqBackend(GroqSettings.model_validate(settings), now=lambda: NOW)
        settings |= {"model": f"openai/{model}", "base_url": f"{self.url}/openai/v1"}
        return LiteLLMBackend(LiteLLMSettings.model_validate(settings), now=lambda: NOW)


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, Service]]:
    with gemini_standin.running(slow_s=PATIENCE_S) as gemini, groq_standin.running(slow_s=PATIENCE_S) as groq:
        yield {
            "gemini": Service("gemini", gemini.url, gemini.scenario.received),
            "groq": Service("groq", groq.url, groq.received),
            "litellm": Service("litellm", groq.url, groq.received),
        }


def is_there(service: str) -> bool:
    """Whether the SDK is; then it is imported, before a timeout begins."""
    if service == "litellm":
        try:
            imported()
        except Misconfigured:
            return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("service", ["gemini", "groq", "litellm"])
def test_each_failure_follows_its_policy(
    services: dict[str, Service],
    service: str,
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    subtests: pytest.Subtests,
) -> None:
    if not is_there(service):
        pytest.skip("LiteLLM is not here; `make test-litellm` has it")
    one, two = services[service], ScriptedBackend("two", groq_standin.EMPTY_REPLY)
    first = obtained(runtime, clock, athlete_id, "the facts of before", [one.backend("small")])
    assert first.insight.backend == service, first.insight.notes
    earlier = first.insight.model_copy(update={"written_at": NOW - MINUTE})
    first = replace(first, insight=earlier)
    for policy in POLICIES:
        with subtests.test(policy.scenario):
            asked = one.backend(policy.scenario)
            forget(runtime, athlete_id)
            keep(runtime, clock, athlete_id, first)
            before = len(one.received)
            got = obtained(runtime, clock, athlete_id, f"{policy.scenario} 1", [asked])
            assert tuple(attempt.outcome for attempt in got.insight.attempts) == policy.outcomes
            until(lambda: len(one.received) - before >= len(policy.outcomes), "a request is missing")  # noqa: B023
            assert len(one.received) - before == len(policy.outcomes)
            assert charged(runtime, athlete_id, service) == policy.charged
            again = policy.again.get(service) if isinstance(policy.again, Mapping) else policy.again
            assert got.insight.better_after == (None if again is None else clock.now() + again)
            if policy.scenario in SAID:
                said = SAID[policy.scenario][service]
                assert rests_until(runtime, clock, asked) == clock.now() + said
            shown = keep(runtime, clock, athlete_id, got)
            if again is None:
                assert (shown.backend, shown.cache_key) == ("rules", f"{policy.scenario} 1")
            else:
                assert (shown.backend, shown.stale_since) == (service, clock.now())
            second = len(one.received)
            other = obtained(runtime, clock, athlete_id, f"{policy.scenario} 2", [asked, two]).insight
            assert len(one.received) - second == policy.requests_of_a_second
            assert other.backend == ("two" if policy.then == "next" else "rules"), other.notes


def forget(runtime: Runtime, athlete_id: UUID) -> None:
    """Forget what was written and asked, but not which backends rest."""
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(text("DELETE FROM model_calls"))
        tx.execute(text("DELETE FROM insights"))


def rests_until(runtime: Runtime, clock: StoppedClock, backend: InsightBackend) -> datetime:
    with runtime.database.transaction() as tx:
        rests = breakers.all_open(tx, now=clock.now())
    return next(one.until for one in rests if one.model == backend.info.model)


def keep(runtime: Runtime, clock: StoppedClock, athlete_id: UUID, got: obtaining.Obtained) -> Insight:
    """Keep it, and return what the athlete sees."""
    with runtime.database.transaction(athlete_id) as tx:
        obtaining.keep(tx, athlete_id, got, now=clock.now())
        newest = insights.newest(tx, athlete_id, CONTEXT.kind)
    assert newest is not None
    return newest


def obtained(
    runtime: Runtime, clock: StoppedClock, athlete_id: UUID, key: str, backends: Sequence[InsightBackend]
) -> obtaining.Obtained:
    return obtaining.obtain(
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
