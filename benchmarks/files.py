"""
From a bulk export to stored and measured activities: files per second, beside parsing alone; peak memory.

    python -m benchmarks.files 2000

Parsing alone is what fitfast, which we use, makes of the same unpacked files without storing or computing
anything. It parses a block of files after each block of ours, in a process of its own, so that both see
the same machine; each block has a ratio, and their median is what counts. What belongs to no block
(handing over, the days at the end) is shared out among all files.
"""

import gzip
import importlib.util
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.processors import below_s
from benchmarks.strava_export import Made, made, write
from benchmarks.yardstick import Parsed, Yardstick, yardstick
from training_analyzer import pipeline
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion.handing_over import Desk, bundles, look
from training_analyzer.runtime import Runtime
from training_analyzer.settings import Settings
from training_analyzer.storage import athletes, work
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.secrets import KeyRing
from training_analyzer.worker.run import keep_what_is_loaded, work_on

MAY_TAKE: Final = 2.0
"""Times what parsing alone takes."""
POINTS_ALONE: Final = 60
SLOW_PARSED_ALONE: Final = 4
QUARTERS: Final = 4
PLUGINS: Final = ("metrics_default", "files")


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock, and of the processors: ours and the database's. NaN where nobody can tell."""

    clock_s: float
    processors_s: float

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.clock_s + other.clock_s, self.processors_s + other.processors_s)


@dataclass(frozen=True, slots=True)
class Block:
    """Files read, stored and measured in one unit of work, and the same files parsed alone."""

    taken: Taken
    alone: Parsed


@dataclass(slots=True)
class Outcome:
    """What a run brought."""

    files: int
    activities: int = 0
    blocks: list[Block] = field(default_factory=list)
    of_all: Taken = Taken(0, 0)
    """What belongs to no block."""
    peaks_mib: list[float] = field(default_factory=list)
    """Peak memory after each quarter of the files."""

    @property
    def sound(self) -> int:
        return sum(block.alone.files for block in self.blocks)

    def each_s(self, which: Callable[[Taken], float]) -> float:
        """Return what a sound file took, all in all."""
        return which(sum((block.taken for block in self.blocks), self.of_all)) / self.sound

    def ratios(self, which: Callable[[Taken], float], alone: Callable[[Parsed], float]) -> list[float]:
        """Return of each block how many times the parsing alone it took."""
        shared_s = which(self.of_all) / self.sound
        return [
            (which(block.taken) + shared_s * block.alone.files) / alone(block.alone) for block in self.blocks
        ]


def run(files: int, *, minutes: int = 60) -> Outcome:
    """Hand an export over and work it off in this process, beside the yardstick."""
    with (
        tempfile.TemporaryDirectory() as folder,
        yardstick() as alone,
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
            as_of=listed[-1].started_at + timedelta(days=1),  # or there would be ever more days to write
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

        def hand_over() -> None:
            for bundle in bundles(look(path)):
                for _ in desk.hand_over(bundle, now=runtime.now()):
                    pass

        outcome = Outcome(files)
        alone.parse(0, min(files, 10), minutes=minutes)  # once, to be warm
        keep_what_is_loaded()  # as every worker does before it forks
        outcome.of_all += _timed(hand_over, alone)
        _work_off(runtime, athlete_id, listed, alone, outcome, minutes=minutes)
        with runtime.database.transaction(athlete_id) as tx:
            outcome.activities = tx.execute(
                text("SELECT count(DISTINCT activity_id) FROM measurements")
            ).scalar_one()
        runtime.close()
    return outcome


def _work_off(
    runtime: Runtime,
    athlete_id: UUID,
    listed: list[Made],
    alone: Yardstick,
    outcome: Outcome,
    *,
    minutes: int,
) -> None:
    read = 0
    while due := _due(runtime):
        for unit in due:
            taken = _timed(partial(work_on, runtime, unit), alone)
            with runtime.database.transaction(athlete_id) as tx:
                reached = tx.execute(text("SELECT count(*) FROM upload_results")).scalar_one()
            if any(not one.broken for one in listed[read:reached]):
                outcome.blocks.append(Block(taken, alone.parse(read, reached, minutes=minutes)))
            else:
                outcome.of_all += taken
            read = reached
            peaks = outcome.peaks_mib
            while len(peaks) < QUARTERS and read >= len(listed) * (len(peaks) + 1) // QUARTERS:
                peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _due(runtime: Runtime) -> list[int]:
    with runtime.database.transaction() as tx:
        return [
            unit
            for priority in ("high", "low")
            for unit in work.ring(tx, priority, now=runtime.now(), room=100, patience_s=0)
        ]


def _timed(action: Callable[[], None], alone: Yardstick) -> Taken:
    servers_s = below_s(without=alone.process_id)
    clock_s, processor_s = time.perf_counter(), time.process_time()
    action()
    clock_s, processor_s = time.perf_counter() - clock_s, time.process_time() - processor_s
    return Taken(clock_s, processor_s + below_s(without=alone.process_id) - servers_s)


def parsed_alone(parse: Callable[[bytes], object], files: int) -> float:
    """Return the milliseconds that parsing a sound file takes by itself."""
    contents = [gzip.decompress(one.content) for one in made(files) if not one.broken]
    begun = time.perf_counter()
    for content in contents:
        parse(content)
    return (time.perf_counter() - begun) * 1000 / len(contents)


def main(files: int) -> None:
    outcome = run(files)
    console = Console(highlight=False, width=120)
    clock_s = outcome.each_s(lambda taken: taken.clock_s)
    console.print(
        f"{outcome.files:,} files of an hour ({outcome.files - outcome.sound} of them broken); "
        f"{outcome.activities:,} activities stored and measured in {clock_s * outcome.sound:.1f} s: "
        f"{outcome.files / outcome.sound / clock_s:.1f} files/s."
    )
    _print_ratios(outcome, console)
    peaks = ", ".join(f"{peak:.0f}" for peak in outcome.peaks_mib)
    console.print(f"Peak memory of the process after each quarter of the files: {peaks} MiB.")
    _print_others(console)


def _print_ratios(outcome: Outcome, console: Console) -> None:
    title = f"From file to measured activity: at most {MAY_TAKE:g} times parsing it (fitfast.parse)"
    columns = ("measured by", "ms a file", "parsing alone", "median of blocks", "least", "most")
    table = Table(*columns, title=title)
    measured: tuple[tuple[str, Callable[[Taken], float], Callable[[Parsed], float]], ...] = (
        ("the processors", lambda taken: taken.processors_s, lambda parsed: parsed.processor_s),
        ("the clock", lambda taken: taken.clock_s, lambda parsed: parsed.clock_s),
    )
    for name, which, alone in measured:
        alone_ms = sum(alone(block.alone) for block in outcome.blocks) * 1000 / outcome.sound
        ratios = outcome.ratios(which, alone)
        numbers = (f"{ratio:.2f}" for ratio in (median(ratios), min(ratios), max(ratios)))
        table.add_row(name, f"{outcome.each_s(which) * 1000:.1f}", f"{alone_ms:.1f}", *numbers)
    console.print(table)


def _print_others(console: Console) -> None:
    import fitfast

    taken = {"fitfast: points only (records)": parsed_alone(fitfast.records, POINTS_ALONE)}
    if importlib.util.find_spec("fitdecode"):
        import fitdecode

        taken["fitdecode"] = parsed_alone(lambda body: list(fitdecode.FitReader(body)), SLOW_PARSED_ALONE)
    for name, taken_ms in taken.items():
        console.print(f"{name}: {taken_ms:.1f} ms a file, by the clock.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
