"""`training-analyzer retry`: another try for what was given up, after its reason was mended."""

import json
from typing import Annotated

import typer

from training_analyzer.cli.counting import counted


def retry(
    email: Annotated[
        str | None, typer.Argument(help="One athlete's e-mail address; none: everybody.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one object.")] = False,
) -> None:
    """
    Try again what was given up: units of work that failed too often, recordings that were not understood.

    After an update of a plugin this happens by itself, when the dispatcher starts.
    """
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.storage import parked

    with operating() as runtime:
        if email is None:
            retried = parked.retry_everything(runtime.database.transaction)
        else:
            athlete_id = athlete_named(runtime, email)
            with runtime.database.transaction(athlete_id) as tx:
                retried = parked.retry(tx, athlete_id)
    if as_json:
        typer.echo(json.dumps({"units": retried.units, "recordings": retried.recordings}))
    elif retried.total:
        units = counted(retried.units, "unit of work", "units of work")
        typer.echo(f"Tried again: {units}, {counted(retried.recordings, 'recording')}.")
    else:
        typer.echo("Nothing was given up.")
