"""A day that has just begun is no day of rest: it counts once it has a session, or once it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.athletes import made_up_athletes
from tests.fakes.trainings import LAST_DAY, RIDER, RUNNER, TRIATHLETE, Week, known_on, training
from training_analyzer.analysis.contexts import OF_KIND, Subject, build_context
from training_analyzer.analysis.explaining import worth_writing
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.training import Role, Training
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.domain.style import Style

KINDS = (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH)
FORTNIGHT = 14
NEVER = frozenset(
    {
        *("load_down", "load_keeps_falling", "week_after_big_one", "taper", "state_tapered"),
        *("month_down", "month_freshened", "long_run_share", "load_up", "state_inactive", "inactive"),
    }
)
"""What holds of no steady athlete, whenever one looks."""
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def looks(known: Training) -> Iterator[Training]:
    """Yield what is known just after each midnight of a fortnight, and in each evening."""
    for ago in range(FORTNIGHT - 1, -1, -1):
        day = LAST_DAY - ago * DAY
        yield known_on(known, day, until=day - DAY).without_empty_last_day()
        yield known_on(known, day, until=day).without_empty_last_day()


def facts_of(given: Training) -> list[object]:
    return [OF_KIND[kind][0](given) for kind in KINDS]


def rules_of(given: Training, kind: InsightKind) -> list[str]:
    context = build_context(given, Subject(kind))
    assert context is not None
    return [rule.id for rule in context.rules]


@pytest.mark.parametrize("week", [RIDER, RUNNER, TRIATHLETE], ids=["rider", "runner", "triathlete"])
def test_a_steady_fortnight_brings_less_than_one_insight_a_day(week: Week) -> None:
    written: dict[InsightKind, Insight] = {}
    count, last_looked_at = 0, None
    for known in looks(training([week] * 30, seed=5)):
        if known.last_day == last_looked_at:
            continue  # the very same, as the next test shows
        last_looked_at = known.last_day
        for subject in worth_writing(known, KINDS, Style(), lambda subject: written.get(subject.kind)):
            context = build_context(known, subject)
            assert context is not None
            insight = write(context, Permission(reason="no"), [], now=NOW, gate=Unmetered())
            assert {rule.id for rule in insight.rules}.isdisjoint(NEVER), (known.last_day, insight.headline)
            written[subject.kind] = insight
            count += 1
    assert len(KINDS) < count <= FORTNIGHT


def test_nothing_changes_at_midnight_and_a_day_of_rest_counts_when_it_is_over() -> None:
    known = training([RIDER] * 8)
    trained = {session.local_date for session in known.sessions}
    seen = list(looks(known))
    for night, evening in zip(seen[::2], seen[1::2], strict=True):
        before = known_on(known, night.last_day, until=night.last_day)
        assert facts_of(night) == facts_of(before), "the evening before, or the day of rest that is over"
        has_trained = evening.last_day - night.last_day == DAY
        assert has_trained == (night.last_day + DAY in trained)
        assert has_trained or facts_of(evening) == facts_of(night)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [(InsightKind.WEEK, "no_rest_day"), (InsightKind.STATE, "long_without_rest")],
)
def test_whoever_had_no_rest_has_had_none_at_night(kind: InsightKind, rule: str) -> None:
    one = next(one for one in made_up_athletes() if one.name == "monotonous").training
    night = known_on(one, LAST_DAY + DAY, until=LAST_DAY)
    assert rule in rules_of(night.without_empty_last_day(), kind)
    over = known_on(one, LAST_DAY + 2 * DAY, until=LAST_DAY)
    assert rule not in rules_of(over.without_empty_last_day(), kind), "a whole day of rest lies between"


def test_form_is_what_the_last_day_leaves_for_the_next_morning() -> None:
    known = training([RIDER] * 30)
    morning = known_on(known, LAST_DAY + DAY, until=LAST_DAY)
    series_of_the_morning = morning.value(Role.FORM)
    for given in (known, morning.without_empty_last_day()):
        (form,) = [fact.value for fact in OF_KIND[InsightKind.STATE][0](given) if fact.id == "form"]
        assert form == pytest.approx(series_of_the_morning)


def test_on_the_first_day_there_is_no_day_before() -> None:
    known = training([RIDER])
    first_day = known.sessions[0].local_date
    nothing = known_on(known, first_day, until=first_day - DAY)
    assert nothing.without_empty_last_day() is nothing


def test_an_old_threshold_is_as_old_as_on_the_day_that_is_told_of() -> None:
    known = training([RIDER] * 8)
    assert known.until(LAST_DAY - 5 * DAY).threshold_age_days == 25
    assert known.until(LAST_DAY - 35 * DAY).threshold_age_days is None, "it was set since"
