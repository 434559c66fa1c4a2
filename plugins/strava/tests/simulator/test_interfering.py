"""Faults on demand, over real HTTP."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.interfering import Active, Fault
from training_analyzer_strava.simulator.serving import RunningSimulator, running_simulator

if TYPE_CHECKING:
    from training_analyzer_strava.simulator.world import World

LIST = "/api/v3/athlete/activities"


@pytest.fixture(scope="module")
def simulator(world: "World") -> Iterator[RunningSimulator]:
    with running_simulator(world) as running:
        yield running


@pytest.fixture
def client(simulator: RunningSimulator) -> Iterator[httpx.Client]:
    settings = simulator.settings
    with httpx.Client(base_url=simulator.url, trust_env=False, verify=False, timeout=60) as client:
        asked = {
            "client_id": settings.client_id,
            "redirect_uri": "http://localhost/callback",
            "response_type": "code",
            "scope": "read,activity:read_all",
            "state": "s",
        }
        back = httpx.URL(authorize(str(httpx.URL(simulator.url + "/oauth/authorize", params=asked))))
        answer = client.post("/oauth/token", data=_form(simulator, code=back.params["code"]))
        tokens = answer.json()
        client.headers["authorization"] = f"Bearer {tokens['access_token']}"
        client.params = httpx.QueryParams(per_page=5)
        yield client
    simulator.interference.clear()


def _form(simulator: RunningSimulator, **more: str) -> dict[str, str]:
    settings = simulator.settings
    return {
        "client_id": str(settings.client_id),
        "client_secret": settings.client_secret,
        "grant_type": "authorization_code",
        **more,
    }


def fault(client: httpx.Client, **wanted: object) -> None:
    assert client.post("/simulator/faults", json=wanted).status_code == 201


def test_an_error_of_stravas_own(client: httpx.Client) -> None:
    fault(client, kind="status", status=500, purpose="list", skip=1, times=2)
    assert [client.get(LIST).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert client.get("/simulator/faults").json() == []


def test_a_page_instead_of_data(client: httpx.Client) -> None:
    fault(client, kind="page", status=200)
    answer = client.get(LIST)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<")


def test_a_switched_off_application_until_it_is_cleared(client: httpx.Client) -> None:
    fault(client, kind="inactive", times=None)
    for path in (LIST, "/api/v3/athlete"):
        refused = client.get(path)
        assert refused.status_code == 403
        assert refused.json()["errors"] == [
            {"resource": "Application", "field": "Status", "code": "Inactive"}
        ]
    (active,) = client.get("/simulator/faults").json()
    assert active["met"] == 2
    assert client.delete("/simulator/faults").status_code == 204
    assert client.get(LIST).status_code == 200


def test_half_a_body(client: httpx.Client) -> None:
    whole = client.get(LIST).content
    fault(client, kind="truncated", purpose="list")
    assert client.get(LIST).content == whole[: len(whole) // 2]


def test_a_connection_that_breaks_off(client: httpx.Client) -> None:
    fault(client, kind="cut", purpose="list")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(LIST)
    assert client.get(LIST).status_code == 200


def test_an_answer_that_does_not_come_in_time(client: httpx.Client) -> None:
    fault(client, kind="stalled", delay_s=30)
    with pytest.raises(httpx.ReadTimeout):
        client.get(LIST, timeout=0.2)
    fault(client, kind="slow", delay_s=0.05)
    assert client.get(LIST).elapsed.total_seconds() >= 0.05


def test_a_request_that_took_effect_although_its_answer_is_lost(
    client: httpx.Client, simulator: RunningSimulator
) -> None:
    fault(client, kind="status", purpose="revoke", takes_effect=True)
    token = client.headers["authorization"].removeprefix("Bearer ")
    settings = simulator.settings
    lost = client.post(
        "/oauth/revoke",
        data={"token": token},
        auth=httpx.BasicAuth(str(settings.client_id), settings.client_secret),
    )
    assert lost.status_code == 503
    assert simulator.simulation.grants.connected() == []


def test_requests_that_meet_a_fault_count(client: httpx.Client, simulator: RunningSimulator) -> None:
    def used() -> int:
        return simulator.simulation.limits.read.usage(simulator.clock()).day

    before = used()
    for kind in ("status", "page", "inactive", "truncated"):
        fault(client, kind=kind)
        client.get(LIST)
    assert used() == before + 4
    fault(client, kind="status", purpose="token")
    client.post("/oauth/token")
    assert used() == before + 4


def test_one_path_and_a_share_of_requests() -> None:
    assert Fault(kind="status", path="/activities/77/").is_about("/api/v3/activities/77/streams")
    assert not Fault(kind="status", path="/activities/77/").is_about("/api/v3/activities/78/streams")
    some = Active(Fault(kind="status", share=0.3, times=None))
    assert 200 < sum(some.meets() for _ in range(1000)) < 400


@pytest.mark.parametrize(
    "body", [{}, {"kind": "bad"}, {"kind": "status", "times": 0}, {"kind": "slow", "x": 1}]
)
def test_faults_that_make_no_sense_are_refused(client: httpx.Client, body: object) -> None:
    assert client.post("/simulator/faults", json=body).status_code == 422
