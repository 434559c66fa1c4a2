"""`training-analyzer sync`: look now for what is new, instead of when the schedule says."""

import json
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from training_analyzer.runtime import Runtime


def sync(
    emails: Annotated[
        list[str] | None, typer.Argument(help="Athletes, by their e-mail address. [default: everybody]")
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--everything", help="List the whole history again, not only the last weeks.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of objects.")] = False,
) -> None:
    """
    Ask the providers for new activities now. The work is done by `worker`, or by the `up` that runs.

    With --everything also for old ones that were uploaded, edited or deleted, and of which nobody told us,
    and for streams that were not there before.
    """
    from training_analyzer.cli.operating import athlete_named, every_athlete, operating

    with operating() as runtime:
        athletes = [athlete_named(runtime, email) for email in emails] if emails else every_athlete(runtime)
        asked = [one for athlete_id in athletes for one in _ask(runtime, athlete_id, everything=everything)]
    if as_json:
        typer.echo(json.dumps(asked, indent=2))
        return
    for one in asked:
        told = "will be listed" if one["asked"] else f"is not asked: {one['problem']}"
        typer.echo(f"{one['provider']} {told} (connection {one['connection_id']})")
    if not asked:
        typer.echo("Nobody has connected an account.", err=True)


def _ask(runtime: "Runtime", athlete_id: UUID, *, everything: bool) -> list[dict[str, object]]:
    """Owe the listings of one athlete's connections."""
    from training_analyzer import pipeline
    from training_analyzer.ingestion.planning import sync
    from training_analyzer.storage import connections

    now = runtime.now()
    with runtime.database.transaction(athlete_id) as tx:
        found = connections.of_athlete(tx, athlete_id)
        active = [one for one in found if one.status == connections.ACTIVE]
        for one in active:
            horizon = runtime.horizon_of(one.provider)
            listed, fetches = sync(tx, one, horizon, everything=everything, now=now)
            pipeline.record(tx, [listed, *fetches], now=now)
    return [
        {
            "connection_id": str(one.id),
            "provider": one.provider,
            "asked": one in active,
            "problem": one.problem,
        }
        for one in found
    ]
