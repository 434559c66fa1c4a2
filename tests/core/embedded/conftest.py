"""Directories that the servers' user may enter, and owners of servers in processes of their own."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S
from training_analyzer.embedded import EmbeddedServers

OWNER = """
import sys, time
from pathlib import Path
import psycopg
from training_analyzer.embedded import EmbeddedServers

with EmbeddedServers(Path(sys.argv[1]) if sys.argv[1] else None, ephemeral=not sys.argv[1]) as servers:
    with psycopg.connect(servers.database_owner_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS rides (name text)")
        connection.execute("INSERT INTO rides VALUES ('morning')")
    print(servers.addresses.socket_directory, flush=True)
    exec(sys.argv[2])
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A new folder; unlike `tmp_path`, also the unprivileged user of a root's servers may enter it."""
    with _place() as folder:
        yield folder


@pytest.fixture(scope="module")
def used_data() -> Iterator[Path]:
    """A data directory whose cluster is there already, so that starting on it is quick; it may hold anything."""
    with _place() as folder:
        yield folder / "data"


@pytest.fixture(scope="module")
def servers() -> Iterator[EmbeddedServers]:
    with _place() as folder, EmbeddedServers(folder / "data") as servers:
        yield servers


@contextlib.contextmanager
def _place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="embedded-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


class Owner:
    """A process that runs embedded servers, has written one ride, and now does what it was told."""

    def __init__(self, data_directory: Path | None, then: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(data_directory or ""), then], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.socket_directory = Path(self.process.stdout.readline().strip())
        assert self.socket_directory.is_dir()
        self.server_pids = descendants(self.process.pid)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert all_end(self.server_pids), "a server was left behind"
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def start_owner() -> Iterator[Callable[..., Owner]]:
    with contextlib.ExitStack() as owners:

        def start(data_directory: Path | None, then: str = "time.sleep(3600)") -> Owner:
            owner = Owner(data_directory, then)
            owners.callback(owner.close)
            return owner

        yield start


@pytest.fixture
def all_gone() -> Callable[[set[int]], bool]:
    return all_end


@pytest.fixture
def descendants_of_this_process() -> Callable[[], set[int]]:
    return lambda: descendants(os.getpid())


def all_end(pids: set[int]) -> bool:
    """Whether all these processes end some time."""
    deadline = time.monotonic() + PATIENCE_S
    while pids & set(_parents()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def descendants(pid: int) -> set[int]:
    parents = _parents()
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def _parents() -> dict[int, int]:
    """Each living process's parent."""
    columns = ["ps", "-A", "-o", "pid=,ppid=,stat="]
    with subprocess.Popen(columns, stdout=subprocess.PIPE, text=True) as ps:
        rows = [line.split() for line in ps.communicate()[0].splitlines()]
    living = {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
    living.pop(ps.pid, None)
    return living
