"""Activities, days, insights, and what their numbers mean."""

import hashlib
from datetime import date, datetime, timedelta
from uuid import UUID

import httpx
import numpy as np
import pytest
from sqlalchemy import text

from tests.conftest import NOW
from training_analyzer.api.routes.days import _columns
from training_analyzer.domain.metric import DailySeries
from training_analyzer.runtime import Runtime

TODAY = NOW.date()


def test_activities_come_page_by_page_newest_first(ann: httpx.Client, trained: UUID) -> None:
    found: list[dict[str, object]] = []
    cursor: str | None = None
    pages = 0
    while True:
        page = ann.get("/activities", params={"limit": 20} | ({"cursor": cursor} if cursor else {})).json()
        found += page["items"]
        cursor = page["next_cursor"]
        pages += 1
        if cursor is None:
            break
    assert (len(found), pages) == (50, 3)
    started = [str(activity["started_at"]) for activity in found]
    assert started == sorted(set(started), reverse=True)


def test_activities_are_chosen_by_sport_and_day(ann: httpx.Client, trained: UUID) -> None:
    since = TODAY - timedelta(days=10)
    until = TODAY - timedelta(days=2)
    page = ann.get("/activities", params={"from": str(since), "to": str(until), "sport": "ride"}).json()
    assert [activity["local_date"] for activity in page["items"]] == [
        str(TODAY - timedelta(days=days)) for days in (2, 4, 6, 8, 10)
    ]
    assert ann.get("/activities", params={"sport": "run"}).json() == {"items": [], "next_cursor": None}


def test_a_cursor_of_somebody_elses_making_is_refused(ann: httpx.Client, subtests: pytest.Subtests) -> None:
    for cursor in ("", "x", "WzEsMl0", "bnVsbA", "WyIyMDI2LTA2LTE1VDEyOjAwOjAwIiwgIjAiXQ", "é"):
        with subtests.test(cursor=cursor):
            refused = ann.get("/activities", params={"cursor": cursor})
            assert refused.status_code == 422
            assert refused.json()["errors"][0]["pointer"] == "#/cursor"


def test_an_activity_shows_its_numbers_and_its_documents(ann: httpx.Client, trained: UUID) -> None:
    newest = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    activity = ann.get(f"/activities/{newest['id']}").json()
    assert activity == newest
    assert activity["measurements"]["fake.load"] == {
        "value": 60,
        "method": "samples",
        "estimated": False,
        "version": 1,
    }
    documents = activity["recordings"][0]["documents"]
    assert [document["kind"] for document in documents] == ["streams", "summary"]
    for document in documents:
        body = ann.get(f"/documents/{document['id']}")
        assert hashlib.sha256(body.content).hexdigest() == document["sha256"]
        assert body.headers["Content-Disposition"] == (
            f'attachment; filename="{document["id"]}-{document["kind"]}.json"'
        )


def test_days_are_columns_of_the_last_six_weeks(ann: httpx.Client, trained: UUID) -> None:
    answer = ann.get("/days", params={"metrics": "fake.daily_load,fake.fitness"}).json()
    assert len(answer["days"]) == 42
    assert answer["days"][-1] == str(TODAY)
    assert answer["series"]["fake.daily_load"]["values"][-3:] == [60, 0, 60]
    assert answer["series"]["fake.fitness"]["values"][-1] == 50 * 60


def test_days_without_values_are_null(ann: httpx.Client, trained: UUID) -> None:
    query = {"metrics": "fake.fitness", "from": str(TODAY), "to": str(TODAY + timedelta(days=1))}
    series = ann.get("/days", params=query).json()["series"]["fake.fitness"]
    del series["warmed_up_on"]
    assert series == {
        "values": [3000, None],
        "estimated": [0, None],
        "absent": [None, "day_to_come"],
        "method": "",
        "version": 1,
    }


def test_each_day_without_a_value_says_why(
    ann: httpx.Client, athlete_id: UUID, runtime: Runtime, trained: UUID
) -> None:
    oldest = ann.get("/activities", params={"limit": 200}).json()["items"][-1]["local_date"]
    before = str(date.fromisoformat(oldest) - timedelta(days=1))
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text(
                "UPDATE days SET value = NULL, reason = 'retention' WHERE key = 'fake.fitness' AND day = :day"
            ),
            {"day": oldest},
        )
        tx.execute(text("DELETE FROM days WHERE key = 'fake.daily_load'"))
    query = {"metrics": "fake.fitness,fake.daily_load", "from": before, "to": oldest}
    series = ann.get("/days", params=query).json()["series"]
    assert (series["fake.fitness"]["values"], series["fake.fitness"]["estimated"]) == ([None] * 2, [None] * 2)
    assert series["fake.fitness"]["absent"] == ["no_activity_yet", "retention"]
    assert series["fake.daily_load"]["absent"] == ["no_activity_yet", "being_computed"]


