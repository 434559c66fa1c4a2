"""`training-analyzer recompute`: measure again what is stale, or everything."""

import json
import time
from typing import Annotated

import typer

from training_analyzer.cli.counting import counted


def recompute(
    *,
    athlete: Annotated[
        list[str] | None,
        typer.Option("--athlete", help="Only this athlete's, by e-mail address. May be given several times."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is not stale: every number is made again.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one object at the end.")] = False,
) -> None:
    """
    Measure again what is stale: after a new plugin, a changed setting or a changed threshold.

    Workers do the same by themselves; this is for whoever wants to see it done. Numbers are made from
    stored documents, and no provider is asked. It may be interrupted: workers go on where it stopped.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from training_analyzer.cli.operating import athlete_named, every_athlete, operating
    from training_analyzer.worker.recomputing import recompute as recompute_one

    console = Console(stderr=True, highlight=False)
    began = time.monotonic()
    done = []
    with (
        operating() as runtime,
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        ) as progress,
    ):
        chosen = [athlete_named(runtime, email) for email in athlete] if athlete else every_athlete(runtime)
        for athlete_id in chosen:
            task = progress.add_task(f"athlete {str(athlete_id)[:8]}", total=None)
            totals: list[int] = []

            def tell(left: int, task: int = task, totals: list[int] = totals) -> None:
                totals.append(left)
                progress.update(task, total=max(totals), completed=max(totals) - left)  # type: ignore[arg-type] # a TaskID is an int

            done.append(recompute_one(runtime, athlete_id, everything=everything, tell=tell))
    measured, left = sum(one.measured for one in done), sum(one.left for one in done)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "athletes": len(done),
                    "measured": measured,
                    "left": left,
                    "seconds": round(time.monotonic() - began, 3),
                }
            )
        )
    else:
        typer.echo(f"{counted(measured, 'recording')} of {counted(len(done), 'athlete')} measured.")
    if left:
        typer.echo(
            f"{counted(left, 'recording')} could not be measured now; the log says why. "
            "`training-analyzer check` and `plugins` say whether everything is there.",
            err=True,
        )
        raise typer.Exit(1)
