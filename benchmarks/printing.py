"""Tables: what metrics cost against their budgets, and ours beside each peer."""

import math
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.metrics import Cost
from benchmarks.peers.comparing import CURVES, Row, Unasked

CONSOLE: Final = Console(width=150)


def print_costs(costs: Iterable[Cost]) -> None:
    table = Table("what", "took", "may take", title="Metrics")
    for cost in costs:
        budget = "" if math.isnan(cost.budget) else f"{cost.budget:g} {cost.unit}"
        table.add_row(cost.name, f"{cost.took:.2f} {cost.unit}", budget)
    CONSOLE.print(table)


def print_peers(found: Iterable[Row | Unasked]) -> None:
    """Print a row for each metric that both compute, and the sums of each peer."""
    table = Table("peer", "metric", "ours ms", "theirs ms", "times", "ours", "theirs", title="Beside peers")
    rows: list[Row] = []
    for one in found:
        if isinstance(one, Unasked):
            CONSOLE.print(f"{one.peer} could not be compared: {one.why}", markup=False)
            continue
        rows.append(one)
        table.add_row(one.peer, one.metric, *_times(one.ours_ms, one.theirs_ms), one.ours, one.theirs)
    for peer, of_peer in groupby(rows, key=lambda row: row.peer):
        shared = list(of_peer)
        curves = [row for row in shared if row.metric.startswith(CURVES)]
        for name, those in (("all that it shares", shared), ("its curves", curves)):
            if those:
                sums = _times(sum(row.ours_ms for row in those), sum(row.theirs_ms for row in those))
                table.add_row(f"[bold]{peer}", f"[bold]{name}", *sums, "", "")
    CONSOLE.print(table)


def _times(ours_ms: float, theirs_ms: float) -> tuple[str, str, str]:
    return f"{ours_ms:.3f}", f"{theirs_ms:.3f}", f"{theirs_ms / ours_ms:.1f}"
