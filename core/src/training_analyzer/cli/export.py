"""`training-analyzer export`: an athlete's activities as files."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer


def export(
    email: Annotated[str, typer.Argument(help="The athlete's e-mail address; `athletes` lists them.")],
    *,
    activity: Annotated[
        UUID | None, typer.Option(help="One activity, by its id. Without: all of the athlete's.")
    ] = None,
    recording: Annotated[
        int | None,
        typer.Option(
            help="With --activity: one of its recordings, by its number, in place of the one that leads."
        ),
    ] = None,
    format_name: Annotated[
        str,
        typer.Option(
            "--format", help="original: byte for byte as it came; fit or tcx: written for other programs."
        ),
    ] = "original",
    into: Annotated[
        Path, typer.Option(help="The folder for the files. It is made; files that exist are replaced.")
    ] = Path(),
) -> None:
    """
    Write an athlete's activities as files: their originals, or as FIT or TCX.

    Says which could not be had so, and why; then the exit code is 1.
    """
    from rich.console import Console

    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.domain.errors import Missing, NotPossible
    from training_analyzer.processing.handing_back import formats, hand_back, no_writer
    from training_analyzer.storage import activities

    if recording is not None and activity is None:
        raise NotPossible("--recording is one of an activity's: name that, too, with --activity.")
    with operating() as runtime:
        known = formats(runtime.registry.providers)
        if format_name not in known:
            raise no_writer(format_name, known)
        athlete_id = athlete_named(runtime, email)
        with runtime.database.transaction(athlete_id) as tx:
            every = activities.every_id(tx, athlete_id)
        wanted = every if activity is None else [activity]
        if not set(wanted) <= set(every):
            raise Missing("the athlete has no such activity")
        into.mkdir(parents=True, exist_ok=True)
        problems: list[str] = []
        for activity_id in wanted:
            try:
                # One at a time: an archive of years need not fit into memory.
                with runtime.database.transaction(athlete_id) as tx:
                    make = hand_back(
                        tx, activity_id, format_name, runtime.registry.providers, recording_id=recording
                    )
                file = make()
            except NotPossible as error:
                problems.append(f"{activity_id}: {error}")
                continue
            (into / file.name).write_bytes(file.content)
            if activity is not None:
                typer.echo(str(into / file.name))
    console = Console(stderr=True, highlight=False)
    if activity is None:
        console.print(
            f"{len(wanted) - len(problems)} of {len(wanted)} activities are in {into}", markup=False
        )
    for problem in problems:
        console.print(problem, markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
