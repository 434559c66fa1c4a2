"""`training-analyzer plugins`: what became of each plugin, and why."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from training_analyzer.cli import logs

if TYPE_CHECKING:
    from training_analyzer.registry import PluginReport, Registry
    from training_analyzer.settings import Settings

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
    registry = load_registry(settings.plugins, settings.plugin)
    reports = registry.reports
    told = dict(warnings(settings, registry))
    if as_json:
        listed = [{**asdict(report), "warnings": told.get(report.name, [])} for report in reports]
        typer.echo(json.dumps(listed, indent=2))
        return
    console = Console(highlight=False)
    console.print(draw(reports))
    for report in reports:
        if report.problem is not None:
            name = Text(f"\n{report.name}: ", style=STYLES[report.state])
            console.print(name.append(report.problem, style="default"), soft_wrap=True)
        for warning in told.get(report.name, []):
            name = Text(f"\n{report.name}: ", style="yellow")
            console.print(name.append(warning, style="default"), soft_wrap=True)


def warnings(settings: "Settings", registry: "Registry") -> Iterator[tuple[str, list[str]]]:
    """Say of each backend what keeps it from being asked, and what its plugin warns of."""
    from training_analyzer.analysis.asking import why_never_asked
    from training_analyzer.analysis.prices import Prices
    from training_analyzer.runtime import make_clock

    today = make_clock(settings).now().date()
    for name, backend in registry.backends.items():
        prices = Prices.read_if_possible(settings.ai_prices)
        never = why_never_asked(backend, prices, today, settings.ai_deadline_s)
        yield name, [*never, *(f"{text[0].upper()}{text[1:]}." for text in backend.warnings())]


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
