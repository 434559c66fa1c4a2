"""Lists and streams, from servers that answer well and badly."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from training_analyzer.sdk import (
    Account,
    BadData,
    NotAuthorized,
    NotFound,
    PluginError,
    RawActivity,
    Unavailable,
    Window,
)
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.streams import KEYS

if TYPE_CHECKING:
    from plugins.strava.tests.conftest import ScriptedServer

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = Window(since=SINCE, until=SINCE + timedelta(days=7))
RIDE = b'{ "id":154504250376823, "name":"Z\\u00fcrich \xe2\x86\x92 See", "start_date":"2026-01-02T03:04:05Z","upload_id":9 }'
LIST = "/api/v3/athlete/activities"
RIDE_S = int(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp())
STREAMS = "/api/v3/activities/5/streams"


def query_of(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


def everything(provider: StravaProvider, account: Account, window: Window) -> list[RawActivity]:
    """Follow the pages to the end. Neighbours may both show what began in the second between them."""
    listed: dict[str, RawActivity] = {}
    cursor: str | None = None
    while True:
        page = provider.list_activities(account, window, cursor)
        assert not page.broken
        listed |= {activity.external_id: activity for activity in page.activities}
        cursor = page.next_cursor
        if cursor is None:
            return list(listed.values())


def test_a_list_is_one_request_with_both_bounds(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    provider.list_activities(account, WINDOW, None)
    [(method, path, headers, _)] = server.asked
    assert (method, urlsplit(path).path) == ("GET", LIST)
    assert query_of(path) == {
        "after": str(int(SINCE.timestamp()) - 1),  # exclusive at Strava, inclusive with us
        "before": str(int(WINDOW.until.timestamp())),
        "page": "1",
        "per_page": "200",
    }
    assert headers["authorization"] == "Bearer acc3ss"
    assert "acc3ss" not in path


def test_bounds_within_a_second_take_in_what_starts_inside(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    half = timedelta(milliseconds=500)
    provider.list_activities(account, Window(since=SINCE + half, until=SINCE + half), None)
    query = query_of(server.asked[0][1])
    # Nothing can start at a whole second within an empty window.
    assert int(query["after"]) + 1 == int(query["before"])


def test_records_are_the_bytes_that_came_in(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = b"[ " + RIDE + b" ,\n" + RIDE.replace(b"154504250376823", b"2") + b"]"
    page = provider.list_activities(account, WINDOW, None)
    first = page.activities[0]
    assert first.external_id == "154504250376823"
    assert first.started_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [document.body for document in first.documents] == [RIDE]
    assert [document.kind for document in first.documents] == ["summary"]
    assert first.has_more
    assert page.next_cursor == f"{RIDE_S + 1}/1/2"


def test_the_next_page_begins_with_the_oldest_second_of_the_one_before(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = b"[" + RIDE + b"]"
    cursor = provider.list_activities(account, WINDOW, None).next_cursor
    assert cursor == f"{RIDE_S + 1}/1/1"
    assert provider.list_activities(account, WINDOW, cursor).next_cursor == f"{RIDE_S + 1}/2/1"
    query = query_of(server.asked[1][1])
    assert (query["before"], query["page"], query["after"]) == (
        str(RIDE_S + 1),
        "1",
        str(int(SINCE.timestamp()) - 1),
    )
    server.body = b" [ ] \n"
    page = provider.list_activities(account, WINDOW, f"{RIDE_S + 1}/2/1")
    assert query_of(server.asked[2][1])["page"] == "2"
    assert page.activities == ()
    assert page.next_cursor is None


def test_records_that_make_no_sense_stay_alone(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    broken = [
        b'{"start_date":"2026-01-02T03:04:05Z"}',
        b'{"id":1}',
        b'{"id":1,"start_date":"yesterday"}',
        b'{"id":1,"start_date":"2026-01-02T03:04:05"}',
        b'{"id":"secret-word","start_date":"2026-01-02T03:04:05Z"}',
        b'{"id":-1,"start_date":"2026-01-02T03:04:05Z"}',
        b"null",
        b"[1]",
        b'"text"',
        b"{}",
    ]
    server.body = b"[" + b",".join([*broken, RIDE]) + b"]"
    page = provider.list_activities(account, WINDOW, None)
    assert [record.document.body for record in page.broken] == broken
    assert len(page.activities) == 1
    assert "id (missing)" in page.broken[0].reason
    assert "start_date" in page.broken[1].reason
    assert "secret-word" not in page.broken[4].reason
    assert page.next_cursor == f"{RIDE_S + 1}/1/11"


def test_a_page_of_nothing_but_broken_records_is_not_the_last(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = b"[{}]"
    until_s = int(WINDOW.until.timestamp())
    assert provider.list_activities(account, WINDOW, None).next_cursor == f"{until_s}/2/1"


@pytest.mark.parametrize(
    ("extra", "has_more"),
    [
        ({"upload_id": 5}, True),
        ({"upload_id": 5, "manual": False}, True),
        ({"upload_id": 5, "manual": True}, False),
        ({"upload_id": None, "manual": False}, False),
        ({}, False),
    ],
)
def test_only_what_came_from_a_file_has_streams(
    server: "ScriptedServer",
    provider: StravaProvider,
    account: Account,
    extra: dict[str, object],
    has_more: bool,
) -> None:
    server.body = json.dumps([{"id": 5, "start_date": "2026-01-02T03:04:05Z", **extra}]).encode()
    [activity] = provider.list_activities(account, WINDOW, None).activities
    assert activity.has_more is has_more


def test_streams_are_one_request_for_all_keys(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = b'{ "time": {"data": [0, 1]} }'
    [document] = provider.fetch_activity(account, "5")
    assert (document.kind, document.body) == ("streams", server.body)
    [(_, path, headers, _)] = server.asked
    assert urlsplit(path).path == STREAMS
    assert query_of(path) == {"keys": ",".join(KEYS), "key_by_type": "true"}
    assert headers["authorization"] == "Bearer acc3ss"


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (404, b'{"message":"Record Not Found"}'), (200, b"{}"), (200, b"[]")]
)
def test_no_streams(
    server: "ScriptedServer", provider: StravaProvider, account: Account, status: int, body: bytes
) -> None:
    server.status, server.body = status, body
    with pytest.raises(NotFound):
        provider.fetch_activity(account, "5")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((200, b"<html>Strava is down</html>"), Unavailable),
        ((200, b" \n<!DOCTYPE html>"), Unavailable),
        ((502, b"<html>Bad gateway</html>"), Unavailable),
        ((503, b""), Unavailable),
        ((302, b""), Unavailable),
        ((200, b'[{"id": 1, "start_'), BadData),
        ((200, b'{"time": {"data": [0, 1'), BadData),
        ((200, b""), BadData),
        ((200, b"\xff\xfe[]"), BadData),
        ((200, b"sorry"), BadData),
        ((401, b""), NotAuthorized),
    ],
)
def test_bad_answers(
    server: "ScriptedServer",
    provider: StravaProvider,
    account: Account,
    answer: tuple[int, bytes],
    kind: type[PluginError],
) -> None:
    server.status, server.body = answer
    with pytest.raises(kind):
        provider.list_activities(account, WINDOW, None)
    with pytest.raises(kind):
        provider.fetch_activity(account, "5")


def test_a_list_that_is_none(server: "ScriptedServer", provider: StravaProvider, account: Account) -> None:
    server.body = b'{"message": "hello"}'
    with pytest.raises(BadData, match="no list"):
        provider.list_activities(account, WINDOW, None)


@pytest.mark.parametrize(
    "body",
    [
        b'"x"',
        b"5",
        b"0",
        b"null",
        b'""',
        b"[1]",
        b'{"message": "x"}',
        b'{"time": [1]}',
        b'{"time": {"data": 7}}',
    ],
)
def test_json_that_holds_no_streams_is_kept_and_asked_for_again(
    server: "ScriptedServer", provider: StravaProvider, account: Account, body: bytes
) -> None:
    server.body = body
    with pytest.raises(BadData, match="no streams") as raised:
        provider.fetch_activity(account, "5")
    assert raised.value.document is not None
    assert raised.value.document.body == body


@pytest.mark.parametrize("body", [b'{"id": 5}', b"[]", b"7", b'{"id": 5, "start_date": "soon"}'])
def test_an_activity_that_makes_no_sense_is_kept(
    server: "ScriptedServer", provider: StravaProvider, account: Account, body: bytes
) -> None:
    server.body = body
    with pytest.raises(BadData) as raised:
        provider.look_up(account, "5")
    assert raised.value.document is not None
    assert raised.value.document.body == body


def test_a_connection_that_breaks_off_or_takes_too_long(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.headers = {"Content-Length": "5000"}  # more than comes
    with (
        httpx.Client(trust_env=False, verify=False, timeout=0.2) as hasty,
        pytest.raises(Unavailable, match="did not answer"),
    ):
        provider.list_activities(Account(account.grant, hasty), WINDOW, None)


def test_garbled_compression(server: "ScriptedServer", provider: StravaProvider, account: Account) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(Unavailable, match="did not answer"):
        provider.list_activities(account, WINDOW, None)


def test_nobody_there(server: "ScriptedServer", provider: StravaProvider, account: Account) -> None:
    server.server.server_close()
    with pytest.raises(Unavailable, match="did not answer"):
        provider.fetch_activity(account, "5")


def test_an_id_cannot_lead_elsewhere(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.status = 404
    with pytest.raises(NotFound):
        provider.fetch_activity(account, "../athlete?x=")
    assert urlsplit(server.asked[0][1]).path == "/api/v3/activities/..%2Fathlete%3Fx%3D/streams"


@pytest.mark.parametrize("cursor", ["", "x", "7", "1/-1/2", "1/1.5/2", "1/²/2", "1/2/3/4"])
def test_other_cursors_are_refused(provider: StravaProvider, account: Account, cursor: str) -> None:
    with pytest.raises(BadData, match="cursor"):
        provider.list_activities(account, WINDOW, cursor)


def test_looking_up_is_one_request_for_the_detailed_activity(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = RIDE
    found = provider.look_up(account, "154504250376823")
    assert urlsplit(server.asked[0][1]).path == "/api/v3/activities/154504250376823"
    assert [(document.kind, document.body) for document in found.documents] == [("detail", RIDE)]
    assert found.supersedes == {"summary"}
    server.body = b"[" + RIDE + b"]"
    (row,) = provider.list_activities(account, WINDOW, None).activities
    assert (row.external_id, row.started_at, row.has_more, row.revision) == (
        found.external_id,
        found.started_at,
        found.has_more,
        found.revision,
    )


def test_a_year_at_the_local_strava(local_provider: StravaProvider, connected: Account) -> None:
    now = datetime.now(UTC)
    year = Window(since=now - timedelta(days=365), until=now)
    listed = everything(local_provider, connected, year)
    assert len(listed) > 150
    assert len({activity.external_id for activity in listed}) == len(listed)
    assert all(year.since <= activity.started_at < year.until for activity in listed)
    assert {activity.has_more for activity in listed} == {True, False}
    manual = next(activity for activity in listed if not activity.has_more)
    with pytest.raises(NotFound):
        local_provider.fetch_activity(connected, manual.external_id)


def test_what_starts_at_a_bound(local_provider: StravaProvider, connected: Account) -> None:
    now = datetime.now(UTC)
    listed = everything(local_provider, connected, Window(since=now - timedelta(days=21), until=now))
    listed.sort(key=lambda activity: activity.started_at)
    first, second = listed[:2]
    between = Window(since=first.started_at, until=second.started_at)
    found = everything(local_provider, connected, between)
    assert [activity.external_id for activity in found] == [first.external_id]


def test_a_crop_changes_the_revision_and_kudos_do_not(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    summary = {
        "id": 5,
        "start_date": "2026-03-02T05:06:07Z",
        "elapsed_time": 60,
        "distance": 100,
        "upload_id": 1,
    }
    revisions = []
    for change in ({}, {"kudos_count": 9, "name": "Late"}, {"elapsed_time": 50}, {"distance": 99}):
        server.body = json.dumps([summary | change]).encode()
        revisions += [
            activity.revision for activity in provider.list_activities(account, WINDOW, None).activities
        ]
    assert revisions[0] == revisions[1]
    assert len(set(revisions)) == 3
