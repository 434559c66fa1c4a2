"""Lists and details: order, paging, privacy, scopes."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication

PAGE = 200


def starts(rows: list[dict[str, Any]]) -> list[float]:
    return [datetime.fromisoformat(row["start_date"]).timestamp() for row in rows]


def everything(application: "Application", **query: object) -> list[dict[str, Any]]:
    """All pages, until an empty one."""
    rows: list[dict[str, Any]] = []
    page = 1
    while more := application.activities(page=page, **query):
        rows += more
        page += 1
    return rows


def test_newest_first_unless_told(connected: "Application") -> None:
    rows = connected.activities()
    assert starts(rows) == sorted(starts(rows), reverse=True)
    assert (
        starts(connected.activities(before=int(starts(rows)[50])))
        == starts(rows)[51:] + (starts(everything(connected))[PAGE : PAGE + 51])
    )


def test_after_alone_turns_the_order_round_and_after_with_before_does_not(connected: "Application") -> None:
    newest_first = starts(everything(connected))
    late, early = int(newest_first[10]), int(newest_first[60])
    assert starts(connected.activities(after=early)) == newest_first[:60][::-1]
    assert starts(connected.activities(after=early, before=late)) == newest_first[11:60]


def test_thirty_a_page_unless_told_and_two_hundred_at_most(connected: "Application") -> None:
    assert len(connected.get("/athlete/activities").json()) == 30
    assert len(connected.activities(per_page=1_000)) == PAGE
    assert len(connected.activities(per_page=7)) == 7


def test_past_the_end_the_page_is_empty(connected: "Application") -> None:
    assert connected.activities(page=99) == []


def test_pages_hold_everything_once(connected: "Application") -> None:
    rows = everything(connected, per_page=60)
    assert len(rows) == len({row["id"] for row in rows}) == len(everything(connected))


def test_a_short_page_need_not_be_the_last(open_application: "OpenApplication") -> None:
    application = open_application(short_pages_by=3)
    application.connect()
    first, second = (application.activities(per_page=50, page=page) for page in (1, 2))
    assert len(first) == len(second) == 47
    assert len({row["id"] for row in first + second}) == 94


def test_only_me_activities_are_silently_missing_without_read_all(application: "Application") -> None:
    application.connect()
    rows = everything(application)
    private = {row["id"] for row in rows if row["visibility"] == "only_me"}
    assert private
    application.connect(granted="read,activity:read", approval_prompt="force")
    assert {row["id"] for row in everything(application)} == {row["id"] for row in rows} - private
    assert application.get(f"/activities/{private.pop()}").status_code == 404


@pytest.mark.parametrize("path", ["/athlete/activities", "/activities/1", "/activities/1/streams"])
def test_without_an_activity_scope_the_call_fails_and_says_which_is_missing(
    application: "Application", path: str
) -> None:
    application.connect(granted="profile:read_all")
    answer = application.get(path)
    assert answer.status_code == 401
    assert answer.json() == {
        "message": "Authorization Error",
        "errors": [{"resource": "AccessToken", "field": "activity:read_permission", "code": "missing"}],
    }


def test_an_unknown_activity_is_not_found(connected: "Application") -> None:
    answer = connected.get("/activities/4711")
    assert answer.status_code == 404
    assert answer.json() == {
        "message": "Record Not Found",
        "errors": [{"resource": "Activity", "field": "id", "code": "invalid"}],
    }


def test_a_bound_that_is_no_number_is_a_bad_request(connected: "Application") -> None:
    assert connected.get("/athlete/activities", after="yesterday").status_code == 400


def test_the_detail_holds_the_summary_and_more(connected: "Application") -> None:
    for row in connected.activities(per_page=20):
        detail = connected.get(f"/activities/{row['id']}").json()
        changed = {key for key in row if detail[key] != row[key]}
        assert changed == {"resource_state", "map"}
        assert detail["resource_state"] == 3
        assert {"description", "calories", "gear", "segment_efforts", "photos"} <= detail.keys()
        assert row["manual"] or detail["laps"][0]["elapsed_time"] == row["elapsed_time"]


def test_activities_appear_when_the_clock_moves_on_and_none_is_in_the_future(
    connected: "Application",
) -> None:
    before = {row["id"] for row in everything(connected)}
    connected.simulation.clock.show(datetime(2026, 12, 7, 12, tzinfo=UTC))
    connected.connect()
    after = everything(connected)
    assert before < {row["id"] for row in after}
    assert starts(after)[0] < connected.simulation.clock().timestamp()


def test_the_profile_depends_on_the_scope(application: "Application") -> None:
    application.connect(granted="read,activity:read")
    short = application.get("/athlete").json()
    zones = application.get("/athlete/zones")
    application.connect(approval_prompt="force")
    full = application.get("/athlete").json()
    assert short["resource_state"] == 2
    assert not {"ftp", "weight", "bikes"} & short.keys()
    assert zones.status_code == 401
    assert full["resource_state"] == 3
    assert full["ftp"] == 260


def test_zones_share_their_bounds_and_the_last_is_open(connected: "Application") -> None:
    for kind in connected.get("/athlete/zones").json().values():
        bounds = [(zone["min"], zone["max"]) for zone in kind["zones"]]
        assert bounds[0][0] == 0
        assert bounds[-1][1] == -1
        assert [low for low, _ in bounds[1:]] == [high for _, high in bounds[:-1]]
