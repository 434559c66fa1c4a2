"""Rules keep quiet where what they say is not so."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.analysis.contexts import Subject, build_context
from training_analyzer.analysis.training import Training
from training_analyzer.domain.insight import Context, InsightKind
from training_analyzer.domain.metric import DailySeries

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)
NOTHING = (0,) * 7
EVERY_DAY = (60, 60, 60, 80, 60, 120, 40)


def context_of(given: Training, kind: InsightKind) -> Context:
    key = given.sessions[-1].key if kind is InsightKind.ACTIVITY else ""
    context = build_context(given, Subject(kind, key))
    assert context is not None
    return context


@pytest.mark.parametrize(
    ("kind", "weeks", "unsaid"),
    [
        # A ride ten days ago, and none since: nobody is back.
        ("week", [WEEK] * 18 + [NOTHING] * 2 + [(0, 0, 0, 60, 0, 0, 0), NOTHING], "returning"),
        # Days off after ordinary training are no taper.
        ("week", [EVERY_DAY] * 28 + [(60, 60, 60, 80, 60, 0, 0)], "taper"),
        ("state", [EVERY_DAY] * 28 + [(60, 60, 60, 80, 0, 0, 0)], "state_tapered"),
        ("month", [WEEK] * 28 + [(0, 60, 0, 0, 0, 0, 0)], "month_freshened"),
        ("week", [WEEK] * 28 + [(60, 30, 50, 0, 0, 0, 0)], "taper"),
        ("state", [WEEK] * 28 + [(60, 30, 50, 0, 0, 0, 0)], "state_tapered"),
        ("month", [WEEK] * 18 + [NOTHING] * 2, "month_freshened"),
        # "Never more than 0 days off in a row."
        ("month", [EVERY_DAY] * 15 + [(40, 40, 40, 50, 40, 80, 30)] + [EVERY_DAY] * 2, "month_consistent"),
        # Even days, and hardly more of them than always.
        ("week", [(50, 54, 46, 50, 50, 50, 52)] * 18 + [(51, 55, 47, 51, 51, 51, 53)], "monotonous"),
    ],
)
def test_what_is_not_so_is_not_said(
    athlete: Athlete, kind: str, weeks: list[tuple[float, ...]], unsaid: str
) -> None:
    said = [rule.id for rule in context_of(athlete(*weeks), InsightKind(kind)).rules]
    assert said
    assert unsaid not in said


def test_who_has_no_loads_is_not_told_of_little_training(athlete: Athlete) -> None:
    plain = athlete(*[WEEK] * 20)
    given = dataclasses.replace(
        plain,
        sessions=[dataclasses.replace(session, load=None) for session in plain.sessions],
        series={role: _nothing(series) for role, series in plain.series.items()},
    )
    said = {
        kind: [rule.id for rule in context_of(given, kind).rules]
        for kind in (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH)
    }
    assert said[InsightKind.WEEK] == ["week_without_load"]
    assert said[InsightKind.STATE] == ["state_unknown"]
    assert said[InsightKind.MONTH][0] == "month_without_load"


def _nothing(series: DailySeries) -> DailySeries:
    return series.model_copy(update={"values": np.zeros_like(series.values)})


def test_a_long_ride_of_every_week_is_nothing_new(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 20)
    weekly = max(given.sessions, key=lambda session: (session.load or 0, session.local_date))
    context = build_context(given, Subject(InsightKind.ACTIVITY, weekly.key))
    assert context is not None
    assert [rule.id for rule in context.rules] == ["session_long_as_often"]


def test_sessions_without_a_load_are_not_lighter(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 20)
    last = given.sessions[-1]
    sessions = [
        one if one is last or one.load != last.load else dataclasses.replace(one, load=None)
        for one in given.sessions
    ]
    known, unknown = (
        {fact.id: fact.value for fact in context_of(some, InsightKind.ACTIVITY).facts}
        for some in (given, dataclasses.replace(given, sessions=sessions))
    )
    assert known["session_lighter_share"] == unknown["session_lighter_share"] == 0
