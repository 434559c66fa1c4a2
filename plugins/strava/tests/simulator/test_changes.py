"""What athletes do while the simulator runs, and what the API answers afterwards."""

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication


def ride(application: "Application") -> dict[str, Any]:
    return next(row for row in application.activities() if row["sport_type"] == "Ride" and not row["private"])


def act(application: "Application", action: str, **more: object) -> Any:
    answer = application.http.post("/simulator/actions", json={"action": action, **more})
    assert answer.is_success, answer.text
    return answer.json()


def test_a_late_upload_has_an_old_start_and_a_new_number(connected: "Application") -> None:
    before = {row["id"] for row in connected.activities()}
    model = ride(connected)
    number = act(connected, "upload", start="2026-08-01T03:30:00Z", like=model["id"])["activity"]
    (late,) = connected.activities(after=1785555000 - 60, before=1785555000 + 60)
    assert late["id"] == number not in before
    assert late["start_date"] == "2026-08-01T03:30:00Z"
    assert late["distance"] == model["distance"]
    recorded = connected.get(f"/activities/{model['id']}/streams", keys="watts", key_by_type="true")
    assert connected.get(f"/activities/{number}/streams", keys="watts", key_by_type="true").content == (
        recorded.content
    )


def test_edits_show_in_the_list_and_in_the_details_and_nothing_else_changes(connected: "Application") -> None:
    first = connected.get("/athlete/activities", per_page=200).content
    number = ride(connected)["id"]
    act(connected, "edit", activity=number, fields={"name": "Renamed", "sport_type": "Paragliding"})
    listed = {row["id"]: row for row in connected.activities()}
    before = {row["id"]: row for row in json.loads(first)}
    assert listed.pop(number) == {**before.pop(number), "name": "Renamed", "sport_type": "Paragliding"}
    assert listed == before
    assert connected.get(f"/activities/{number}").json()["name"] == "Renamed"


def test_cropping_shortens_summary_and_streams(connected: "Application") -> None:
    before = ride(connected)
    path = f"/activities/{before['id']}/streams"
    whole = connected.get(path, keys="watts", key_by_type="true").json()
    act(connected, "crop", activity=before["id"], kept_s=600)
    after = connected.get(f"/activities/{before['id']}").json()
    cropped = connected.get(path, keys="watts,time", key_by_type="true").json()
    assert after["elapsed_time"] == 600
    assert after["distance"] < before["distance"]
    assert max(cropped["time"]["data"]) <= 600
    assert cropped["watts"]["data"] == whole["watts"]["data"][: len(cropped["time"]["data"])]
    assert cropped["watts"]["original_size"] == len(cropped["watts"]["data"])


def test_what_is_deleted_is_gone_everywhere(connected: "Application") -> None:
    number = ride(connected)["id"]
    act(connected, "delete", activity=number)
    assert number not in {row["id"] for row in connected.activities()}
    assert connected.get(f"/activities/{number}").status_code == 404
    assert connected.get(f"/activities/{number}/streams", keys="time").status_code == 404
    again = connected.http.post("/simulator/actions", json={"action": "delete", "activity": number})
    assert again.status_code == 404


def test_what_only_the_athlete_may_see_vanishes_without_the_scope(application: "Application") -> None:
    application.connect("read,activity:read")
    number = ride(application)["id"]
    act(application, "hide", activity=number)
    assert application.get(f"/activities/{number}").status_code == 404
    act(application, "show", activity=number)
    assert application.get(f"/activities/{number}").json()["visibility"] == "everyone"


def test_an_obscured_start_is_one_second_past_midnight(connected: "Application") -> None:
    before = ride(connected)
    act(connected, "obscure_start", activity=before["id"])
    after = connected.get(f"/activities/{before['id']}").json()
    assert after["start_date"] == after["start_date_local"] == f"{before['start_date_local'][:10]}T00:00:01Z"
    listed = connected.activities()
    assert [row["start_date"] for row in listed] == sorted(
        (row["start_date"] for row in listed), reverse=True
    )


def test_a_deletion_in_the_middle_of_paging_shifts_the_pages(connected: "Application") -> None:
    everything = [row["id"] for row in connected.activities()]
    act(connected, "delete", activity=everything[0], after={"purpose": "list", "requests": 1})
    pages = [[row["id"] for row in connected.activities(per_page=10, page=page)] for page in (1, 2)]
    assert pages == [everything[:10], everything[11:21]]


def test_the_truth_can_be_read(connected: "Application") -> None:
    act(connected, "hide", activity=ride(connected)["id"])
    truth = connected.http.get("/simulator/activities").json()
    assert [row["id"] for row in truth] == [
        row["id"] for page in (1, 2) for row in connected.activities(page=page)
    ]
    assert connected.http.get("/simulator/activities", params={"athlete": "7"}).status_code == 404


def test_simulations_do_not_change_one_another(open_application: "OpenApplication") -> None:
    one, other = open_application(), open_application()
    one.connect()
    other.connect()
    number = ride(one)["id"]
    act(one, "delete", activity=number)
    assert number in {row["id"] for row in other.activities()}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "fly"},
        {"action": "crop", "activity": 1, "kept_s": 0},
        {"action": "upload", "start": "soon"},
        {"action": "delete", "activity": 1, "why": "so"},
    ],
)
def test_actions_that_make_no_sense_are_refused(connected: "Application", body: object) -> None:
    answer = connected.http.post("/simulator/actions", json=body)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_in_2027_tokens_are_read_from_the_header_only(open_application: "OpenApplication") -> None:
    for year_2027, status in ((False, 200), (True, 401)):
        application = open_application(year_2027=year_2027)
        token = application.connect()["access_token"]
        assert application.get("/athlete").status_code == 200
        del application.http.headers["authorization"]
        assert application.get("/athlete", access_token=token).status_code == status
        application.use(token)
        gone = application.http.post("/oauth/deauthorize").status_code
        assert gone == (404 if year_2027 else 200)


def test_the_api_answers_with_and_without_its_prefix(connected: "Application") -> None:
    short = connected.http.get("/athlete/activities", params={"per_page": 3})
    assert short.json() == connected.activities(per_page=3)
    assert connected.http.get("/simulator/requests").json()["by_purpose"]["list"] == 2
