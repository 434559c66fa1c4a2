"""Whoever dies, however: no server is left behind, nothing is lost, and the next start works at once."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
import redis

from tests.waiting import PATIENCE_S
from training_analyzer.embedded import EmbeddedServers, ServerDied

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")


class Owner(Protocol):
    process: subprocess.Popen[str]
    socket_directory: Path
    server_pids: set[int]


StartOwner = Callable[..., Owner]


def rides(servers: EmbeddedServers) -> int:
    with psycopg.connect(servers.database_owner_url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM rides").fetchone()
    assert row is not None
    count: int = row[0]
    return count


def postmaster_pid(directory: Path) -> int:
    return int((directory / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def valkey_pid(servers: EmbeddedServers) -> int:
    with redis.Redis.from_url(servers.redis_url, decode_responses=True) as client:
        pid: int = client.info("server")["process_id"]
    return pid


def wait_for_death_report(servers: EmbeddedServers) -> ServerDied:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            servers.check()
        except ServerDied as death:
            return death
        time.sleep(0.02)
    raise AssertionError("no death was reported")


@pytest.mark.parametrize("killing", [signal.SIGKILL, signal.SIGTERM], ids=lambda s: s.name)
def test_a_killed_owner_leaves_no_server_and_no_loss(
    place: Path, start_owner: StartOwner, all_gone: Callable[[set[int]], bool], killing: signal.Signals
) -> None:
    owner = start_owner(place / "data")
    assert len(owner.server_pids) >= 4
    owner.process.send_signal(killing)
    owner.process.wait()
    with EmbeddedServers(place / "data") as servers:  # at once: the old ones may still be ending
        assert rides(servers) == 1
    assert all_gone(owner.server_pids)


@pytest.mark.slow
def test_an_owner_killed_again_and_again_keeps_its_data(place: Path, start_owner: StartOwner) -> None:
    for _ in range(3):
        owner = start_owner(place / "data")
        owner.process.kill()
        owner.process.wait()
    with EmbeddedServers(place / "data") as servers:
        assert rides(servers) == 3


@pytest.mark.slow
def test_an_owner_killed_while_creating_its_data_can_start_again(place: Path) -> None:
    program = "import sys; from pathlib import Path; from training_analyzer.embedded import EmbeddedServers; "
    program += "EmbeddedServers(Path(sys.argv[1])).__enter__()"
    unfinished = place / "data" / "postgres.unfinished"
    killed = False
    while not killed:  # in the middle: whoever looks too late tries again
        shutil.rmtree(place / "data", ignore_errors=True)
        with subprocess.Popen([sys.executable, "-c", program, str(place / "data")]) as owner:
            while owner.poll() is None and not killed:
                killed = (unfinished / "PG_VERSION").exists()
                time.sleep(0.01)
            owner.kill()
    with EmbeddedServers(place / "data") as servers:
        servers.check()
        assert not unfinished.exists()


def test_a_killed_ephemeral_owner_leaves_no_files(
    start_owner: StartOwner, all_gone: Callable[[set[int]], bool]
) -> None:
    owner = start_owner(None)
    owner.process.kill()
    owner.process.wait()
    assert all_gone(owner.server_pids)
    assert not owner.socket_directory.parent.exists()


@pytest.mark.slow
def test_a_forked_child_of_a_killed_owner_holds_nothing(
    place: Path, start_owner: StartOwner, all_gone: Callable[[set[int]], bool]
) -> None:
    fork = "import os; child = os.fork(); child and print(child, flush=True); time.sleep(3600)"
    owner = start_owner(place / "data", fork)
    assert owner.process.stdout is not None
    survivor = int(owner.process.stdout.readline())
    owner.server_pids.discard(survivor)
    owner.process.kill()
    owner.process.wait()
    try:
        assert all_gone(owner.server_pids)
        with EmbeddedServers(place / "data") as servers:
            assert rides(servers) == 1
        os.kill(survivor, 0)  # it lives, and kept neither the servers nor the lock
    finally:
        os.kill(survivor, signal.SIGKILL)


@LINUX_ONLY
def test_a_killed_leash_takes_its_server_along(used_data: Path, all_gone: Callable[[set[int]], bool]) -> None:
    with EmbeddedServers(used_data, valkey=False) as servers:
        server_pid = postmaster_pid(used_data)
        leash_pid = int(Path(f"/proc/{server_pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(leash_pid, signal.SIGKILL)
        assert "SIGKILL" in str(wait_for_death_report(servers))
        assert all_gone({server_pid})


def test_a_crashed_postgres_is_reported_with_its_log(used_data: Path) -> None:
    with EmbeddedServers(used_data) as servers:
        os.kill(postmaster_pid(used_data), signal.SIGQUIT)
        death = wait_for_death_report(servers)
    assert death.server == "PostgreSQL"
    assert "immediate shutdown" in str(death)


def test_a_crashed_valkey_is_reported(used_data: Path) -> None:
    with EmbeddedServers(used_data, postgres=False) as servers:
        os.kill(valkey_pid(servers), signal.SIGKILL)
        death = wait_for_death_report(servers)
    assert death.server == "Valkey"
    assert "killed by SIGKILL" in str(death)


def test_postgres_killed_with_open_connections_recovers(place: Path) -> None:
    with EmbeddedServers(place / "data") as servers:
        with psycopg.connect(servers.database_owner_url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE rides AS SELECT 1")
        idle = psycopg.connect(servers.database_url.replace("+psycopg", ""))
        os.kill(postmaster_pid(place / "data"), signal.SIGKILL)
        wait_for_death_report(servers)
    with EmbeddedServers(place / "data") as servers:
        assert rides(servers) == 1
    idle.close()


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(used_data: Path) -> None:
    with EmbeddedServers(used_data, valkey=False):
        pid_file = used_data / "postgres" / "postmaster.pid"
        content = pid_file.read_text()
    pid_file.write_text(content.replace(content.split("\n", 1)[0], "1", 1))
    with EmbeddedServers(used_data, valkey=False) as servers:
        servers.check()
        assert postmaster_pid(used_data) != 1


def test_a_stop_during_open_transactions_is_quick(used_data: Path) -> None:
    with EmbeddedServers(used_data, valkey=False) as servers:
        connection = psycopg.connect(servers.database_owner_url.replace("+psycopg", ""))
        connection.execute("CREATE TEMPORARY TABLE abandoned ()")
    log = (used_data / "log" / "postgres.log").read_text()
    assert "fast shutdown" in log, "it does not wait for the transaction, which never ends"
    connection.close()


def test_the_end_of_the_thread_that_started_them_does_not_end_the_servers() -> None:
    servers = EmbeddedServers(ephemeral=True, postgres=False)
    starter = threading.Thread(target=servers.__enter__)
    starter.start()
    starter.join()
    with redis.Redis.from_url(servers.redis_url) as client:
        for _ in range(10):
            assert client.ping()
            time.sleep(0.02)
    servers.check()
    servers.__exit__(None, None, None)


def test_ctrl_c_reaches_the_owner_and_not_its_servers() -> None:
    program = (
        "import signal, time; from training_analyzer.embedded import EmbeddedServers\n"
        # whoever starts the tests in the background of a shell has us ignore it
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with EmbeddedServers(ephemeral=True, postgres=False) as servers:\n"
        "    try: print('ready', flush=True); time.sleep(3600)\n"
        "    except KeyboardInterrupt: time.sleep(0.3); servers.check(); print('they still run')\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        os.killpg(owner.pid, signal.SIGINT)  # what a terminal does
        assert owner.stdout.read() == "they still run\n"
    assert owner.returncode == 0
