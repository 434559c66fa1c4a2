"""`training-analyzer retry`: another try for what was given up, after its reason was mended."""

import json
from typing import Annotated

import typer


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
    from training_analyzer.cli.operating import athlete_named, every_athlete, operating
    from training_analyzer.storage import parked

    units = recordings = 0
    with operating() as runtime:
        ids = every_athlete(runtime) if email is None else iter([athlete_named(runtime, email)])
        for athlete_id in ids:
            with runtime.database.transaction(athlete_id) as tx:
                retried = parked.retry(tx, athlete_id)
            units += retried.units
            recordings += retried.recordings
    if as_json:
        typer.echo(json.dumps({"units": units, "recordings": recordings}))
    elif units or recordings:
        typer.echo(f"Tried again: {units} units of work, {recordings} recordings.")
    else:
        typer.echo("Nothing was given up.")
