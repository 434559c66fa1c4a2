"""The door to AI backends: nothing passes that rests on a forbidden recording."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from tests.fakes.trainings import RIDER, RUNNER, Made, Week, series_of, training
from training_analyzer.analysis.contexts import Subject, week_context
from training_analyzer.analysis.draft import rules_draft, with_coverage
from training_analyzer.analysis.permission import permitted_context
from training_analyzer.analysis.prompts import build_prompt
from training_analyzer.analysis.rendering import by_id, render
from training_analyzer.analysis.training import Best, Measure, Role, Session, Training
from training_analyzer.domain.insight import InsightKind

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)
QUESTION = "How are my fitness, my load, my records, my zones and my long rides?"


def test_everything_passes_where_everything_is_permitted(steady: Training) -> None:
    permission = permitted_context(steady)
    assert permission.context == week_context(steady)
    assert permission.reason == ""


def test_the_reason_says_what_is_permitted(athlete: Athlete) -> None:
    permission = permitted_context(athlete(*[WEEK] * 5, denied=4))
    assert permission.context is None
    assert "16 of 20 activities (80 % of the load, 80 % of the time)" in permission.reason


def test_an_old_recording_taints_fitness_and_fatigue(athlete: Athlete) -> None:
    """It is outside of what is looked at, but fitness remembers it."""
    given = dataclasses.replace(athlete(*[WEEK] * 20), older_denied=1)
    permission = permitted_context(given)
    assert permission.context is None
    assert "1 activity whose terms do not permit AI" in permission.reason


def test_where_little_is_forbidden_the_rest_speaks_and_says_so(athlete: Athlete) -> None:
    plain = athlete(*[WEEK] * 20)
    sessions = [
        dataclasses.replace(session, ai_permitted=place not in {77, 78})
        for place, session in enumerate(plain.sessions)
    ]
    given = dataclasses.replace(plain, sessions=sessions)
    permitted = [session for session in sessions if session.ai_permitted]
    series = series_of(permitted, given.series[Role.LOAD].first_day, given.history_days)
    permission = permitted_context(dataclasses.replace(given, permitted_series=series))
    assert permission.context is not None
    facts = {fact.id: fact for fact in permission.context.facts}
    assert facts["load_week"].value == pytest.approx(100)
    assert facts["fitness"].value < {fact.id: fact for fact in week_context(given).facts}["fitness"].value
    assert permission.context.coverage.activities_covered == permission.context.coverage.activities - 2
    assert 0.9 <= permission.context.coverage.load_share < 1
    assert "partly_covered" in [rule.id for rule in permission.context.rules]


@pytest.mark.parametrize("kind", [InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH])
def test_where_the_whole_asks_to_ease_off_and_the_rest_does_not_nothing_passes(
    athlete: Athlete, kind: InsightKind
) -> None:
    given = athlete(*[WEEK] * 20, (0, 60, 0, 80, 0, 120, 290), denied=1)
    permitted = [session for session in given.sessions if session.ai_permitted]
    series = series_of(permitted, given.series[Role.LOAD].first_day, given.history_days)
    permission = permitted_context(dataclasses.replace(given, permitted_series=series), Subject(kind))
    assert permission.context is None
    assert "changes the advice of the day" in permission.reason


def test_a_session_too_says_in_words_what_its_insight_leaves_out(athlete: Athlete) -> None:
    plain = athlete(*[WEEK] * 20)
    sessions = [
        dataclasses.replace(session, ai_permitted=place != len(plain.sessions) - 5)
        for place, session in enumerate(plain.sessions)
    ]
    given = dataclasses.replace(plain, sessions=sessions, permitted_series=plain.series)
    context = permitted_context(given, Subject(InsightKind.ACTIVITY, sessions[-1].key)).context
    assert context is not None
    draft = rules_draft(context).model_copy(update={"caveats": ()})
    (caveat,) = with_coverage(draft, context).caveats
    assert render(caveat, by_id(context.facts)).startswith(
        "Of 72 sessions, this covers 71, with 99% of the load"
    )
    assert "covered" not in build_prompt(context).facts, "no model is told"


def test_below_nine_tenths_of_the_load_nothing_passes(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 20, denied=12)
    permission = permitted_context(dataclasses.replace(given, permitted_series=given.series))
    assert permission.context is None
    assert "60 of 72 activities (83 % of the load, 83 % of the time)" in permission.reason


def test_sessions_without_a_load_count_by_their_time(athlete: Athlete) -> None:
    plain = athlete(*[WEEK] * 20)
    sessions = [
        dataclasses.replace(session, ai_permitted=bool(place % 2), load=session.load if place % 2 else None)
        for place, session in enumerate(plain.sessions)
    ]
    permission = permitted_context(
        dataclasses.replace(plain, sessions=sessions, permitted_series=plain.series)
    )
    assert permission.context is None
    assert "36 of 72 activities (100 % of the load" in permission.reason


@pytest.mark.parametrize("denied", [1, 52])
def test_sessions_without_any_load_or_time_do_not_pass_for_all(athlete: Athlete, denied: int) -> None:
    plain = athlete(*[WEEK] * 13)
    sessions = [
        dataclasses.replace(session, ai_permitted=place >= denied, load=None, moving_s=0.0)
        for place, session in enumerate(plain.sessions)
    ]
    given = dataclasses.replace(plain, sessions=sessions, permitted_series=plain.series)
    permission = permitted_context(given)
    assert permission.context is None
    assert f"{52 - denied} of 52 activities (0 % of the time)" in permission.reason


@pytest.mark.parametrize("week", [RIDER, RUNNER], ids=["rider", "runner"])
def test_a_last_day_of_denied_sessions_alone_does_not_pass_for_rest(week: Week) -> None:
    """It may not be over: what is left would say that load fell and that form is fresh."""
    given = training([week] * 30, Made(denied=lambda ago: ago == 0))
    for kind in (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH, InsightKind.QUESTION):
        permission = permitted_context(given, Subject(kind, question=QUESTION))
        assert permission.context is None
        assert "day of rest" in permission.reason
    earlier = [session.key for session in given.sessions if session.ai_permitted][-1]
    assert permitted_context(given, Subject(InsightKind.ACTIVITY, earlier)).context is not None


def test_a_last_day_of_which_some_is_permitted_passes() -> None:
    given = training([RIDER] * 30)
    more = dataclasses.replace(given.sessions[-1], ai_permitted=False, key="another")
    with_another = dataclasses.replace(given, sessions=[*given.sessions, more])
    assert permitted_context(with_another).context is not None


def test_a_threshold_from_denied_data_lets_nothing_pass(steady: Training) -> None:
    """Every load and zone would rest on it."""
    borrowed = {"functional_threshold_power_w": "strava"}
    permission = permitted_context(dataclasses.replace(steady, denied_thresholds=borrowed))
    assert permission.context is None
    assert "functional_threshold_power_w" in permission.reason
    assert "strava" in permission.reason


def test_next_to_everything_is_not_called_everything(athlete: Athlete) -> None:
    plain = athlete(*[WEEK] * 20)
    sessions = [
        *plain.sessions[:-6],
        dataclasses.replace(plain.sessions[-6], ai_permitted=False, load=0.01, moving_s=60),
        *plain.sessions[-5:],
    ]
    given = dataclasses.replace(plain, sessions=sessions, permitted_series=plain.series)
    context = permitted_context(given).context
    assert context is not None
    assert {fact.id: fact.value for fact in context.facts}["load_covered"] == 99


@settings(max_examples=100, deadline=None)
@generated(
    weeks=st.integers(1, 20),
    denied=st.lists(st.booleans(), min_size=80, max_size=80),
    kind=st.sampled_from(list(InsightKind)),
    factor=st.sampled_from([0.3, 0.97, 1.07, 4.0]),
    unloaded=st.booleans(),
)
def test_no_number_of_a_denied_source_ever_passes(
    weeks: int,
    denied: list[bool],
    kind: InsightKind,
    factor: float,
    unloaded: bool,
    module_athlete: Athlete,
) -> None:
    """Whatever is known of denied sessions may be anything: not a letter of the prompt depends on it."""
    plain = module_athlete(*[WEEK] * weeks)
    contexts = []
    for by in (1.0, factor):
        sessions = [
            _known_otherwise(session, by, unloaded=unloaded) if denied[place] else session
            for place, session in enumerate(plain.sessions)
        ]
        first_day = plain.series[Role.LOAD].first_day
        permitted = [session for session in sessions if session.ai_permitted]
        given = dataclasses.replace(
            plain,
            sessions=sessions,
            series=series_of(sessions, first_day, plain.history_days),
            permitted_series=series_of(permitted, first_day, plain.history_days),
        )
        last = sessions[-1].key if kind is InsightKind.ACTIVITY else ""
        asked = QUESTION if kind is InsightKind.QUESTION else ""
        contexts.append(permitted_context(given, Subject(kind, last, asked)).context)
    one, other = contexts
    if one is None or other is None:
        return
    assert build_prompt(one).facts == build_prompt(other).facts


def _known_otherwise(session: Session, by: float, *, unloaded: bool) -> Session:
    """Return a denied session whose every number is another."""
    return dataclasses.replace(
        session,
        ai_permitted=False,
        load=None if unloaded and by != 1 else (session.load or 0) * by,
        estimated=by > 1,
        moving_s=session.moving_s * by,
        distance_m=(session.distance_m or 0) * by,
        ascent_m=100 * by,
        measures=dict.fromkeys(Measure, 500 * by),
        bests=dict.fromkeys(Best, 300 * by),
        has_readings=by == 1,
    )


@settings(max_examples=40, deadline=None)
@generated(weeks=st.integers(1, 8), denied=st.integers(0, 40), older=st.integers(0, 3))
def test_without_series_of_the_permitted_nothing_forbidden_passes(
    weeks: int, denied: int, older: int, module_athlete: Athlete
) -> None:
    given = module_athlete(*[WEEK] * weeks, denied=denied, older_denied=older)
    permission = permitted_context(given)
    assert (permission.context is None) == (denied > 0 or older > 0)
    assert bool(permission.reason) == (permission.context is None)
