"""Whatever the backends do, an insight is written, and says who wrote it and why."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.trainings import series_of
from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.permission import Permission, permitted_context
from training_analyzer.analysis.prompts import PROMPT_VERSION
from training_analyzer.analysis.training import Role, Training
from training_analyzer.analysis.writing import cache_key, confidence_of, write
from training_analyzer.domain.insight import Confidence, Coverage, Insight, InsightKind, Prompt, Reply, Usage
from training_analyzer.sdk import (
    BackendInfo,
    InsightBackend,
    Price,
    RateLimited,
    Truncated,
    Unavailable,
)

Athlete = Callable[..., Training]
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
WEEK = (0, 60, 0, 80, 0, 120, 40)
GOOD = (
    '{"status":"insight","observations":[{"facts":["load_week","load_change"],"direction":"up",'
    '"text":"At {load_week}, the load was {load_change} above the four weeks before."}],'
    '"caveats":[],"recommendation":"Take an easy day.","headline":"A step up, by {load_change}"}'
)
INVENTED = GOOD.replace("At {load_week}", "At 999")
SPENT = Usage(input_tokens=1000, output_tokens=100)
DOLLARS = 0.002


class Scripted(InsightBackend):
    """A backend that does as it is told."""

    def __init__(
        self, name: str, does: str | Exception, *, answers_as: str = "m-1", priced: bool = True
    ) -> None:
        self.info = BackendInfo(name=name, title=name, model="m-1", data_goes_to="nobody")
        self.does, self.answers_as, self.priced = does, answers_as, priced
        self.prompts: list[Prompt] = []

    def generate(self, prompt: Prompt) -> Reply:
        self.prompts.append(prompt)
        if isinstance(self.does, Exception):
            raise self.does
        return Reply(text=self.does, model=self.answers_as, usage=SPENT)

    def price(self, model: str) -> Price | None:
        prices = {"m-1": 1.0, "m-2": 10.0} if self.priced else {}
        if model not in prices:
            return None
        return Price(
            input_usd=prices[model], output_usd=prices[model] * 10, since=date(2026, 1, 1), source="made up"
        )


@pytest.fixture
def written(spike: Training) -> Callable[..., Insight]:
    def by(*backends: InsightBackend) -> Insight:
        return write(week_context(spike), permitted_context(spike), backends, now=NOW, gate=Unmetered())

    return by


Written = Callable[..., Insight]


def test_without_backends_the_rules_write(written: Written) -> None:
    insight = written()
    assert insight.backend == "rules"
    assert insight.headline == "Far more load than usual"
    assert insight.observations[0].text.startswith("Seven days brought a load of 740, 147% above the 300")
    assert insight.notes == ()
    assert insight.cost_usd == 0
    assert insight.prompt_version == ""


def test_a_backend_that_holds_to_the_facts_writes(written: Written) -> None:
    insight = written(Scripted("one", GOOD))
    assert (insight.backend, insight.model) == ("one", "m-1")
    assert insight.headline == "A step up, by 147%"
    assert insight.observations[0].text == "At 740, the load was 147% above the four weeks before."
    assert insight.cost_usd == pytest.approx(DOLLARS)
    assert insight.prompt_version == PROMPT_VERSION
    assert insight.written_at == NOW
    assert insight.notes == ()


def test_when_all_fail_the_rules_say_why(written: Written) -> None:
    insight = written(Scripted("one", Unavailable("503")), Scripted("two", INVENTED))
    assert insight.backend == "rules"
    assert len(insight.notes) == 3
    assert insight.notes[-1].endswith("; the rules wrote this")
    assert insight.prompt_version == PROMPT_VERSION, "what the attempts were asked"
    assert insight.observations


def test_failed_attempts_cost_too_and_are_kept(written: Written) -> None:
    insight = written(Scripted("one", Truncated("cut", usage=SPENT)), Scripted("two", GOOD))
    assert insight.backend == "two"
    assert insight.cost_usd == pytest.approx(2 * DOLLARS)
    assert insight.usage == Usage(input_tokens=2000, output_tokens=200)
    assert [(one.backend, one.outcome, one.requested_model, one.model) for one in insight.attempts] == [
        ("one", "truncated", "m-1", ""),
        ("two", "answered", "m-1", "m-1"),
    ]
    assert [one.cost_microusd for one in insight.attempts] == [2000, 2000]


def test_what_did_not_hold_is_kept_with_its_reasons(written: Written) -> None:
    insight = written(Scripted("one", INVENTED))
    assert [one.outcome for one in insight.attempts] == ["ungrounded", "ungrounded"]
    assert "observation 1: no fact says" in insight.attempts[0].violations[0]


def test_what_holds_of_an_answer_is_shown_and_the_rest_is_left_out(written: Written) -> None:
    second = '{"facts":["load_week"],"direction":"na","text":"It came from 999 rides."}'
    insight = written(Scripted("one", GOOD.replace('before."}]', f'before."}},{second}]')))
    assert insight.backend == "one"
    assert [one.text for one in insight.observations] == [
        "At 740, the load was 147% above the four weeks before."
    ]
    assert insight.notes[-1] == "what did not hold was left out, or says what the rules say"
    assert "observation 2" in insight.attempts[-1].violations[0]


def test_what_holds_in_part_stands_in_for_what_may_come(written: Written) -> None:
    second = '{"facts":["load_week"],"direction":"na","text":"It came from 999 rides."}'
    partly = GOOD.replace('before."}]', f'before."}},{second}]')
    later = RateLimited("slow down", retry_at=NOW + timedelta(hours=1))
    assert written(ScriptedBackend("one", partly, later)).better_after == NOW + timedelta(hours=1)
    assert written(ScriptedBackend("one", partly)).better_after is None


def test_a_few_days_are_too_little_to_ask_about(athlete: Athlete) -> None:
    spy = Scripted("one", GOOD)
    given = athlete(WEEK)
    insight = write(week_context(given), permitted_context(given), [spy], now=NOW, gate=Unmetered())
    assert spy.prompts == []
    assert insight.notes == (
        "no AI backend was asked: 7 days of history are too few; from 14 days on it is; the rules wrote this",
    )


@pytest.mark.parametrize("kind", [InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH])
def test_nobody_is_asked_about_days_without_training(athlete: Athlete, kind: InsightKind) -> None:
    spy, given = Scripted("one", GOOD), athlete(*[WEEK] * 20, *[[0.0] * 7] * 8)
    permission = permitted_context(given, Subject(kind))
    assert permission.context is not None
    insight = write(permission.context, permission, [spy], now=NOW, gate=Unmetered())
    assert spy.prompts == []
    assert insight.backend == "rules"
    (note,) = insight.notes
    assert note.startswith(
        "no AI backend was asked: there was no training in the days that it would speak of"
    )


def test_the_model_that_answered_is_paid(written: Written) -> None:
    insight = written(Scripted("one", GOOD, answers_as="m-2"))
    assert insight.model == "m-2"
    assert insight.cost_usd == pytest.approx(10 * DOLLARS)


def test_an_answer_of_a_model_without_a_price_is_counted_and_noted(written: Written) -> None:
    insight = written(Scripted("one", GOOD, answers_as="m-9"))
    assert insight.cost_usd == pytest.approx(DOLLARS)
    assert "m-9 answered, whose price is not known" in insight.notes[0]


def test_a_model_without_a_price_is_not_asked(written: Written) -> None:
    one = Scripted("one", GOOD, priced=False)
    insight = written(one)
    assert one.prompts == []
    assert insight.backend == "rules"
    assert "price" in insight.notes[0]


def test_nothing_is_asked_about_what_is_not_permitted(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 20, denied=12)
    spy = Scripted("one", GOOD)
    insight = write(week_context(given), permitted_context(given), [spy], now=NOW, gate=Unmetered())
    assert spy.prompts == []
    assert insight.backend == "rules"
    assert "no AI backend was asked: the terms of the source permit AI on 60 of 72" in insight.notes[0]


def test_the_prompt_is_made_from_the_permitted_context_alone(spike: Training, steady: Training) -> None:
    spy = Scripted("one", GOOD)
    write(week_context(spike), Permission(context=week_context(steady)), [spy], now=NOW, gate=Unmetered())
    assert '"740"' not in spy.prompts[0].facts


def test_what_is_left_out_is_told_to_the_athlete_and_to_no_model(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 20)
    given = dataclasses.replace(
        given,
        sessions=[
            dataclasses.replace(session, ai_permitted=place not in {-2, -3})
            for place, session in enumerate(given.sessions, start=-len(given.sessions))
        ],
    )
    permitted = [session for session in given.sessions if session.ai_permitted]
    series = series_of(permitted, given.series[Role.LOAD].first_day, given.history_days)
    given = dataclasses.replace(given, permitted_series=series)
    plain = (
        '{"status":"insight","observations":[{"facts":["load_week"],"direction":"na",'
        '"text":"The load of the week was {load_week}."}],"caveats":[],"recommendation":"","headline":"A week"}'
    )
    backend = Scripted("first", plain)
    insight = write(week_context(given), permitted_context(given), [backend], now=NOW, gate=Unmetered())
    assert insight.backend == "first", insight.notes
    assert any("terms of the others do not permit AI" in caveat for caveat in insight.caveats)
    assert "covered" not in backend.prompts[0].facts
    assert "permit" not in backend.prompts[0].facts


def test_the_cache_key_is_that_of_the_facts_as_shown(spike: Training, steady: Training) -> None:
    context, permission = week_context(spike), permitted_context(spike)
    one, two = Scripted("one", GOOD), Scripted("two", GOOD)
    key = cache_key(context, permission, [one])
    barely = context.model_copy(
        update={
            "facts": tuple(fact.model_copy(update={"value": fact.value + 1e-6}) for fact in context.facts)
        }
    )
    assert key == cache_key(barely, permission, [one])
    rule = context.rules[0]
    days = (rule, rule.model_copy(update={"version": rule.version + 1}))
    others = {
        cache_key(week_context(steady), permission, [one]),
        cache_key(context, Permission(reason="no"), [one]),
        cache_key(context, permission, [two]),
        cache_key(context, permission, []),
        *(cache_key(context.model_copy(update={"day": day}), permission, [one]) for day in days),
    }
    assert len({key, *others}) == 7
    assert write(context, permission, [one], now=NOW, gate=Unmetered()).cache_key == key


@pytest.mark.parametrize(
    ("history_days", "estimated_share", "confidence"),
    [
        (20, 0.0, Confidence.LOW),
        (365, 0.6, Confidence.LOW),
        (60, 0.0, Confidence.MEDIUM),
        (365, 0.4, Confidence.MEDIUM),
        (365, 0.1, Confidence.HIGH),
    ],
)
def test_confidence_comes_from_history_and_estimates(
    steady: Training, history_days: int, estimated_share: float, confidence: Confidence
) -> None:
    coverage = Coverage(
        activities=20,
        activities_covered=20,
        load_share=1,
        estimated_share=estimated_share,
        history_days=history_days,
    )
    context = week_context(steady).model_copy(update={"coverage": coverage})
    assert confidence_of(context) is confidence


@pytest.mark.parametrize(
    ("covered", "unknown_share", "says", "confidence"),
    [
        (20, 0.0, {}, Confidence.HIGH),
        (19, 0.0, {}, Confidence.MEDIUM),
        (20, 0.3, {}, Confidence.MEDIUM),
        (20, 0.6, {}, Confidence.LOW),
        (20, 0.0, {"caveat": True}, Confidence.MEDIUM),
        (20, 0.0, {"unsure": True}, Confidence.LOW),
    ],
)
def test_confidence_falls_with_what_is_not_known(
    steady: Training, covered: int, unknown_share: float, says: dict[str, bool], confidence: Confidence
) -> None:
    coverage = Coverage(
        activities=20,
        activities_covered=covered,
        load_share=1,
        estimated_share=0,
        history_days=365,
        unknown_share=unknown_share,
    )
    plain = week_context(steady)
    rules = (*plain.rules[:-1], plain.rules[-1].model_copy(update=says))
    assert confidence_of(plain.model_copy(update={"coverage": coverage, "rules": rules})) is confidence


def test_a_question_that_only_a_model_answers_is_as_sure_as_the_data(steady: Training) -> None:
    context = build_context(steady, Subject(InsightKind.QUESTION, question="Why is the sky blue?"))
    assert context is not None
    assert [rule.id for rule in context.rules] == ["question_unanswered"]
    assert confidence_of(context) is Confidence.LOW
    assert confidence_of(context, answered=True) is not Confidence.LOW
