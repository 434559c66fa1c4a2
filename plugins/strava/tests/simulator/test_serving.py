"""The simulator as it runs: in a thread, and as a command."""

import json
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest

from tests.waiting import PATIENCE_S
from training_analyzer_strava.simulator.browser import authorize, cancel
from training_analyzer_strava.simulator.cli import main
from training_analyzer_strava.simulator.serving import running_simulator
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.world import World

COMMAND = (sys.executable, "-m", "training_analyzer_strava.simulator.cli")


def consent_url(url: str, client_id: int, scope: str = "read,activity:read,activity:read_all") -> str:
    query = {
        "client_id": client_id,
        "redirect_uri": "http://localhost/callback",
        "response_type": "code",
        "scope": scope,
        "state": "s",
    }
    return str(httpx.URL(url + "/oauth/authorize", params=query))


def test_it_serves_from_a_thread_and_stops(world: World) -> None:
    with running_simulator(world) as simulator:
        assert httpx.get(simulator.url, timeout=PATIENCE_S).status_code == 200
        port = httpx.URL(simulator.url).port
        assert port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)
    assert "simulated-strava" not in {thread.name for thread in threading.enumerate()}


def test_two_run_beside_each_other(world: World) -> None:
    with running_simulator(world) as one, running_simulator(world, Settings(client_id=2)) as two:
        assert one.url != two.url
        back = authorize(consent_url(two.url, 2))
        assert "code=" in back
        assert len(two.journal.records("authorize")) == 2
        assert one.journal.records() == []


def test_a_browser_can_untick_and_cancel(world: World) -> None:
    with running_simulator(world) as simulator:
        url = consent_url(simulator.url, simulator.settings.client_id)
        unticked = httpx.URL(authorize(url, untick={"activity:read_all"})).params
        assert unticked["scope"] == "read,activity:read"
        assert httpx.URL(cancel(url)).params["error"] == "access_denied"
        with pytest.raises(httpx.HTTPStatusError):
            authorize(consent_url(simulator.url, 1))


def test_it_answers_quickly_once_it_is_warm(world: World) -> None:
    with (
        running_simulator(world) as simulator,
        httpx.Client(base_url=simulator.url, verify=False, timeout=PATIENCE_S) as client,
    ):
        settings = simulator.settings
        code = httpx.URL(authorize(consent_url(simulator.url, settings.client_id))).params["code"]
        form = {"client_id": settings.client_id, "client_secret": settings.client_secret}
        exchange = {**form, "code": code, "grant_type": "authorization_code"}
        token = client.post("/oauth/token", data=exchange).json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        rows = client.get("/api/v3/athlete/activities", params={"per_page": 200}).json()
        longest = max(rows, key=lambda row: row["moving_time"])["id"]
        addresses = (
            "/api/v3/athlete/activities?per_page=200",
            f"/api/v3/activities/{longest}/streams?keys=watts,time",
        )
        for address in addresses:
            client.get(address)
            took_s = []
            for _ in range(5):
                begin_s = time.process_time()  # of this process: nobody knows what others leave it
                assert client.get(address).status_code == 200
                took_s.append(time.process_time() - begin_s)
            assert min(took_s) < 0.1, address


def test_the_command_prints_its_address_first_and_keeps_its_clock() -> None:
    command = [
        *COMMAND,
        "--as-of",
        "2026-03-01T08:00:00Z",
        "--seed",
        "7",
        "--read-limit",
        "3,9",
        "--capacity",
        "4",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            state = httpx.get(url + "/simulator/state", timeout=PATIENCE_S).json()
            shown = datetime.fromisoformat(state["now"])
            assert 0 <= (shown - datetime(2026, 3, 1, 8, tzinfo=UTC)).total_seconds() < PATIENCE_S
            assert state["read"]["limit"] == "3,9"
            assert state["overall"]["limit"] == "200,2000"
            assert state["capacity"] == 4
            assert [athlete["id"] for athlete in state["athletes"]] == [91_000_007]
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--read-limit", "many"], "write two numbers"),
        (["--as-of", "soon"], "write a time"),
        (["--recorded", "/no/such/folder"], "athlete_activities_all_pages.json"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_port_that_is_taken_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit):
        main(["--port", str(taken.getsockname()[1])])
    assert "Address already in use" in capsys.readouterr().err


def test_the_package_knows_nothing_of_training_analyzer() -> None:
    script = (
        "import sys, json, pkgutil, importlib, training_analyzer_strava.simulator as package\n"
        "for module in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(json.dumps([name for name in sys.modules if name.split('.')[0] == 'training_analyzer']))\n"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert json.loads(printed.stdout) == []
