"""`training-analyzer plugins`: what became of each plugin, and why."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from training_analyzer.cli import logs

if TYPE_CHECKING:
    from training_analyzer.registry import PluginReport

STYLES: Final = {
    "active": "green",
    "not_enabled": "dim",
    "missing": "red",
    "ambiguous": "red",
    "misconfigured": "yellow",
    "broken": "red",
}


def plugins(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of objects.")] = False
) -> None:
    """List the enabled and the installed plugins: their state, what they bring, what to do about them."""
    from training_analyzer.registry import load_registry

    settings = logs.settings()
    reports = load_registry(settings.plugins, settings.plugin).reports
    if as_json:
        typer.echo(json.dumps([asdict(report) for report in reports], indent=2))
        return
    console = Console(highlight=False)
    console.print(draw(reports))
    for report in reports:
        if report.problem is not None:
            name = Text(f"\n{report.name}: ", style=STYLES[report.state])
            console.print(name.append(report.problem, style="default"), soft_wrap=True)


def draw(reports: Sequence["PluginReport"]) -> Table:
    table = Table("plugin", "state", "version", "brings", box=None, pad_edge=False, header_style="bold")
    for report in reports:
        state = Text(report.state.value, style=STYLES[report.state])
        table.add_row(Text(report.name), state, Text(report.version or "-"), Text(summary(report)))
    return table


def summary(report: "PluginReport") -> str:
    """Say how many things of each kind a plugin brings."""
    kinds = Counter(thing.split(" ", 1)[0] for thing in report.provides)
    return ", ".join(kind if n == 1 else f"{n} {kind}s" for kind, n in kinds.items())
