"""Rate limits: two buckets, two windows, four headers, and what is not counted."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from training_analyzer_strava.simulator.settings import Limit

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication

HEADERS = ("x-ratelimit-limit", "x-ratelimit-usage", "x-readratelimit-limit", "x-readratelimit-usage")


def test_each_answer_of_the_api_tells_limits_and_usage(connected: "Application") -> None:
    for number in (1, 2, 3):
        answer = connected.get("/athlete")
        assert [answer.headers[name] for name in HEADERS] == [
            "200,2000",
            f"{number},{number}",
            "100,1000",
            f"{number},{number}",
        ]


def test_requests_for_tokens_tell_nothing_and_are_not_counted(application: "Application") -> None:
    answer = application.exchange(application.code())
    assert not set(HEADERS) & set(answer.headers)
    application.use(answer.json()["access_token"])
    assert application.get("/athlete").headers["x-ratelimit-usage"] == "1,1"


def test_streams_and_what_is_not_found_are_counted_without_headers(connected: "Application") -> None:
    ride = connected.activities(per_page=1)[0]
    for answer in (connected.get(f"/activities/{ride['id']}/streams"), connected.get("/activities/1")):
        assert not set(HEADERS) & set(answer.headers)
    assert connected.get("/athlete").headers["x-ratelimit-usage"] == "4,4"


def test_an_unknown_token_counts_for_nobody(connected: "Application") -> None:
    connected.http.get("/api/v3/athlete", headers={"authorization": "Bearer unknown"})
    assert connected.get("/athlete").headers["x-ratelimit-usage"] == "1,1"


def test_beyond_the_read_limit_429_in_the_present_shape(open_application: "OpenApplication") -> None:
    application = open_application(read_limit=Limit(2, 1000))
    application.connect()
    answers = [application.get("/athlete") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json() == {
        "message": "Rate Limit Exceeded",
        "errors": [{"resource": "Application", "field": "read rate limit", "code": "exceeded"}],
    }
    assert answers[-1].headers["x-readratelimit-usage"] == "3,3"
    assert "retry-after" not in answers[-1].headers


def test_beyond_the_overall_limit_429_names_it(open_application: "OpenApplication") -> None:
    application = open_application(overall_limit=Limit(1, 2000))
    application.connect()
    application.get("/athlete")
    (error,) = application.get("/athlete").json()["errors"]
    assert error["field"] == "overall rate limit"


def test_beyond_a_limit_429_in_the_shape_of_2018(open_application: "OpenApplication") -> None:
    application = open_application(read_limit=Limit(0, 1000), limit_body="2018")
    application.connect()
    answer = application.get("/athlete")
    assert answer.status_code == 429
    assert answer.json() == {"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}


def test_streams_are_limited_too(open_application: "OpenApplication") -> None:
    application = open_application(read_limit=Limit(1, 1000))
    application.connect()
    ride = application.activities(per_page=1)[0]
    assert application.get(f"/activities/{ride['id']}/streams").status_code == 429


def test_windows_are_aligned_to_the_quarter_hour_and_to_midnight_utc(connected: "Application") -> None:
    clock = connected.simulation.clock
    usage = {}
    for moment in ("20:14:59", "20:15:00", "20:29:59", "20:30:00", "23:59:59"):
        clock.show(datetime.fromisoformat(f"2026-11-23T{moment}+00:00"))
        usage[moment] = connected.get("/athlete").headers["x-ratelimit-usage"]
    clock.show(datetime(2026, 11, 24, tzinfo=UTC))
    usage["midnight"] = connected.get("/athlete").headers["x-ratelimit-usage"]
    assert usage == {
        "20:14:59": "1,1",
        "20:15:00": "1,2",
        "20:29:59": "2,3",
        "20:30:00": "1,4",
        "23:59:59": "1,5",
        "midnight": "1,1",
    }


def test_requests_that_violate_the_short_limit_count_towards_the_day(
    open_application: "OpenApplication",
) -> None:
    application = open_application(read_limit=Limit(2, 5))
    application.connect()
    assert [application.get("/athlete").status_code for _ in range(5)] == [200, 200, 429, 429, 429]
    application.simulation.clock.advance(timedelta(minutes=15))
    assert application.get("/athlete").status_code == 429, "the day is used up by refused requests"
    application.simulation.clock.show(datetime(2026, 11, 24, tzinfo=UTC))
    assert application.get("/athlete").status_code == 200
