"""A process beside us that parses files, when it is asked to, and nothing else: what we are measured by."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import cast

from benchmarks.strava_export import made
from training_analyzer.worker.run import keep_what_is_loaded


@dataclass(frozen=True, slots=True)
class Parsed:
    """What parsing took, by the clock and of the processor, and how many files that were."""

    files: int
    clock_s: float
    processor_s: float


class Yardstick:
    """`fitfast.parse` in a process of its own, so that its memory is not ours."""

    def __init__(self, connection: Connection, process_id: int) -> None:
        self._connection = connection
        self.process_id = process_id

    def parse(self, first: int, behind: int, *, minutes: int) -> Parsed:
        """Parse the sound ones among these files of the export, unpacked beforehand."""
        self._connection.send((first, behind, minutes))
        return cast("Parsed", self._connection.recv())


@contextmanager
def yardstick() -> Iterator[Yardstick]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Yardstick(ours, process.pid or 0)
    finally:
        ours.close()
        process.join()


def _serve(connection: Connection) -> None:
    import fitfast

    keep_what_is_loaded()  # as in the process that is measured by this
    while True:
        try:
            first, behind, minutes = connection.recv()
        except EOFError:
            return
        files = made(behind, first=first, minutes=minutes)
        contents = [gzip.decompress(one.content) for one in files if not one.broken]
        clock, processor = time.perf_counter(), time.process_time()
        for content in contents:
            fitfast.parse(content)
        connection.send(Parsed(len(contents), time.perf_counter() - clock, time.process_time() - processor))
