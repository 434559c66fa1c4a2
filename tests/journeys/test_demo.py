"""The demonstration as its user runs it: a command, real processes, a report."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import psycopg
import pytest
import redis

from tests.waiting import PATIENCE_S, lives, until
from training_analyzer.settings import PREFIX

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT.parent / "shared" / "data" / "strava-ruby-client"
DEMO = [sys.executable, "-m", "training_analyzer.cli", "demo"]
LIMIT_S = 1200

pytestmark = pytest.mark.slow


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that also the unprivileged user of a root's servers may enter, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory(prefix="journey-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return clean | {f"{PREFIX}{name}": value for name, value in more.items()}


def run_demo(report: Path, *arguments: str) -> tuple[str, dict[str, Any]]:
    done = subprocess.run(
        [*DEMO, *arguments, "--limit", str(LIMIT_S), "--json", str(report)],
        env=environment(),
        cwd=report.parent,
        capture_output=True,
        text=True,
        timeout=LIMIT_S + PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    loaded: dict[str, Any] = json.loads(report.read_text())
    return done.stdout, loaded


def test_a_made_up_athlete_from_the_first_click_to_an_insight(tmp_path: Path) -> None:
    printed, report = run_demo(tmp_path / "report.json")

    progress = report["progress"]
    assert progress["summaries_complete"]
    assert progress["initial_complete"]
    newest = progress["recordings"]["initial"]
    assert newest["complete"] > 10
    assert newest["complete"] + newest["without_more"] == newest["recordings"]
    assert not progress["parked"]
    assert not progress["rejected"]
    assert report["requests_counted_there"]["list"] == progress["requests"]["list"]
    assert len(report["activities"]) > 150
    assert any(a["measurements"]["metrics_default.load"]["method"] == "power" for a in report["activities"])
    fitness = report["series"]["metrics_default.fitness"]
    assert fitness[-1] is not None
    assert 20 < fitness[-1] < 120
    assert report["insight"]["backend"] == "gemini"
    assert "stand-in" in report["stand_ins"]["gemini"]
    for heading in (
        "Connection",
        "Requests",
        "still owed",
        "This week",
        "Fitness (CTL)",
        "Insight",
        "cost $",
    ):
        assert heading in printed


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the real recordings are not here")
def test_a_recorded_athlete_arrives_as_recorded(tmp_path: Path) -> None:
    _, report = run_demo(tmp_path / "report.json", "--recorded", str(RECORDED))

    assert len(report["activities"]) == 186
    assert report["requests_counted_there"]["list"] <= 4
    assert report["progress"]["requests"]["list"] <= 4
    assert len(report["days"]) == 366
    fitness = report["series"]["metrics_default.fitness"]
    assert sum(value is not None for value in fitness) == 365  # the year began with the first activity
    assert report["insight"]["backend"] == "rules"
    assert any("terms" in note for note in report["insight"]["notes"])

    recorded = recorded_summaries()
    for activity in report["activities"]:
        (recording,) = activity["recordings"]
        summary = next(d for d in recording["documents"] if d["kind"] == "summary")
        body = recorded[recording["external_id"]]
        assert (summary["size"], summary["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


def recorded_summaries() -> dict[str, bytes]:
    """Each activity's own bytes, by its id."""
    text = (RECORDED / "athlete_activities_all_pages.json").read_text(encoding="utf-8")
    decoder = json.JSONDecoder()
    found: dict[str, bytes] = {}
    at = text.index("{")
    while True:
        summary, end = decoder.raw_decode(text, at)
        found[str(summary["id"])] = text[at:end].encode()
        at = text.find("{", end)
        if at < 0:
            return found


class Serving:
    """A demonstration that goes on running, and what it said of itself."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: dict[str, str] = {}
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.strip().partition(" ")
            self.said[name] = value.strip()
            if name == "Valkey":
                break
        assert process.poll() is None, self.said

    @cached_property
    def _token(self) -> str:
        email, _, password = self.said["Log"].removeprefix("in").strip().partition(" / ")
        answer = httpx.post(
            f"{self.said['API']}/sessions",
            json={"email": email, "password": password},
            timeout=PATIENCE_S,
            trust_env=False,
        )
        return str(answer.raise_for_status().json()["token"])

    def ask(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = httpx.get(self.said["API"] + path, headers=headers, timeout=PATIENCE_S, trust_env=False)
        return answer.raise_for_status().json()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        url = self.said["PostgreSQL"].replace("+psycopg", "").replace("training_analyzer_app", "postgres")
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()

    def flush(self) -> None:
        with redis.Redis(unix_socket_path=unquote(self.said["Valkey"].removeprefix("unix://"))) as client:
            client.flushall()

    def pids(self, *words: str) -> list[int]:
        """Return the processes of this demonstration whose command line holds all of these words."""
        lines = family(self.process.pid)
        return [pid for pid, line in lines.items() if all(word in line for word in words)]


def family(pid: int) -> dict[int, str]:
    """Return the command lines of a process and of all that it has started."""
    found, before = {pid}, set[int]()
    lines = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                lines[int(entry.name)] = (parent, (entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    while found != before:
        before = set(found)
        found |= {child for child, (parent, _) in lines.items() if parent in found}
    return {one: lines[one][1] for one in found if one in lines}


@contextmanager
def serving(data: Path, *arguments: str) -> Iterator[Serving]:
    process = subprocess.Popen(
        [*DEMO, "--serve", "--limit", str(LIMIT_S), *arguments],
        env=environment(DATA_DIRECTORY=str(data)),
        cwd=data,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Serving(process)
    finally:
        left = family(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        process.stdout.close()
        process.wait(PATIENCE_S)
        until(lambda: not any(lives(pid) for pid in left), "left behind")  # they still write to the folder


def test_whatever_is_killed_nothing_is_lost(place: Path) -> None:
    with serving(place) as demo:
        until(lambda: demo.query("SELECT count(*) FROM recordings")[0][0] > 20, "nothing is listed")
        for pid in demo.pids("worker", "--queues"):
            os.kill(pid, signal.SIGKILL)
        demo.flush()

        def all_in() -> bool:
            (connection,) = demo.ask("/connections")["items"]
            progress = demo.ask(f"/connections/{connection['id']}/progress")
            return bool(progress["summaries_complete"] and progress["initial_complete"])

        until(all_in, "not everything arrived", look_every_s=0.25)
        (counted,) = demo.query("SELECT count(*), count(DISTINCT external_id) FROM recordings")
        assert counted[0] == counted[1] > 150
        (documents,) = demo.query(
            "SELECT count(*), count(DISTINCT (recording_id, kind)) FROM documents WHERE replaced_at IS NULL"
        )
        assert documents[0] == documents[1]
        assert demo.query("SELECT count(*) FROM documents WHERE replaced_at IS NOT NULL") == [(0,)]
        assert demo.query("SELECT count(*) FROM work WHERE state = 'parked'") == [(0,)]

        tree = demo.pids()
        assert len(tree) > 6
        demo.process.kill()
        until(lambda: not any(lives(pid) for pid in tree), "left behind")
    with serving(place) as again:

        def each_is_an_activity() -> bool:
            ((recordings, activities),) = again.query(
                "SELECT (SELECT count(*) FROM recordings), (SELECT count(*) FROM activities)"
            )
            return bool(activities == recordings >= counted[0])

        until(each_is_an_activity, "not every recording became an activity")
