"""`training-analyzer usage`: what AI has cost, against the budgets of the whole server."""

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from training_analyzer.analysis.usage import DeploymentUsage, Share

STYLES: Final = {"open": "green", "running out": "yellow", "spent": "red"}


def usage(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs: an object.")] = False
) -> None:
    """Show what AI has cost today and this month, against its budgets, and which backends rest."""
    from training_analyzer.analysis.spending import charge_the_lost
    from training_analyzer.analysis.usage import of_deployment
    from training_analyzer.cli.operating import operating

    with operating() as runtime:
        charge_the_lost(runtime.database)
        with runtime.database.transaction() as tx:
            found = of_deployment(tx, runtime.ai_terms, now=runtime.now())
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    show(Console(highlight=False), found)


def show(console: Console, found: "DeploymentUsage") -> None:
    if found.problem:
        console.print(Text(f"No AI is asked: {found.problem}\n", style="red"))
    console.print(_periods(found))
    if found.models:
        console.print("\nThis month, by model")
        console.print(_models(found))
    else:
        console.print("\nNo AI has been asked this month.")
    for resting in found.resting:
        until = f"{resting.until:%Y-%m-%d %H:%M %Z}"
        console.print(f"\n{resting.backend} ({resting.model}) rests until {until}: {resting.reason}")


def _periods(found: "DeploymentUsage") -> Table:
    table = Table(
        "by UTC", "state", _right("cost"), _right("requests"), _right("tokens"), "whole again",
        box=None, pad_edge=False, header_style="bold",
    )  # fmt: skip
    for one in found.periods:
        table.add_row(
            one.period,
            Text(one.state, style=STYLES[one.state]),
            _of(one.cost_usd, "${:.4f}", "${:.2f}"),
            _of(one.requests, "{:,.0f}"),
            _of(one.tokens, "{:,.0f}"),
            f"{one.ends_at:%Y-%m-%d %H:%M %Z}",
        )
    return table


def _models(found: "DeploymentUsage") -> Table:
    table = Table(
        "backend", "model", _right("cost"), _right("requests"), _right("tokens"),
        box=None, pad_edge=False, header_style="bold",
    )  # fmt: skip
    for one in found.models:
        cost = f"${one.cost_usd:.4f}"
        table.add_row(Text(one.backend), Text(one.model), cost, f"{one.requests:,}", f"{one.tokens:,}")
    return table


def _of(share: "Share", shape: str, limit_shape: str = "") -> str:
    written = f"{shape.format(share.used)} of {(limit_shape or shape).format(share.limit)}"
    return f"{written} (+{shape.format(share.reserved)} reserved)" if share.reserved else written


def _right(header: str) -> Column:
    return Column(header, justify="right")
