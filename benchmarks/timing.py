"""How often and how long: the median of several rounds, two subjects in turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways to do the same, or a thing and what it is measured by."""

    name: str
    subject: str
    yardstick: str
    subject_ms: float
    yardstick_ms: float

    @property
    def ratio(self) -> float:
        """How many times the yardstick's time the subject takes."""
        return self.subject_ms / self.yardstick_ms


def compare(
    name: str,
    *,
    subject: tuple[str, Callable[[], object]],
    yardstick: tuple[str, Callable[[], object]],
    rounds: int = 15,
    calls: int = 1,
) -> Comparison:
    """Call both in turn, so that a machine that slows down slows both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for measured, (_, call) in zip(times, (subject, yardstick), strict=True):
            begun = time.perf_counter()
            for _ in range(calls):
                call()
            measured.append((time.perf_counter() - begun) * 1000 / calls)
    # The first round warms up.
    return Comparison(name, subject[0], yardstick[0], *(median(measured[1:]) for measured in times))
