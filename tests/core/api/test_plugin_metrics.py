"""A stranger's metrics of every shape appear where ours do: in the list, in activities, in days, in the reference."""

from collections.abc import Callable, Iterable
from typing import ClassVar
from uuid import UUID

import httpx
import numpy as np
import pytest

from tests.conftest import NOW
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.registry import Registry
from training_analyzer.registry.reference import pages
from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Combination,
    Curve,
    DailyInput,
    DailyMetrics,
    DailySeries,
    Distribution,
    Measurement,
    Metric,
    MetricKey,
    Shape,
)


def metric(name: str, **more: object) -> Metric:
    known = {
        "key": f"stranger.{name}",
        "title": name.title(),
        "unit": "",
        "explanation": "A number of a stranger's.",
        "formula": "x | y",
        "source": "a stranger",
    }
    return Metric.model_validate(known | more)


NUMBER = metric(
    "number",
    combination=Combination.SUM,
    edge_cases=("Absent on Sundays.",),
    elsewhere={"Another": "twice as much", "Strava": "half as much"},
)
CURVE = metric("curve", shape=Shape.CURVE, combination=Combination.HIGHEST)
ZONES = metric("zones", shape=Shape.DISTRIBUTION)
SUMMED = metric("summed")


class OfActivities(ActivityMetrics):
    family: ClassVar[str] = "A stranger's own"
    metrics: ClassVar[tuple[Metric, ...]] = (NUMBER, CURVE, ZONES)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({"fake.load"})
    version: ClassVar[int] = 3

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        load = given.known["fake.load"].value
        assert isinstance(load, float)
        yield Measurement(key=NUMBER.key, value=2 * load, method="doubled")
        curve = Curve(seconds=(1, 60), values=(300.5, 250), starts_s=(10, 20))
        yield Measurement(key=CURVE.key, value=curve, method="drawn")
        yield Measurement(key=ZONES.key, value=Distribution(bounds=(100,), seconds=(30, 40)), method="parted")


class OfDays(DailyMetrics):
    metrics: ClassVar[tuple[Metric, ...]] = (SUMMED,)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({NUMBER.key})

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        yield DailySeries(
            key=SUMMED.key, first_day=given.first_day, values=np.cumsum(given.totals[NUMBER.key])
        )


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service), activity_metrics=(OfActivities(),), daily_metrics=(OfDays(),))


@pytest.fixture
def measured(
    service: FakeService, connect: Callable[[], UUID], work_off: Callable[[], int], ann: httpx.Client
) -> httpx.Client:
    connect()
    for days_ago in (0, 1, 2):
        service.add(days_ago, NOW)
    work_off()
    return ann


def test_they_are_listed_with_all_that_they_say_of_themselves(ann: httpx.Client) -> None:
    listed = {metric["key"]: metric for metric in ann.get("/metrics").json()["items"]}
    assert {key: listed[key]["of"] for key in listed if key.startswith("stranger.")} == {
        "stranger.number": "activity",
        "stranger.curve": "activity",
        "stranger.zones": "activity",
        "stranger.summed": "day",
    }
    number = listed["stranger.number"]
    assert number["edge_cases"] == ["Absent on Sundays."]
    assert number["elsewhere"] == {"Another": "twice as much", "Strava": "half as much"}
    assert (number["combination"], listed["stranger.curve"]["shape"]) == ("sum", "curve")


def test_their_values_of_every_shape_stand_with_the_activity(measured: httpx.Client) -> None:
    newest = measured.get("/activities", params={"limit": 1}).json()["items"][0]
    made = measured.get(f"/activities/{newest['id']}").json()["measurements"]
    load = made["fake.load"]["value"]
    assert made["stranger.number"] == {
        "value": 2 * load,
        "method": "doubled",
        "estimated": False,
        "version": 3,
    }
    assert made["stranger.zones"]["value"] == {"bounds": [100], "seconds": [30, 40]}
    curve = made["stranger.curve"]["value"]
    assert (curve["seconds"], curve["values"], curve["starts_s"]) == ([1, 60], [300.5, 250], [10, 20])


def test_their_series_stand_among_the_days(measured: httpx.Client) -> None:
    series = measured.get("/days", params={"metrics": "stranger.summed"}).json()["series"]
    assert series["stranger.summed"]["values"][-1] == 3 * 2 * 60


def test_they_have_pages_in_the_reference() -> None:
    written = pages((OfActivities(), OfDays()))
    assert set(written) == {"README.md", "a-stranger-s-own.md", "stranger.md"}
    page = written["a-stranger-s-own.md"]
    assert "| formula | x \\| y |" in page
    assert "- Absent on Sundays." in page
    assert page.index("| Strava | half as much |") < page.index("| Another | twice as much |")
    assert "[stranger](stranger.md) | a day | Summed |" in written["README.md"]