def test_who_has_no_activity_is_told_so(ann: httpx.Client) -> None:
    series = ann.get("/days", params={"metrics": "fake.fitness"}).json()["series"]["fake.fitness"]
    assert series["absent"] == ["no_activity_yet"] * 42
    query = {"metrics": "fake.fitness", "days": "1"}
    ahead = ann.get("/days/projection", params=query).json()["series"]["fake.fitness"]
    assert ahead["absent"] == ["no_activity_yet", "day_to_come"]


def test_what_is_made_when_it_is_asked_for_says_why_it_is_absent() -> None:
    first_day = TODAY - timedelta(days=1)
    made = DailySeries(
        key="fake.fitness",
        first_day=first_day,
        values=np.array([np.nan, 7.0]),
        estimated=np.array([0.5, 0.5]),
        absent="not_enough_history",
    )
    columns = _columns(
        made, 1, None, first=first_day - timedelta(days=1), last=TODAY + timedelta(days=1), this_day=TODAY
    )
    assert columns["values"] == [None, None, 7.0, None]
    assert columns["estimated"] == [None, None, 0.5, None]
    assert columns["absent"] == ["no_activity_yet", "not_enough_history", None, "day_to_come"]


def test_until_all_days_that_it_looks_back_on_are_known_a_series_warms_up(
    ann: httpx.Client, trained: UUID
) -> None:
    keys = ("fake.fitness", "fake.daily_load")
    query = {"metrics": ",".join(keys), "from": "2020-01-01", "to": "2020-01-02"}
    series = ann.get("/days", params=query).json()["series"]
    oldest = ann.get("/activities", params={"limit": 200}).json()["items"][-1]
    warmed_up_on = datetime.fromisoformat(oldest["started_at"]).date() + timedelta(days=41)
    assert [series[key]["warmed_up_on"] for key in keys] == [str(warmed_up_on), None]


def test_what_is_absent_altogether_warms_up_on_no_day(
    ann: httpx.Client, athlete_id: UUID, runtime: Runtime, trained: UUID
) -> None:
    """As where fewer days are kept than a value looks back on, and where the calculator failed."""
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(text("UPDATE days SET value = NULL, reason = 'retention' WHERE key = 'fake.fitness'"))
    series = ann.get("/days", params={"metrics": "fake.fitness"}).json()["series"]["fake.fitness"]
    assert series["warmed_up_on"] is None
    absent = DailySeries(key="fake.fitness", first_day=TODAY, values=np.full(9, np.nan), absent="retention")
    columns = _columns(absent, 1, 42, first=TODAY, last=TODAY, this_day=TODAY)
    assert (columns["warmed_up_on"], columns["absent"]) == (None, ["retention"])


def test_wrong_days_say_what_is_wrong(ann: httpx.Client, trained: UUID, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict[str, str], str, str]] = [
        ({"metrics": "fake.fitnes"}, "unknown-metric", "Did you mean fake.fitness?"),
        ({"metrics": "nothing.like_it"}, "unknown-metric", "`GET /api/v1/metrics` lists"),
        ({"metrics": "fake.load"}, "unknown-metric", "a metric of activities"),
        ({"metrics": "a\x00b"}, "unknown-metric", "no daily metric"),
        ({"metrics": ","}, "invalid-request", "Name one to 50"),
        ({}, "invalid-request", "required"),
        ({"metrics": "fake.fitness", "from": "2026-02-30"}, "invalid-request", "#/from"),
        ({"metrics": "fake.fitness", "from": "9999-12-31"}, "invalid-request", "is later than"),
        ({"metrics": "fake.fitness", "from": "0001-01-01"}, "invalid-request", "3660 days at most"),
    ]
    for query, slug, said in cases:
        with subtests.test(str(query)):
            refused = ann.get("/days", params=query)
            assert refused.status_code == 422
            assert refused.json()["type"].endswith(f":{slug}")
            assert said in refused.json()["detail"]
    assert ann.get("/days", params={"metrics": "fake.fitness", "to": "0001-01-01"}).status_code == 200


def test_insights_say_which_numbers_they_rest_on(ann: httpx.Client, trained: UUID) -> None:
    listed = ann.get("/insights", params={"kind": "week"}).json()["items"]
    assert len(listed) == 1
    insight = ann.get(f"/insights/{listed[0]['id']}").json()
    assert insight == listed[0]
    assert insight["backend"] == "rules"
    facts = {fact["id"] for fact in insight["facts"]}
    assert facts
    assert {fact for observation in insight["observations"] for fact in observation["facts"]} <= facts
    assert "cache_key" not in insight


def test_metrics_say_where_they_are_found(ann: httpx.Client) -> None:
    found = {metric["key"]: metric["of"] for metric in ann.get("/metrics").json()["items"]}
    assert found == {"fake.load": "activity", "fake.daily_load": "day", "fake.fitness": "day"}


def test_what_is_not_there_is_missing(ann: httpx.Client) -> None:
    for path in ("/activities", "/insights", "/connections"):
        missing = ann.get(f"{path}/00000000-0000-4000-8000-000000000000")
        assert missing.status_code == 404
        assert missing.json()["type"].endswith(":not-found")
