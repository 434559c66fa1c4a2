"""Bests over a period, records, and the curve of one activity."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.api.test_openapi import validate
from tests.fakes.metrics import metric
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    BadData,
    Combination,
    Curve,
    Measurement,
    MetricKey,
    Shape,
    SupportsFullCurves,
)

TODAY = NOW.date()
CURVE = metric("fake.power_curve").model_copy(
    update={"shape": Shape.CURVE, "combination": Combination.HIGHEST, "unit": "W"}
)
SPEED = CURVE.model_copy(update={"key": "fake.speed_curve", "unit": "m/s"})
EFFORTS = CURVE.model_copy(
    update={"key": "fake.best_efforts", "combination": Combination.SHORTEST, "unit": "m"}
)
PEAK = metric("fake.peak").model_copy(update={"combination": Combination.HIGHEST, "unit": "W"})


class Bests(ActivityMetrics, SupportsFullCurves):
    """A session of m minutes holds 1000 - m watts for a second, and m watts for a minute."""

    metrics = (CURVE, SPEED, EFFORTS, PEAK)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        minutes = given.activity.moving_s / 60
        doubtful = given.activity.title == "spike"
        curve = Curve(seconds=(1, 60), values=(1000 - minutes, minutes), starts_s=(5, 7))
        long = Curve(seconds=(1, 60, 600), values=(5, minutes / 20, 2))
        yield Measurement(key=CURVE.key, value=curve if minutes < 100 else long, doubtful=doubtful)
        yield Measurement(key=SPEED.key, value=Curve(seconds=(60,), values=(minutes / 20,)))
        yield Measurement(
            key=EFFORTS.key,
            value=Curve(seconds=(40, 10 * minutes), values=(400, 1000), starts_s=(1, 2)),
            doubtful=doubtful,
        )
        yield Measurement(key=PEAK.key, value=1000 - minutes, doubtful=doubtful)

    def full_curve(self, given: ActivityInput, key: MetricKey) -> Measurement:
        return Measurement(key=key, value=Curve(seconds=(1, 2, 3), values=(9, 8, 7), starts_s=(0, 0, 0)))


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service), activity_metrics=[Bests()])


@pytest.fixture
def rides(service: FakeService, connect: Callable[[], UUID], work_off: Callable[[], int]) -> FakeService:
    for days_ago, minutes, title in (
        (2, 30, ""),
        (40, 20, ""),
        (100, 10, ""),
        (101, 5, "spike"),
        (300, 40, ""),
    ):
        service.add(days_ago, NOW, minutes=minutes, title=title)
    service.add(3, NOW, minutes=60, sport="run")
    connect()
    work_off()
    return service


def day(days_ago: int) -> str:
    return str(TODAY - timedelta(days=days_ago))


def test_a_period_s_curve_says_where_each_best_was(ann: httpx.Client, rides: FakeService) -> None:
    answer = ann.get("/curves/power").json()
    assert (answer["key"], answer["unit"], answer["sport"]) == ("fake.power_curve", "W", "ride")
    assert answer["against"] is answer["changes"] is None
    curve = answer["curve"]
    assert (curve["first"], curve["last"]) == (day(89), day(0))
    assert (curve["seconds"], curve["values"], curve["days"]) == ([1, 60], [980, 30], [day(40), day(2)])
    assert curve["starts_s"] == [5, 7]
    assert curve["paces_s_per_km"] is None
    newest = ann.get("/activities", params={"sport": "ride", "limit": 1}).json()["items"][0]
    assert curve["activities"][1] == newest["id"]


def test_two_periods_are_compared(ann: httpx.Client, rides: FakeService) -> None:
    query = {"from": day(29), "against_from": day(59)}
    answer = ann.get("/curves/power", params=query).json()
    assert (answer["against"]["first"], answer["against"]["last"]) == (day(59), day(30))
    assert answer["changes"] == [970 - 980, 30 - 20]
    nothing = ann.get("/curves/power", params=query | {"against_to": day(50)}).json()
    assert (nothing["against"]["values"], nothing["changes"]) == ([], [None, None])
    endless = ann.get("/curves/power", params={"against_to": day(50)})
    assert endless.status_code == 422
    assert [one["pointer"] for one in endless.json()["errors"]] == ["#/against_from"]


def test_pace_is_told_of_runs(ann: httpx.Client, rides: FakeService) -> None:
    answer = ann.get("/curves/pace").json()
    assert (answer["sport"], answer["curve"]["values"], answer["curve"]["paces_s_per_km"]) == (
        "run",
        [3],
        [1000 / 3],
    )
    by_key = ann.get("/curves/fake.speed_curve").json()
    assert (by_key["sport"], by_key["curve"]["values"]) == (None, [3])


def test_a_curve_of_no_such_name_says_what_there_is(ann: httpx.Client, subtests: pytest.Subtests) -> None:
    for name in (
        "powr",
        "fake.best_efforts",
        "fake.load",
    ):
        with subtests.test(name):
            refused = ann.get(f"/curves/{name}")
            assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (404, "not-found")
    assert ann.get("/curves/power", params={"from": day(1), "to": day(2)}).status_code == 422
    assert ann.get("/curves/power", params={"to": "0001-01-01"}).json()["curve"]["values"] == []


def records(ann: httpx.Client, key: str) -> dict[Any, dict[str, Any]]:
    items = ann.get("/records", params={"sport": "ride"}).json()["items"]
    return {one["seconds"] or one["distance_m"]: one for one in items if one["key"] == key}


def test_records_of_all_time_a_year_and_a_quarter(ann: httpx.Client, rides: FakeService) -> None:
    second = records(ann, "fake.power_curve")[1]
    assert [second[window]["value"] for window in ("all_time", "year", "days_90")] == [990, 990, 980]
    assert second["all_time"]["day"] == day(100)
    assert second["all_time"]["start_s"] == 5
    minute = records(ann, "fake.power_curve")[60]
    assert [minute[window]["value"] for window in ("all_time", "year", "days_90")] == [40, 40, 30]
    kilometre = records(ann, "fake.best_efforts")[1000]
    assert (kilometre["unit"], kilometre["seconds"], kilometre["all_time"]["value"]) == ("s", None, 100)
    assert kilometre["days_90"]["value"] == 200
    (peak,) = records(ann, "fake.peak").values()
    assert [peak[window]["value"] for window in ("all_time", "year", "days_90")] == [990, 990, 980]
    assert ann.get("/records", params={"sport": "swim"}).json()["items"] == []
    assert ann.get("/records").status_code == 422


@pytest.mark.parametrize(("window", "days"), [("year", 365), ("days_90", 90)])
def test_a_window_has_as_many_days_as_it_says(
    ann: httpx.Client, rides: FakeService, runtime: Runtime, athlete_id: UUID, window: str, days: int
) -> None:
    """Today is one of them."""
    for days_ago, counts in ((days - 1, True), (days, False)):
        with runtime.database.transaction(athlete_id) as tx:
            tx.execute(
                text("""
                    UPDATE activities SET local_date = :day
                    WHERE id = (SELECT activity_id FROM measurements WHERE key = 'fake.peak' AND value = 990)
                """),
                {"day": date.fromisoformat(day(days_ago))},
            )
        for key, seconds in (("fake.power_curve", 1), ("fake.peak", None)):
            found = records(ann, key)[seconds]
            assert found["all_time"]["value"] == 990
            assert (found[window]["value"] == 990) is counts, key


def test_what_is_gone_or_doubtful_holds_no_record(
    ann: httpx.Client, rides: FakeService, runtime: Runtime, athlete_id: UUID
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text("DELETE FROM activities WHERE local_date = :day"),
            {"day": date.fromisoformat(day(100))},
        )
    assert records(ann, "fake.power_curve")[1]["all_time"]["value"] == 980  # not the spike's 995
    assert records(ann, "fake.peak")[None]["all_time"]["value"] == 980
    listed = ann.get("/activities", params={"from": day(101), "to": day(101)}).json()["items"]
    assert [one["measurements"]["fake.peak"].get("doubtful") for one in listed] == [True]
    query = {"metrics": "fake.peak", "by": "all", "sport": "ride", "from": day(101)}
    (since,) = ann.get("/periods", params=query).json()["items"]
    assert since["metrics"]["fake.peak"]["value"] == 980
    (alone,) = ann.get("/periods", params=query | {"to": day(101)}).json()["items"]
    assert alone["metrics"] == {}


def test_an_activity_shows_its_curves_and_a_list_does_not(ann: httpx.Client, rides: FakeService) -> None:
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    assert "fake.power_curve" not in listed["measurements"]
    activity = ann.get(f"/activities/{listed['id']}").json()
    assert activity["measurements"]["fake.power_curve"]["value"] == {
        "seconds": [1, 60],
        "values": [970, 30],
        "starts_s": [5, 7],
    }
    stored = ann.get(f"/activities/{listed['id']}/curves/power").json()
    assert (stored["full"], stored["curve"]["values"]) == (False, [970, 30])
    full = ann.get(f"/activities/{listed['id']}/curves/power", params={"full": "true"}).json()
    assert (full["full"], full["curve"]["values"]) == (True, [9, 8, 7])


def test_what_is_stored_is_answered_where_the_documents_are_gone(
    ann: httpx.Client, rides: FakeService, runtime: Runtime, athlete_id: UUID
) -> None:
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(text("DELETE FROM documents"))
    answer = ann.get(f"/activities/{listed['id']}/curves/power", params={"full": "true"}).json()
    assert (answer["full"], answer["curve"]["values"]) == (False, [970, 30])


def test_a_recording_that_makes_no_sense_any_more_is_told_as_such(
    ann: httpx.Client, rides: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Activity:
        raise BadData("it makes no sense")

    monkeypatch.setattr(FakeProvider, "translate", fails)
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    answer = ann.get(f"/activities/{listed['id']}/curves/power", params={"full": "true"})
    assert answer.status_code == 409
    assert "it makes no sense" in answer.json()["detail"]


def test_a_full_curve_is_made_while_no_connection_is_held(
    ann: httpx.Client, rides: FakeService, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    make = Bests.full_curve

    def watched(self: Bests, given: ActivityInput, key: MetricKey) -> Measurement:
        held.append(runtime.database.pool_use().in_use)
        return make(self, given, key)

    monkeypatch.setattr(Bests, "full_curve", watched)
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    assert ann.get(f"/activities/{listed['id']}/curves/power", params={"full": "true"}).status_code == 200
    assert held == [0]


def test_a_full_curve_is_of_the_day_on_which_the_session_lies(
    ann: httpx.Client,
    rides: FakeService,
    runtime: Runtime,
    athlete_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which may be another than its leading recording guesses."""
    given_power = []

    def watched(self: Bests, given: ActivityInput, key: MetricKey) -> Measurement:
        given_power.append(given.athlete.thresholds.functional_threshold_power_w)
        return Measurement(key=key, value=Curve(seconds=(1,), values=(9,)))

    monkeypatch.setattr(Bests, "full_curve", watched)
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    power = {"name": "functional_threshold_power_w"}
    first, later = {"value": 200, "valid_from": day(30)}, {"value": 300, "valid_from": listed["local_date"]}
    ann.put("/me/thresholds", json=[power | first, power | later]).raise_for_status()
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text("UPDATE activities SET local_date = local_date - 1 WHERE id = :id"), {"id": listed["id"]}
        )
    ann.get(f"/activities/{listed['id']}/curves/power", params={"full": "true"}).raise_for_status()
    assert given_power == [200]


def test_somebody_else_sees_none_of_it(ann: httpx.Client, bob: httpx.Client, rides: FakeService) -> None:
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    assert bob.get(f"/activities/{listed['id']}/curves/power").status_code == 404
    assert bob.get("/curves/power").json()["curve"]["values"] == []
    assert bob.get("/records", params={"sport": "ride"}).json()["items"] == []


def test_the_answers_are_as_declared(app: FastAPI, ann: httpx.Client, rides: FakeService) -> None:
    document = app.openapi()
    query = {"from": day(29), "against_from": day(59)}
    validate(document, "GET /api/v1/curves/{name}", ann.get("/curves/power", params=query))
    validate(document, "GET /api/v1/curves/{name}", ann.get("/curves/nothing"))
    validate(document, "GET /api/v1/records", ann.get("/records", params={"sport": "ride"}))
    listed = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    validate(
        document,
        "GET /api/v1/activities/{activity_id}/curves/{name}",
        ann.get(f"/activities/{listed['id']}/curves/power"),
    )
