"""Live progress: what has arrived, what is still owed, and what it has cost so far."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.live import Live
from rich.table import Table

LOOK_EVERY_S: Final = 1.0
LINE_EVERY_S: Final = 3.0


def watch(
    look: Callable[[], Mapping[str, Any]],
    has_insight: Callable[[], bool],
    console: Console,
    *,
    limit_s: float,
) -> bool:
    """Show progress until the newest weeks and the year are in and explained; return whether they are."""
    begun = time.monotonic()
    # On a terminal the table is drawn over and over; into a file, a line is written when something changes.
    last_line, next_line_at = "", 0.0
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        while True:
            progress = look()
            if console.is_terminal:
                live.update(_table(progress, time.monotonic() - begun))
            elif (line := _line(progress)) != last_line and time.monotonic() > next_line_at:
                console.print(line, soft_wrap=True)
                last_line, next_line_at = line, time.monotonic() + LINE_EVERY_S
            if progress["status"] != "active":
                return False
            if _all_in(progress) and has_insight():
                return True
            if time.monotonic() - begun > limit_s:
                return False
            time.sleep(LOOK_EVERY_S)


def _all_in(progress: Mapping[str, Any]) -> bool:
    """Whether what a new athlete waits for is there and measured; older readings go on coming in."""
    measuring = any(unit["kind"] == "measure" for unit in progress["owed"])
    return bool(progress["summaries_complete"] and progress["initial_complete"] and not measuring)


def _table(progress: Mapping[str, Any], seconds: float) -> Table:
    table = Table.grid(padding=(0, 2))
    for topic, news in _news(progress):
        table.add_row(f"[bold]{topic}", news)
    table.add_row("[bold]time", f"{seconds:.0f} s")
    return table


def _line(progress: Mapping[str, Any]) -> str:
    return " · ".join(f"{topic}: {news}" for topic, news in _news(progress))


def _news(progress: Mapping[str, Any]) -> list[tuple[str, str]]:
    newest = progress["recordings"]["initial"]
    everything = progress["recordings"]["all"]
    done = newest["complete"] + newest["without_more"]
    news = [
        ("newest weeks", f"{done} of {newest['recordings']} activities complete"),
        ("the year", f"{everything['recordings']} summaries"),
        ("requests", ", ".join(f"{purpose} {n}" for purpose, n in progress["requests"].items()) or "none"),
        ("owed", owed(progress) or "nothing"),
    ]
    if progress["arrives_at"]:
        needed = f"{progress['requests_owed']} requests, sent by {clock(progress['arrives_at'])}"
        news.append(("from there", needed))
    if progress["opens_at"]:
        news.append(("quota", f"used up; opens {clock(progress['opens_at'])}"))
    news += [
        (f"{waiting['kind']} waits", f"{waiting['reason']}; tried again {clock(waiting['until'])}")
        for waiting in progress["waiting"]
        if not progress["opens_at"]
    ]
    return news


def owed(progress: Mapping[str, Any]) -> str:
    """Say what is still to be done."""
    totals: dict[str, int] = {}
    for unit in progress["owed"]:
        totals[unit["kind"]] = totals.get(unit["kind"], 0) + unit["units"]
    return ", ".join(f"{kind} {units}" for kind, units in totals.items())


def clock(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%H:%M:%S} UTC"
