"""The simulator's own API and its journal."""

from typing import TYPE_CHECKING

import pytest

from training_analyzer_strava.simulator.journal import purpose_of

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application


def test_requests_are_counted_by_purpose_status_and_window(connected: "Application") -> None:
    ride = connected.activities(per_page=1)[0]["id"]
    connected.get(f"/activities/{ride}/streams", keys="time")
    connected.get("/activities/1")
    connected.http.get("/simulator/state")
    assert connected.http.get("/simulator/requests").json() == {
        "total": 5,
        "by_purpose": {"authorize": 1, "detail": 1, "list": 1, "streams": 1, "token": 1},
        "by_status": {"200": 3, "302": 1, "404": 1},
        "by_quarter_hour": {"2026-11-23T20:00:00+00:00": 5},
    }


def test_single_requests_can_be_read(connected: "Application") -> None:
    connected.activities(page=3)
    (record,) = connected.http.get("/simulator/requests", params={"purpose": "list"}).json()["records"]
    assert record == {
        "method": "GET",
        "path": "/api/v3/athlete/activities",
        "query": "per_page=200&page=3",
        "instant": "2026-11-23T20:07:30+00:00",
        "status": 200,
        "purpose": "list",
    }


def test_the_state_tells_time_usage_and_athletes(connected: "Application") -> None:
    connected.get("/athlete")
    state = connected.http.get("/simulator/state").json()
    assert state["now"] == "2026-11-23T20:07:30+00:00"
    assert state["next_quarter_hour"] == "2026-11-23T20:15:00+00:00"
    assert state["overall"] == {"limit": "200,2000", "usage": "1,1"}
    assert state["connected"] == [state["athletes"][0]["id"]]
    assert state["athletes"][0]["activities"] > 200


def test_the_clock_can_be_set_and_moved(application: "Application") -> None:
    application.http.post("/simulator/clock", json={"now": "2026-11-25T01:00:00+01:00"})
    moved = application.http.post("/simulator/clock", json={"advance_s": 90})
    assert moved.json() == {"now": "2026-11-25T00:01:30+00:00"}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"now": "soon"}', b'{"now": 3}', b'{"advance_s": "x"}']
)
def test_nonsense_for_the_clock_is_refused_and_changes_nothing(
    application: "Application", body: bytes
) -> None:
    before = application.simulation.clock()
    answer = application.http.post("/simulator/clock", content=body)
    assert answer.status_code == 422
    assert "advance_s" in answer.json()["message"]
    assert application.simulation.clock() == before


def test_the_home_page_says_what_this_is(application: "Application") -> None:
    page = application.http.get("/")
    assert "local stand-in" in page.text
    assert "not Strava" in page.text


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("/api/v3/activities/1/laps", "other"),
        ("/api/v3/oauth/token", "token"),
        ("/oauth/deauthorize", "revoke"),
        ("/nowhere", "other"),
    ],
)
def test_purposes(path: str, purpose: str) -> None:
    assert purpose_of(path) == purpose
