"""A new insight is written where there is something new to say, and not otherwise."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.explaining import worth_writing
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.materiality import what_is_new
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.training import Training
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Context, Insight, InsightKind
from training_analyzer.domain.style import Language, Style

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
PLAIN = Style()


def insight(context: Context) -> Insight:
    return write(context, Permission(reason="no"), [], now=NOW, gate=Unmetered())


def test_the_first_is_always_worth_it(steady: Training) -> None:
    assert what_is_new(None, week_context(steady), PLAIN)


def test_the_same_again_is_not(steady: Training) -> None:
    context = week_context(steady)
    assert what_is_new(insight(context), context, PLAIN) == ""


def test_a_quiet_day_later_is_not(athlete: Athlete) -> None:
    """A rest day moves every number a little."""
    before = athlete(*[WEEK] * 20)
    after = dataclasses.replace(
        athlete(*[WEEK] * 20, (0,)), last_day=before.last_day + timedelta(days=1), history_days=141
    )
    shifted = dataclasses.replace(
        after,
        series={
            role: one.model_copy(update={"first_day": one.first_day + timedelta(days=1)})
            for role, one in after.series.items()
        },
        sessions=before.sessions,
    )
    assert what_is_new(insight(week_context(before)), week_context(shifted), PLAIN) in {
        "",
        "other rules hold",
    }


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ([*[WEEK] * 19, (0, 60, 0, 80, 0, 120, 80)], "the load has changed"),
        ([*[WEEK] * 19, (0, 120, 0, 160, 0, 240, 80)], "other rules hold"),
    ],
)
def test_what_is_new_is_told(steady: Training, athlete: Athlete, later: list[list[float]], why: str) -> None:
    assert what_is_new(insight(week_context(steady)), week_context(athlete(*later)), PLAIN) == why


def test_another_way_of_reading_is_worth_it(steady: Training) -> None:
    former = insight(week_context(steady))
    german = Style(language=Language.GERMAN)
    assert what_is_new(former, week_context(steady), german) == "the athlete wants to read otherwise"


def test_a_week_later_the_same_is_worth_saying_again(steady: Training) -> None:
    context = week_context(steady)
    former = insight(context).model_copy(update={"last_day": context.last_day - timedelta(days=7)})
    same = former.model_copy(
        update={"facts": tuple(fact for fact in former.facts if fact.id != "days_since_last")}
    )
    assert what_is_new(same, context, PLAIN)


def test_each_recent_session_gets_its_own_and_older_ones_wait_to_be_asked_for(steady: Training) -> None:
    written: dict[Subject, Insight] = {}

    def former(subject: Subject) -> Insight | None:
        return written.get(subject)

    kinds = [InsightKind.WEEK, InsightKind.ACTIVITY]
    subjects = list(worth_writing(steady, kinds, PLAIN, former))
    assert subjects[0] == Subject(InsightKind.WEEK)
    recent = [session.key for session in steady.last(7)]
    assert [subject.key for subject in subjects[1:]] == recent[::-1], "the newest first"
    for subject in subjects:
        context = build_context(steady, subject)
        assert context is not None
        written[subject] = insight(context)
    assert list(worth_writing(steady, kinds, PLAIN, former)) == []
