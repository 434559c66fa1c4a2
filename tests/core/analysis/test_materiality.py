"""A new insight is written where there is something new to say, and not otherwise."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.trainings import LAST_DAY, RIDER, Made, known_on, training
from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.explaining import worth_writing
from training_analyzer.analysis.facts.month import TWO_MONTHS_DAYS
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.gathering import KEPT_DAYS
from training_analyzer.analysis.materiality import what_is_new
from training_analyzer.analysis.permission import Permission, permitted_context
from training_analyzer.analysis.training import COMPARED_DAYS, Training
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Context, Fact, Insight, InsightKind
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


def looked_again(written_from: Training, now: Training, kind: InsightKind) -> bool:
    """Return whether a new one is worth it, where the last was written from `written_from`."""
    context = build_context(written_from, Subject(kind))
    assert context is not None
    return bool(list(worth_writing(now, [kind], PLAIN, lambda _: insight(context))))


RIDES = training([RIDER] * 30, seed=5)
SATURDAY = LAST_DAY - timedelta(days=1)
KINDS = (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH)


@pytest.mark.parametrize("kind", KINDS)
def test_another_day_of_the_same_training_is_not(kind: InsightKind) -> None:
    assert not looked_again(RIDES.until(SATURDAY), RIDES, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("days_later", [0, 1])
def test_a_ride_that_is_gone_is_worth_it(kind: InsightKind, days_later: int) -> None:
    """Also a day later, and though it was small: the sentences speak of a session too many."""
    small = dataclasses.replace(RIDES.sessions[-3], load=1.0, moving_s=300.0, key="small")
    more = dataclasses.replace(RIDES, sessions=[*RIDES.sessions[:-2], small, *RIDES.sessions[-2:]])
    with_it = known_on(more, LAST_DAY, until=LAST_DAY)
    then = with_it.until(LAST_DAY - timedelta(days=days_later))
    assert looked_again(then, RIDES, kind)
    assert not looked_again(then, with_it, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_ride_that_is_gone_with_its_day_is_worth_it(kind: InsightKind) -> None:
    without = known_on(RIDES, LAST_DAY, until=SATURDAY).without_empty_last_day()
    assert without.last_day == SATURDAY
    assert looked_again(RIDES, without, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_loads_that_are_others_are_worth_it_a_day_later(kind: InsightKind) -> None:
    """A corrected threshold changes all of them, so that no change beside the usual tells of it."""
    corrected = [dataclasses.replace(one, load=0.7 * (one.load or 0)) for one in RIDES.sessions]
    now = known_on(dataclasses.replace(RIDES, sessions=corrected), LAST_DAY, until=LAST_DAY)
    assert looked_again(RIDES.until(SATURDAY), now, kind)


@pytest.mark.parametrize("kind", [InsightKind.WEEK, InsightKind.MONTH])
def test_what_a_model_wrote_of_a_part_is_held_against_that_part(kind: InsightKind) -> None:
    mixed = training([RIDER] * 30, Made(denied=lambda ago: ago % 30 == 3), seed=5)
    permitted = permitted_context(mixed.until(SATURDAY), Subject(kind)).context
    assert permitted is not None
    written = insight(permitted)
    assert any(fact.id == "load_covered" for fact in written.facts)
    assert not list(worth_writing(mixed, [kind], PLAIN, lambda _: written))


@pytest.mark.parametrize(
    ("fact_id", "unit", "before", "now", "moved"),
    [
        ("form", "", -4.0, 3.0, False),
        ("form", "", -5.0, 5.0, True),
        ("fitness", "", 60.0, 57.5, False),
        ("fitness", "", 60.0, 56.9, True),
        ("fitness", "", 6.0, 8.5, False),
        ("load_week", "", 400.0, 480.0, False),
        ("load_week", "", 400.0, 510.0, True),
        ("load_change", "%", 51.0, 58.0, False),
        ("load_change", "%", 51.0, 65.0, True),
        ("fitness_change", "points", 8.2, 11.4, True),
        ("days_since_last", "days", 28.0, 31.0, False),
        ("best_power_20min", "W", 270.0, 272.0, True),
        ("best_power_20min_before", "W", 260.0, 262.0, False),
    ],
)
def test_what_is_spoken_of_has_to_move(
    steady: Training, fact_id: str, unit: str, before: float, now: float, moved: bool
) -> None:
    context = week_context(steady)
    spoken = tuple(rule.model_copy(update={"facts": (fact_id,)}) for rule in context.rules)

    def saying(value: float) -> Context:
        fact = Fact(id=fact_id, label=fact_id, value=value, unit=unit)
        return context.model_copy(update={"facts": (fact,), "rules": spoken})

    assert what_is_new(insight(context), context, PLAIN) == ""
    yesterday = context.last_day - timedelta(days=1)
    former = insight(context).model_copy(
        update={"facts": saying(before).facts, "rules": spoken, "last_day": yesterday}
    )
    assert (what_is_new(former, saying(now), PLAIN) == "the numbers have moved") is moved
    silent = saying(now).model_copy(
        update={"rules": tuple(rule.model_copy(update={"facts": ()}) for rule in spoken)}
    )
    assert what_is_new(former, silent, PLAIN) == "", "nobody spoke of it"


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


ALL_KINDS = (*KINDS, InsightKind.ACTIVITY)


def at_rest(days: int) -> Training:
    """Return what is known so many days after the last ride."""
    day = LAST_DAY + timedelta(days=days)
    now = known_on(RIDES, day, until=day)
    if days <= KEPT_DAYS:
        return now
    return dataclasses.replace(now, sessions=[], last_before=RIDES.sessions[-1].local_date)


def written_over(days: range, written: dict[Subject, Insight]) -> list[tuple[int, InsightKind]]:
    """Look on each of these days after the last ride, and write what is worth it."""
    found = []
    for day in days:
        now = at_rest(day)
        for subject in list(worth_writing(now, ALL_KINDS, PLAIN, written.get)):
            context = build_context(now, subject)
            assert context is not None
            written[subject] = insight(context)
            found.append((day, subject.kind))
    return found


def test_who_does_not_train_reads_so_once_of_each_kind_that_said_otherwise() -> None:
    written: dict[Subject, Insight] = {}
    written_over(range(COMPARED_DAYS), written)
    since = written_over(range(COMPARED_DAYS, 460), written)
    assert sorted(kind for day, kind in since if day >= TWO_MONTHS_DAYS) in ([], [InsightKind.MONTH])
    assert max(day for day, _ in since) < TWO_MONTHS_DAYS + 7
    assert [kind for _, kind in since].count(InsightKind.WEEK) == 1
    assert [kind for _, kind in since].count(InsightKind.STATE) == 1
    for kind in KINDS:
        coverage = written[Subject(kind)].coverage
        assert coverage is not None
        assert coverage.activities == 0


def test_who_comes_with_old_files_reads_once_that_they_are_old() -> None:
    written: dict[Subject, Insight] = {}
    assert written_over(range(1800, 1830), written) == [(1800, InsightKind.WEEK)]
    (only,) = written.values()
    assert (only.headline, only.rules[0].id) == ("No training for a while", "long_inactive")
    assert "1,800 days have passed" in only.observations[0].text


def test_an_old_file_that_is_less_old_is_news() -> None:
    written: dict[Subject, Insight] = {}
    written_over(range(1800, 1801), written)
    newer = dataclasses.replace(at_rest(1801), last_before=LAST_DAY + timedelta(days=900))
    assert list(worth_writing(newer, KINDS, PLAIN, written.get)) == [Subject(InsightKind.WEEK)]


def test_the_first_ride_after_a_long_time_is_news() -> None:
    written: dict[Subject, Insight] = {}
    written_over(range(90, 91), written)
    day = LAST_DAY + timedelta(days=91)
    ride = dataclasses.replace(RIDES.sessions[-1], local_date=day, key="again")
    back = known_on(dataclasses.replace(RIDES, sessions=[*RIDES.sessions, ride]), day, until=day)
    kinds = [subject.kind for subject in worth_writing(back, ALL_KINDS, PLAIN, written.get)]
    assert kinds == list(ALL_KINDS)
