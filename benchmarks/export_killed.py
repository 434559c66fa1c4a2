"""
A bulk export through `training-analyzer upload`, as its user sees it, with everything killed on the way.

    python -m benchmarks.export_killed 2000

`up` with servers of its own, its API and its workers; the command with its bar. Both are killed with
SIGKILL: the command while it hands the archive over, all of `up` while the archive is read, again and
again, and workers in between. Each is started again, as a person would. At the end, what is stored is
held against what was in the archive. Exit code 1 where anything is missing, there twice, or wrongly told.
"""

import argparse
import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import httpx

from benchmarks.strava_export import Made, write

COMMAND: Final = (sys.executable, "-m", "training_analyzer.cli")
EMAIL: Final = "athlete@example.org"
PASSWORD: Final = "correct horse battery staple"
QUARTERS: Final = 4
PATIENCE_S: Final = 300.0
"""Without any progress for so long, something hangs. After each death, the leases' half minute passes."""


def say(news: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {news}", flush=True)


class Stuck(Exception):
    """Nothing goes on. The message says how far it was."""


class Up:
    """`training-analyzer up` on servers of its own: started, killed, started again."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {
            f"TRAINING_ANALYZER_{name}": value
            for name, value in {
                "DATA_DIRECTORY": str(folder / "data"),
                "API_PORT": "0",
                "PLUGINS": "metrics_default,files",
                "LOG_LEVEL": "warning",
            }.items()
        }
        self._folder = folder
        self._log = (folder / "log").open("ab")
        self.url = ""
        self._strangers = workers().keys()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        began = time.monotonic()
        self._process = subprocess.Popen(
            [*COMMAND, "up"],
            env=self.environment,
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
        )
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_pass_on, args=(self._process.stdout, lines), daemon=True).start()
        while True:
            topic, _, news = lines.get(timeout=180).partition(" ")
            if topic == "API":
                self.url = news.strip()
            if topic == "Ready":
                break
        say(f"up is ready after {time.monotonic() - began:.1f} s")

    def kill(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(120)
        assert self._process.stdout is not None
        deadline = time.monotonic() + PATIENCE_S
        while self.workers():  # until the leashes have ended them
            if time.monotonic() > deadline:
                raise Stuck(f"Workers outlived `up`: {sorted(self.workers())}.")
            time.sleep(0.1)  # between two looks

    def workers(self) -> dict[int, float]:
        """Return its workers, and not those of another `up` that runs beside it."""
        return {process: mib for process, mib in workers().items() if process not in self._strangers}

    def tail(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-3000:]


def _pass_on(output: IO[str] | None, lines: queue.Queue[str]) -> None:
    for line in output or ():
        lines.put(line)


def workers() -> dict[int, float]:
    """Return the resident memory, in MiB, of each worker of ours and of the processes in which units run."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,rss=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    mine = sys.executable
    return {
        int(row[0]): int(row[1]) / 1024
        for row in rows
        if not row[2].startswith("Z") and mine in row[3] and "training_analyzer.cli worker" in row[3]
    }


@dataclass
class Seen:
    """What was seen on the way."""

    peaks_mib: list[float] = field(default_factory=lambda: [0.0] * QUARTERS)
    """The largest worker in each quarter of the files."""
    shares: list[tuple[float, int, int]] = field(default_factory=list)
    """Second, files read, files known: what a progress bar is made from."""


class Athlete:
    """Who hands the archive over: the command, and the API for what it does not say."""

    def __init__(self, up: Up, export: Path) -> None:
        self._up = up
        self._export = export
        self._token = ""

    def register(self) -> None:
        body = {"email": EMAIL, "password": PASSWORD, "name": "Athlete"}
        httpx.post(f"{self._up.url}/api/v1/athletes", json=body, timeout=60).raise_for_status()
        login = {"email": EMAIL, "password": PASSWORD}
        said = httpx.post(f"{self._up.url}/api/v1/sessions", json=login, timeout=60)
        self._token = said.raise_for_status().json()["token"]

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        return (
            httpx.get(f"{self._up.url}/api/v1{path}", headers=headers, timeout=60).raise_for_status().json()
        )

    def pages(self, path: str) -> Iterator[Any]:
        cursor = None
        while True:
            page = self.get(f"{path}&cursor={cursor}" if cursor else path)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def upload(self) -> subprocess.Popen[bytes]:
        """Start the command; its bar goes to where ours goes."""
        return subprocess.Popen(
            [*COMMAND, "upload", str(self._export), "-a", EMAIL], env=self._up.environment
        )


def run(files: int, *, minutes: int, kills: int) -> bool:
    """Do it all, print what was seen, and return whether all is as it should be."""
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL may have to run as another user
        export = folder / "export.zip"
        listed = write(export, files, minutes=minutes)
        say(f"the export holds {files:,} activities in {export.stat().st_size / 1e6:,.0f} MB")
        up = Up(folder)
        up.start()
        athlete = Athlete(up, export)
        try:
            athlete.register()
            began = time.monotonic()
            command = athlete.upload()
            time.sleep(2.5)  # it has started, and is handing over
            command.kill()
            command.wait()
            say("the command is killed while it hands the archive over")
            seen = _read(up, athlete, files, kills)
            say(f"read after {time.monotonic() - began:.0f} s")
            _wait_for_measuring(athlete, listed)
            say(f"everything measured after {time.monotonic() - began:.0f} s")
            return _judge(athlete, listed, seen)
        except Stuck as stuck:
            say(up.tail())
            say(f"NO   {stuck}")
            return False
        except BaseException:
            say(up.tail())
            raise
        finally:
            up.kill(signal.SIGTERM)


def _read(up: Up, athlete: Athlete, files: int, kills: int) -> Seen:
    """Let the archive be read, and kill everything at even distances; return what was seen."""
    seen = Seen()
    at = [files * (number + 1) // (kills + 1) for number in range(kills)]
    worker_dies_at = files // (2 * kills + 2)
    began = progress_at = time.monotonic()
    furthest = -1
    command = athlete.upload()
    while True:
        time.sleep(0.5)  # between two looks
        uploads = [one for one in athlete.get("/uploads")["items"] if one["state"] != "receiving"]
        if uploads and uploads[0]["files_read"] > furthest:
            furthest, progress_at = uploads[0]["files_read"], time.monotonic()
        elif time.monotonic() - progress_at > PATIENCE_S:
            raise Stuck(_where(uploads, command))
        if not uploads:
            continue
        (one,) = uploads
        read, known = one["files_read"], one["files_known"]
        seen.shares.append((time.monotonic() - began, read, known))
        quarter = min(QUARTERS - 1, QUARTERS * read // files)
        seen.peaks_mib[quarter] = max(seen.peaks_mib[quarter], *up.workers().values(), 0.0)
        if one["state"] == "done":
            say(f"the command ended with {command.wait(120)}")
            return seen
        if at and read >= at[0]:
            at.pop(0)
            say(f"all of `up` is killed after {read:,} of {known:,} files")
            up.kill(signal.SIGKILL)
            say(f"the command, whose database went away, ended with {command.wait(120)}")
            up.start()
            command = athlete.upload()
        elif read >= worker_dies_at and (there := up.workers()):
            worker_dies_at += files // (kills + 1)
            os.kill(max(there), signal.SIGKILL)  # the newest: the process in which a unit runs, if any
            say(f"a worker, or what it works on, is killed after {read:,} files")


def _where(uploads: list[dict[str, Any]], command: "subprocess.Popen[bytes]") -> str:
    ended = command.poll()
    became = "still runs" if ended is None else f"ended with {ended}"
    if not uploads:
        return f"No upload was registered within {PATIENCE_S:.0f} s; the command {became}."
    read, known = uploads[0]["files_read"], uploads[0]["files_known"]
    return f"Nothing was read for {PATIENCE_S:.0f} s, behind {read:,} of {known:,}; the command {became}."


def _wait_for_measuring(athlete: Athlete, listed: list[Made]) -> None:
    wanted = sum(not one.broken for one in listed)
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        found = sum(1 for _ in athlete.pages("/activities?limit=200"))
        if found == wanted:
            return
        time.sleep(2)  # between two looks


def _judge(athlete: Athlete, listed: list[Made], seen: Seen) -> bool:
    (upload,) = (one for one in athlete.get("/uploads")["items"] if one["state"] == "done")
    results = list(athlete.pages(f"/uploads/{upload['id']}/results?limit=1000"))
    titles = [one["title"] for one in athlete.pages("/activities?limit=200")]
    reasons = {one["name"]: one["reason"] for one in results if one["outcome"] == "refused"}
    broken = {one.name: one.broken for one in listed if one.broken}
    sound = [f"Session {one.number}" for one in listed if not one.broken]
    backwards = sum(
        later[1] < earlier[1] for earlier, later in zip(seen.shares, seen.shares[1:], strict=False)
    )
    checks = {
        "every file has one result": sorted(one["name"] for one in results)
        == sorted(one.name for one in listed),
        "what is broken is refused, each with its reason": reasons.keys() == broken.keys()
        and all(why.lower() in reasons[name].lower() for name, why in broken.items()),
        "every sound file is one activity": sorted(titles) == sorted(sound),
        "progress never goes back": backwards == 0,
        "the whole was known from the first look on": len({known for _, read, known in seen.shares if read})
        == 1,
    }
    peaks = ", ".join(f"{peak:.0f}" for peak in seen.peaks_mib)
    say(f"the largest worker in each quarter of the files: {peaks} MiB")
    for what, holds in checks.items():
        say(f"{'yes' if holds else 'NO '}  {what}")
    return all(checks.values())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export_killed")
    parser.add_argument("files", type=int, nargs="?", default=2000)
    parser.add_argument("--minutes", type=int, default=60, help="of an activity, on average")
    parser.add_argument("--kills", type=int, default=4, help="how often all of `up` is killed")
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        return 0 if run(asked.files, minutes=asked.minutes, kills=asked.kills) else 1
    return 130


if __name__ == "__main__":
    sys.exit(main())
