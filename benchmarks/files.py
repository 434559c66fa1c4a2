"""
From a bulk export to stored and measured activities: files per second, beside parsing alone; peak memory.

    python -m benchmarks.files 2000

Parsing alone is what libraries make of the same unpacked files, without storing or computing anything:
fitfast, which we use, and fitdecode, where it is installed. All of it in one process, in one run.
"""

import gzip
import importlib.util
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.strava_export import made, write
from training_analyzer import pipeline
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion.handing_over import Desk, bundles, look
from training_analyzer.runtime import Runtime
from training_analyzer.settings import Settings
from training_analyzer.storage import athletes, work
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.secrets import KeyRing
from training_analyzer.worker.run import keep_what_is_loaded, work_on

PARSED_ALONE: Final = 60
SLOW_PARSED_ALONE: Final = 4
PLUGINS: Final = ("metrics_default", "files")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run brought."""

    files: int
    refused: int
    activities: int
    handed_over_s: float
    worked_s: float
    peaks_mib: tuple[float, ...]
    """Peak memory after each quarter of the files."""


def run(files: int, *, minutes: int = 60) -> Outcome:
    """Hand an export over, work it off in this process, and look at the memory on the way."""
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedServers(ephemeral=True) as servers,
    ):
        migrate(servers.database_owner_url, servers.database_url)
        path = Path(folder) / "export.zip"
        listed = write(path, files, minutes=minutes)
        settings = Settings(
            database_url=SecretStr(servers.database_url),
            redis_url=SecretStr(servers.redis_url),
            secret_keys=SecretStr(KeyRing.generate()),
            plugins=PLUGINS,
        )
        runtime = Runtime(settings)
        with runtime.database.transaction() as tx:
            athlete_id = athletes.register(
                tx, email="bench@example.org", password_hash="-", name="", sex=None, birth_year=None
            )
        desk = Desk(
            runtime.database,
            athlete_id,
            "files",
            "command",
            lambda tx, event: pipeline.record(tx, [event], now=runtime.now()),
        )
        keep_what_is_loaded()  # as every worker does before it forks
        begun = time.perf_counter()
        for bundle in bundles(look(path)):
            for _ in desk.hand_over(bundle, now=runtime.now()):
                pass
        handed = time.perf_counter()
        peaks = _work_off(runtime, athlete_id, len(listed))
        worked = time.perf_counter()
        count = "SELECT count(DISTINCT activity_id) FROM measurements"
        with runtime.database.transaction(athlete_id) as tx:
            measured: int = tx.execute(text(count)).scalar_one()
        runtime.close()
    refused = sum(bool(one.broken) for one in listed)
    return Outcome(len(listed), refused, measured, handed - begun, worked - handed, peaks)


def _work_off(runtime: Runtime, athlete_id: UUID, files: int) -> tuple[float, ...]:
    peaks: list[float] = []
    while True:
        with runtime.database.transaction() as tx:
            due = [
                unit
                for priority in ("high", "low")
                for unit in work.ring(tx, priority, now=runtime.now(), room=100, patience_s=0)
            ]
        for unit in due:
            work_on(runtime, unit)
        with runtime.database.transaction(athlete_id) as tx:
            done = tx.execute(text("SELECT count(*) FROM upload_results")).scalar_one()
        while len(peaks) < 4 and done >= files * (len(peaks) + 1) // 4:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        if not due:
            return tuple(peaks)


def parsed_alone(parse: Callable[[bytes], object], files: int, *, minutes: int = 60) -> float:
    """Return the milliseconds that parsing a sound file takes by itself."""
    contents = [gzip.decompress(one.content) for one in made(files, minutes=minutes) if not one.broken]
    begun = time.perf_counter()
    for content in contents:
        parse(content)
    return (time.perf_counter() - begun) * 1000 / len(contents)


def main(files: int) -> None:
    import fitfast

    alone = {"fitfast: everything (parse)": parsed_alone(fitfast.parse, PARSED_ALONE)}
    alone["fitfast: points only (records)"] = parsed_alone(fitfast.records, PARSED_ALONE)
    if importlib.util.find_spec("fitdecode"):
        import fitdecode

        alone["fitdecode"] = parsed_alone(lambda body: list(fitdecode.FitReader(body)), SLOW_PARSED_ALONE)
    outcome = run(files)
    alone["fitfast: everything, once more"] = parsed_alone(fitfast.parse, PARSED_ALONE)
    each_ms = outcome.worked_s * 1000 / (outcome.files - outcome.refused)
    console = Console(highlight=False)
    console.print(
        f"{outcome.files:,} files of an hour ({outcome.refused} of them broken) handed over in "
        f"{outcome.handed_over_s:.1f} s; {outcome.activities:,} activities stored and measured in "
        f"{outcome.worked_s:.1f} s: {outcome.files / outcome.worked_s:.1f} files/s, {each_ms:.1f} ms each."
    )
    table = Table("parsing alone", "ms a file", "from file to measured takes", title="Beside parsing alone")
    for name, taken_ms in alone.items():
        table.add_row(name, f"{taken_ms:.1f}", f"{each_ms / taken_ms:.2f} times as long")
    console.print(table)
    peaks = ", ".join(f"{peak:.0f}" for peak in outcome.peaks_mib)
    console.print(f"Peak memory of the process after each quarter of the files: {peaks} MiB.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
