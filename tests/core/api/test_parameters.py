"""Query parameters that a route does not know, or that come twice, are refused, but where strangers add their own."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from tests.core.api.test_access import BODIES, UUIDS, routes_of
from tests.core.api.test_problems import check
from training_analyzer.api.problems import Kind

WHATEVER_COMES = "GET /api/v1/connections/{provider}/callback"
NO_ROUTE_OF_OURS = "GET /api/v1/openapi.json"


def test_who_misspells_a_parameter_is_told_which_there_are(ann: httpx.Client) -> None:
    there = "There are: cursor, from, limit, sport, to"
    problem = check(ann.get("/activities?since=2026-01-01"), Kind.INVALID_REQUEST)
    assert problem["detail"] == f"query #/since: There is no such parameter. {there}"
    problem = check(ann.get("/activities?limt=1&sport=ride&sports=run"), Kind.INVALID_REQUEST)
    assert problem["detail"] == (
        f"query #/limt: There is no such parameter. Did you mean `limit`? {there}; "
        f"query #/sports: There is no such parameter. Did you mean `sport`? {there}"
    )


def test_of_a_thousand_made_up_names_ten_are_told(ann: httpx.Client) -> None:
    query = "&".join(f"made_up_{number}=1" for number in range(1000))
    problem = check(ann.get(f"/activities?{query}"), Kind.INVALID_REQUEST)
    assert str(problem["detail"]).count("no such parameter") == 10


def test_a_parameter_that_comes_twice_is_refused(ann: httpx.Client) -> None:
    said = "It is there 2 times, and only one would count."
    problem = check(ann.get("/activities?sport=run&sport=ride&limit=1"), Kind.INVALID_REQUEST)
    assert problem["detail"] == f"query #/sport: {said} Give it once"
    problem = check(ann.get("/days?metrics=fake.fitness&metrics=fake.daily_load"), Kind.INVALID_REQUEST)
    assert problem["detail"] == (
        f"query #/metrics: {said} Name all in one, separated by commas: `metrics=one,other`"
    )


def test_no_route_passes_over_a_parameter(app: FastAPI, ann: httpx.Client, subtests: pytest.Subtests) -> None:
    ids = dict.fromkeys(UUIDS, UUID(int=1)) | {"document_id": 1, "recording_id": 1, "name": "power"}
    of_ours = {route for route in routes_of(app) if " /api/v1/" in route}
    for route in sorted(of_ours - {WHATEVER_COMES, NO_ROUTE_OF_OURS}):
        with subtests.test(route):
            method, path = route.replace("/api/v1", "").split(" ")
            answer = ann.request(method, f"{path.format(**ids)}?nonsense=1", json=BODIES.get(route))
            assert "query #/nonsense: There" in str(check(answer, Kind.INVALID_REQUEST)["detail"])


def test_whoever_watches_may_add_what_they_like(http: httpx.Client, address: str) -> None:
    assert http.get(f"{address}/health/live?at=1").status_code == 200


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/activities", {}),
        ("/days", {"metrics": "fake.fitness"}),
        ("/periods", {}),
        ("/periods", {"by": "all"}),
    ],
)
def test_a_period_that_ends_before_it_begins_is_refused(
    ann: httpx.Client, path: str, more: dict[str, str]
) -> None:
    reversed_period = {"from": "2026-06-16", "to": "2026-06-15"}
    problem = check(ann.get(path, params=reversed_period | more), Kind.INVALID_REQUEST)
    assert (
        problem["detail"] == "query #/from: 2026-06-16 is later than 2026-06-15, where the period is to end."
    )
    one_day = {"from": "2026-06-15", "to": "2026-06-15"}
    assert ann.get(path, params=one_day | more).status_code == 200
