"""`training-analyzer athletes`: who is here, for whoever runs this."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

MEBIBYTE = 1024 * 1024


def athletes(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of objects.")] = False
) -> None:
    """List the athletes: what is connected, how much there is, and whether something was given up."""
    from rich.console import Console
    from rich.table import Column, Table

    from training_analyzer.cli.operating import every_athlete, operating
    from training_analyzer.storage.overview import overview

    found = []
    with operating() as runtime:
        for athlete_id in every_athlete(runtime):
            with runtime.database.transaction(athlete_id) as tx:
                found.append(overview(tx, athlete_id))
    there = [one for one in found if one is not None]  # others were erased meanwhile
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in there], indent=2, default=str))
        return
    address = Column("e-mail", min_width=max((len(one.email) for one in there), default=0))  # to be copied
    table = Table(
        *(address, "name", "since", "connections", "activities", "newest", "MiB", "parked"),
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    for one in there:
        newest = f"{one.newest_activity_at:%Y-%m-%d}" if one.newest_activity_at else "-"
        table.add_row(
            *(one.email, one.name, f"{one.registered_at:%Y-%m-%d}", ", ".join(one.connections) or "-"),
            *(str(one.activities), newest, f"{one.stored_bytes / MEBIBYTE:.1f}", str(one.parked)),
        )
    Console(highlight=False).print(table)
