"""`training-analyzer recordings`: which recordings make an activity, for whoever runs this."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from training_analyzer.runtime import Runtime
    from training_analyzer.storage.database import Transaction

app = typer.Typer(
    name="recordings",
    help="Which recordings make an activity: split, join, lead, delete.",
    no_args_is_help=True,
)

Athlete = Annotated[str, typer.Option("--athlete", "-a", help="Whose it is: the e-mail address.")]
ActivityId = Annotated[UUID, typer.Argument(help="The activity's id.")]


@app.callback()
def recordings() -> None:
    """Which recordings make an activity. What is decided here outlasts whatever comes in later."""


@app.command()
def split(
    activity: ActivityId,
    recording: Annotated[list[int], typer.Argument(help="Ids of recordings that are of another session.")],
    *,
    athlete: Athlete,
) -> None:
    """Take recordings out of an activity: they become one of their own."""
    from training_analyzer.processing import grouping

    with _measured_again(athlete) as (runtime, tx, athlete_id):
        providers = runtime.registry.providers
        grouping.split(tx, athlete_id, activity, recording, providers, now=runtime.now())
    typer.echo("Split. The new activity appears once it is measured.")


@app.command()
def join(
    activity: ActivityId,
    other: Annotated[UUID, typer.Argument(help="The id of another activity of the same session.")],
    *,
    athlete: Athlete,
) -> None:
    """Make one activity of two."""
    from training_analyzer.processing import grouping

    with _measured_again(athlete) as (runtime, tx, athlete_id):
        providers = runtime.registry.providers
        joined = grouping.join(tx, athlete_id, activity, other, providers, now=runtime.now())
    typer.echo(f"Joined: {joined}.")


@app.command()
def lead(
    activity: ActivityId,
    recording: Annotated[int, typer.Argument(help="The id of the recording to make the numbers from.")],
    *,
    athlete: Athlete,
) -> None:
    """Make the activity's numbers from this recording."""
    from training_analyzer.processing import grouping

    with _measured_again(athlete) as (runtime, tx, athlete_id):
        providers = runtime.registry.providers
        grouping.lead(tx, athlete_id, activity, recording, providers, now=runtime.now())
    typer.echo("It leads now. The numbers follow once they are measured.")


@app.command()
def delete(
    activity: ActivityId,
    recording: Annotated[int, typer.Argument(help="The id of a recording that was handed over.")],
    *,
    athlete: Athlete,
) -> None:
    """Erase one recording that was handed over, with its file: the activity falls back to the others."""
    from training_analyzer import pipeline
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.ingestion.taking_back import take_back

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            pipeline.record(tx, [take_back(tx, activity, recording)], now=runtime.now())
    typer.echo("Erased. The numbers follow once they are measured; `upload --again` brings it back.")


@contextmanager
def _measured_again(athlete: str) -> "Iterator[tuple[Runtime, Transaction, UUID]]":
    """Let the activities of an athlete be put together otherwise, and owe their measuring."""
    from training_analyzer import pipeline
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.domain.events import MeasuringUnfinished

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            yield runtime, tx, athlete_id
            pipeline.record(tx, [MeasuringUnfinished(athlete_id=athlete_id)], now=runtime.now())
