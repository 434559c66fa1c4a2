"""What the processes below this one have taken of the processors: on Linux, from `/proc`."""

import os
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")


def below_s(*, without: int = 0) -> float:
    """Return the seconds of all processes below this one, but `without`; NaN where nobody can tell."""
    if not PROC.is_dir():
        return float("nan")
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            said = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(folder.name)] = int(said[1])
        ticks[int(folder.name)] = sum(int(said[place]) for place in range(11, 15))
    mine = os.getpid()
    below = sum(ticks[one] for one in parents if one != mine and _is_below(one, mine, parents, without))
    return below / os.sysconf("SC_CLK_TCK")


def _is_below(process: int, mine: int, parents: dict[int, int], without: int) -> bool:
    while process not in {mine, 0}:
        if process == without:
            return False
        process = parents.get(process, 0)
    return process == mine
