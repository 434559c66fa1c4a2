"""Weeks, months and years; any plugin's metrics in them; and what comes without training."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest

from tests.conftest import NOW
from tests.fakes.metrics import metric
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.processing.periods import By
from training_analyzer.registry.registry import Registry
from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Combination,
    DailyInput,
    DailyMetrics,
    DailySeries,
    Distribution,
    Measurement,
    PeriodInput,
    PeriodMetrics,
    Shape,
)

TODAY = NOW.date()  # a Monday
WORK = metric("other.work").model_copy(update={"combination": Combination.SUM, "unit": "kJ"})
RATE = metric("other.rate").model_copy(update={"combination": Combination.MEAN, "unit": "bpm"})
PEAK = metric("other.peak").model_copy(update={"combination": Combination.HIGHEST, "unit": "W"})
ZONES = metric("other.zones").model_copy(update={"combination": Combination.SUM, "shape": Shape.DISTRIBUTION})
RATIO = metric("other.ratio")
SHARE = metric("other.share")
THREE = {"another's", "own"}
"""Titles of activities with three zones, by the method of that name."""
FRESH = metric("other.fresh").model_copy(update={"window_days": 4})


class Others(ActivityMetrics):
    """Of a plugin that is none of ours."""

    metrics = (WORK, RATE, PEAK, ZONES, RATIO)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        minutes = given.activity.moving_s / 60
        yield Measurement(key=WORK.key, value=10 * minutes, estimated=given.samples is None)
        yield Measurement(key=RATE.key, value=100 + minutes)
        yield Measurement(key=PEAK.key, value=1000 - minutes)
        bounds = (120,) if given.activity.title != "drawn anew" else (130,)
        if given.activity.title in THREE:
            zones, method = (
                Distribution(bounds=(100, 130), seconds=(5, 60 * minutes, 30)),
                given.activity.title,
            )
        else:
            zones, method = Distribution(bounds=bounds, seconds=(60 * minutes, 30)), "own"
        yield Measurement(key=ZONES.key, value=zones, method=method)
        yield Measurement(key=RATIO.key, value=1.0)


class Share(PeriodMetrics):
    metrics = (SHARE,)
    needs = frozenset({WORK.key, ZONES.key})

    def measure(self, given: PeriodInput) -> Iterable[Measurement]:
        work, zones = given.known.get(WORK.key), given.known.get(ZONES.key)
        if work is None or zones is None:
            yield Measurement(key=SHARE.key, reason="no_work")
        else:
            assert isinstance(zones.value, Distribution)
            yield Measurement(key=SHARE.key, value=float(str(work.value)) / sum(zones.value.seconds))


class Failing(PeriodMetrics):
    metrics = (metric("failing.share"),)

    def measure(self, given: PeriodInput) -> Iterable[Measurement]:
        raise ZeroDivisionError("by design")


class Freshness(DailyMetrics):
    """Not stored: three days after training, it is above zero."""

    metrics = (FRESH,)
    needs = frozenset({"fake.load"})
    stored = False

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        trained = np.flatnonzero(given.activities)
        since = np.array([day - trained[trained <= day].max() for day in range(given.days)], dtype=float)
        yield DailySeries(key=FRESH.key, first_day=given.first_day, values=since - 3, method="counting")


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(
        FakeProvider(service),
        activity_metrics=[Others()],
        daily_metrics=[Freshness()],
        period_metrics=[Share(), Failing()],
    )


@pytest.fixture
def trained(service: FakeService, connect: Callable[[], UUID], work_off: Callable[[], int]) -> FakeService:
    """This Monday an hour; last week 30 minutes on Monday and 90 on Sunday; a run on Saturday."""
    service.add(0.1, NOW, minutes=60)
    service.add(1, NOW, minutes=90, has_streams=False)
    service.add(2, NOW, minutes=40, sport="run")
    service.add(7, NOW, minutes=30)
    connect()
    work_off()
    return service


def periods(client: httpx.Client, **query: str) -> list[dict[str, Any]]:
    answer = client.get(
        "/periods", params={"metrics": "other.work,other.rate,other.peak,other.zones", **query}
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_weeks_come_with_their_sports_and_what_they_add_up_to(
    ann: httpx.Client, trained: FakeService
) -> None:
    found = periods(ann, **{"from": str(TODAY - timedelta(days=7))})
    assert [(one["totals"]["first"], one["sport"], one["is_over"]) for one in found] == [
        (str(TODAY - timedelta(days=7)), None, True),
        (str(TODAY - timedelta(days=7)), "ride", True),
        (str(TODAY - timedelta(days=7)), "run", True),
        (str(TODAY), None, False),
        (str(TODAY), "ride", False),
    ]
    week = found[0]
    assert (week["totals"]["activities"], week["totals"]["moving_s"]) == (3, 160 * 60)
    assert (week["totals"]["distance_m"], week["totals"]["unsound"]) == (2 * 160 * 60, 0)
    assert week["totals"]["ascent_m"] is None, "nobody says how much was climbed"
    assert week["before"]["ascent_m"] == week["before"]["distance_m"] == 0, "nobody went anywhere"
    values = week["metrics"]
    assert (values["other.work"]["value"], values["other.work"]["activities"]) == (1600, 3)
    assert values["other.work"]["estimated_share"] == 900 / 1600
    assert values["other.rate"]["value"] == pytest.approx(100 + (90**2 + 40**2 + 30**2) / 160)
    assert values["other.peak"]["value"] == 970
    assert values["other.zones"]["value"] == {
        "method": "own",
        "bounds": [120],
        "seconds": [160 * 60, 90],
    }
    assert week["derived"]["other.share"]["value"] == pytest.approx(1600 / (160 * 60 + 90))
    assert "failing.share" not in week["derived"]


def test_what_cannot_be_true_is_left_out_of_the_sums_and_counted(
    ann: httpx.Client,
    trained: FakeService,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    """101 km in 40 minutes; and a clock that was set by three weeks."""
    service.add(3, NOW, minutes=40, title="far")
    service.add(5, NOW, minutes=21 * 24 * 60, has_streams=False)
    connect()
    work_off()
    week = periods(ann, **{"from": str(TODAY - timedelta(days=7))})[0]
    assert (week["totals"]["activities"], week["totals"]["unsound"]) == (5, 2)
    assert week["totals"]["moving_s"] == week["totals"]["elapsed_s"] == (160 + 40) * 60
    assert week["totals"]["distance_m"] == pytest.approx(2 * 160 * 60 + 2 * 21 * 86_400)
    assert week["metrics"]["other.rate"]["value"] == pytest.approx(
        100 + (90**2 + 40**2 + 30**2 + 40**2) / 200
    )


def test_half_a_week_is_held_against_half_a_week(ann: httpx.Client, trained: FakeService) -> None:
    this_week = periods(ann, **{"from": str(TODAY)})[0]
    assert (this_week["before"]["first"], this_week["before"]["last"]) == (
        str(TODAY - timedelta(days=7)),
    ) * 2
    assert this_week["before"]["activities"] == 1
    assert this_week["metrics"]["other.work"]["change"] == 600 - 300
    last_week = periods(ann, to=str(TODAY - timedelta(days=1)), **{"from": str(TODAY - timedelta(days=1))})[0]
    assert last_week["before"]["activities"] == 0
    assert last_week["metrics"]["other.work"]["change"] is None


def test_one_sport_months_and_any_stretch_of_days(ann: httpx.Client, trained: FakeService) -> None:
    (run,) = periods(ann, sport="run", **{"from": str(TODAY - timedelta(days=7))})
    assert run["metrics"]["other.work"]["value"] == 400
    months = [one for one in periods(ann, by="month") if one["sport"] is None]
    assert [one["totals"]["first"] for one in months] == [
        "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01",
    ]  # fmt: skip
    assert months[0]["metrics"] == {}
    assert months[0]["derived"]["other.share"] == {"value": None, "reason": "no_work"}
    stretch = periods(ann, by="all", **{"from": str(TODAY - timedelta(days=1))})[0]
    assert (stretch["totals"]["activities"], stretch["before"]["activities"]) == (2, 1)
    assert (stretch["before"]["first"], stretch["before"]["last"]) == (
        str(TODAY - timedelta(days=3)),
        str(TODAY - timedelta(days=2)),
    )
    assert len(periods(ann, by="year")) >= 2


def test_zones_drawn_in_two_ways_have_no_common_bounds(
    ann: httpx.Client,
    trained: FakeService,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(3, NOW, minutes=10, title="drawn anew")
    connect()
    work_off()
    week = periods(ann, **{"from": str(TODAY - timedelta(days=7))})[0]
    assert week["metrics"]["other.zones"]["value"] == {
        "method": "own",
        "bounds": None,
        "seconds": [170 * 60, 120],
    }


def test_zones_that_are_numbered_otherwise_are_not_added_up(
    ann: httpx.Client,
    trained: FakeService,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    def zones() -> dict[str, Any]:
        week = periods(ann, **{"from": str(TODAY - timedelta(days=7)), "to": str(TODAY - timedelta(days=1))})
        return dict(week[0]["metrics"]["other.zones"])

    service.add(3, NOW, minutes=10, title="another's")
    service.add(4, NOW, minutes=20, title="own")  # as many as another's, by the same method as the rest
    connect()
    work_off()
    found = zones()
    assert (found["value"]["method"], found["value"]["seconds"]) == ("own", [160 * 60, 90])
    assert found["activities"] == 3
    service.add(5, NOW, minutes=600, title="another's")
    connect()
    work_off()
    found = zones()
    assert (found["value"]["method"], found["value"]["seconds"]) == ("another's", [10, 610 * 60, 60])
    assert found["activities"] == 2


def test_how_much_is_known_and_estimated_is_told(ann: httpx.Client, trained: FakeService) -> None:
    answer = ann.get("/periods").json()
    assert (answer["history_days"], answer["estimated_share"]) == (8, pytest.approx(90 / 220))


def test_wrong_periods_say_what_is_wrong(ann: httpx.Client, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict[str, str], str]] = [
        ({"metrics": "other.ratio"}, "no `combination`"),
        ({"metrics": "other.wrk"}, "Did you mean other.work?"),
        ({"metrics": ","}, "one to 50"),
        ({"from": "2026-06-16", "to": "2026-06-15"}, "is later than"),
        ({"from": "1990-01-01"}, "160 periods at most"),
        ({"from": "0001-01-01"}, "160 periods at most"),
        ({"to": "9999-12-31"}, "Nobody trained then"),
        ({"to": "0001-01-01"}, "Nobody trained then"),
        ({"by": "all", "from": "0001-01-01"}, "not as many days before"),
        ({"by": "decade"}, "#/by"),
    ]
    for query, said in cases:
        with subtests.test(str(query)):
            refused = ann.get("/periods", params=query)
            assert refused.status_code == 422
            assert said in refused.json()["detail"]


def test_a_plugin_s_metrics_are_listed_and_made_when_asked(ann: httpx.Client, trained: FakeService) -> None:
    of = {one["key"]: one["of"] for one in ann.get("/metrics").json()["items"]}
    assert (of["other.work"], of["other.fresh"], of["other.share"]) == ("activity", "day", "period")
    query = {"metrics": "other.fresh,fake.daily_load", "from": str(TODAY - timedelta(days=1))}
    series = ann.get("/days", params=query).json()["series"]
    assert series["other.fresh"] == {
        "values": [-3, -3],
        "estimated": [0, 0],
        "absent": [None, None],
        "method": "counting",
        "version": 1,
        "warmed_up_on": str(TODAY - timedelta(days=4)),
    }
    assert series["fake.daily_load"]["values"] == [90, 60]
    assert (
        ann.get("/days", params={"metrics": "other.fresh", "to": "2020-01-01"}).json()["series"][
            "other.fresh"
        ]["values"]
        == [None] * 42
    )


def test_without_training_form_turns(ann: httpx.Client, bob: httpx.Client, trained: FakeService) -> None:
    query = {"metrics": "other.fresh,fake.fitness", "days": "5"}
    answer = ann.get("/days/projection", params=query).json()
    assert answer["days"][0] == str(TODAY)
    assert answer["series"]["other.fresh"]["values"] == [-3, -2, -1, 0, 1, 2]
    assert answer["series"]["other.fresh"]["positive_from"] == str(TODAY + timedelta(days=4))
    assert answer["series"]["fake.fitness"]["values"] == [220] * 6
    assert answer["series"]["fake.fitness"]["positive_from"] is None
    assert answer["series"]["fake.fitness"]["warmed_up_on"] == str(TODAY - timedelta(days=7 - 41))
    nothing = bob.get("/days/projection", params=query).json()
    assert nothing["series"]["other.fresh"]["values"] == [None] * 6


def test_time_is_divided_as_calendars_do() -> None:
    day = date(2024, 2, 29)
    assert [(by.around(day).first, by.around(day).last) for by in By] == [
        (date(2024, 2, 26), date(2024, 3, 3)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), date(2024, 12, 31)),
    ]
    weeks = By.WEEK.divide(date(2023, 12, 31), date(2024, 1, 8))
    assert [span.first for span in weeks] == [date(2023, 12, 25), date(2024, 1, 1), date(2024, 1, 8)]
