"""`training-analyzer upload`: files, folders and archives of an athlete, handed over until they are read."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import typer

from training_analyzer.domain.errors import Missing

if TYPE_CHECKING:
    from rich.progress import Progress

    from training_analyzer.runtime import Runtime

LOOK_EVERY_S: Final = 0.5
PATIENCE_S: Final = 60.0
"""Without any progress for so long, most likely nobody works. After a crash, half a minute passes."""


def upload(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", exists=True, help="Files, folders, or archives such as Strava's bulk export."
        ),
    ],
    *,
    athlete: Annotated[
        str,
        typer.Option("--athlete", "-a", help="Whose they are: an e-mail address that `athletes` lists."),
    ],
    wait: Annotated[bool, typer.Option(help="Stay until everything is read.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one object, at the end.")] = False,
) -> None:
    """
    Hand over an athlete's files. `up`, or a worker, has to run: it reads them.

    May be interrupted at any moment and started again: what was handed over is not handed over twice, and
    what is known already is told so. Ends with 1 where a file was refused; each is listed with its reason.
    """
    from training_analyzer import pipeline
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.ingestion.handing_over import Desk, bundles, look, reader_of
    from training_analyzer.sdk import SupportsUpload

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        provider = reader_of(runtime.registry.providers.values())
        assert isinstance(provider, SupportsUpload)
        found = [file for path in paths for file in look(path, provider.upload_endings)]
        if not found:
            raise Missing(
                "there is no file in what you named that could be a recording or an archive of them"
            )
        desk = Desk(
            runtime.database,
            athlete_id,
            provider.info.name,
            "command",
            lambda tx, event: pipeline.record(tx, [event], now=runtime.now()),
        )
        new = desk.new(found)
        going_on = desk.unfinished(found)
        with _bar(quiet=as_json) as bar:
            handed = bar.add_task("Handing over", total=sum(file.size for file in new) or 1)
            for bundle in bundles(new):
                for size in desk.hand_over(bundle, now=runtime.now()):
                    bar.advance(handed, size)
            bar.update(handed, completed=sum(file.size for file in new) or 1)
            ids = [*going_on, *desk.begun]
            if wait:
                _watch(runtime, athlete_id, ids, bar)
        report = _report(runtime, athlete_id, ids, files=len(found), skipped=len(found) - len(new))
    if as_json:
        typer.echo(json.dumps(report, indent=2))
    else:
        _print(report)
    if report["refused"]:
        raise typer.Exit(1)


def _watch(runtime: "Runtime", athlete_id: UUID, ids: Sequence[UUID], bar: "Progress") -> None:
    """Show how far reading is, until it is done. Raises where nobody reads."""
    from training_analyzer.storage import uploads

    task = bar.add_task("Reading", total=None)
    read, changed_at = -1, time.monotonic()
    while True:
        with runtime.database.transaction(athlete_id) as tx:
            found = [uploads.find(tx, one) for one in ids]
            progress = [uploads.progress(tx, one) for one in ids]
        is_done = all(one is None or one.state == "done" for one in found)
        now_read = sum(one.files_read for one in progress)
        bar.update(task, completed=now_read, total=max(sum(one.files_known for one in progress), 1))
        if is_done:
            return
        if now_read != read:
            read, changed_at = now_read, time.monotonic()
        elif time.monotonic() - changed_at > PATIENCE_S:
            changed_at = time.monotonic()
            bar.console.print(
                "Nothing is being read. Is `training-analyzer up`, or a worker and the dispatcher, running? "
                "What was handed over stays; Ctrl-C ends only this watching."
            )
        time.sleep(LOOK_EVERY_S)


def _report(
    runtime: "Runtime", athlete_id: UUID, ids: Sequence[UUID], *, files: int, skipped: int
) -> dict[str, Any]:
    from training_analyzer.storage import upload_results, uploads

    outcomes = dict.fromkeys(("added", "changed", "known", "refused"), 0)
    problems = []
    states = set()
    with runtime.database.transaction(athlete_id) as tx:
        for upload_id in ids:
            found = uploads.find(tx, upload_id)
            states.add(found.state if found is not None else "done")
            for outcome, number in uploads.progress(tx, upload_id).outcomes.items():
                outcomes[outcome] += number
            behind = 0
            while page := upload_results.listed(tx, upload_id, outcome="refused", behind=behind, limit=1000):
                problems += [{"name": result.name, "reason": result.reason} for _, result, _ in page]
                behind = page[-1][0]
    return {
        "uploads": [str(one) for one in ids],
        "done": states <= {"done"},
        "files": files,
        "handed_over_before": skipped,
        **outcomes,
        "problems": problems,
    }


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if not report["uploads"]:
        console.print(
            f"All {report['files']} files were handed over before, as they are now. There is nothing to do."
        )
        return
    if report["handed_over_before"]:
        console.print(f"{report['handed_over_before']} files had been handed over before.")
    console.print(
        f"{report['added']} activities added, {report['changed']} changed, "
        f"{report['known']} known already, {report['refused']} files refused."
    )
    if not report["done"]:
        console.print("Reading goes on in the background.")
    if report["problems"]:
        table = Table("file", "why it was refused", box=None, pad_edge=False, header_style="bold")
        for problem in report["problems"]:
            table.add_row(escape(problem["name"]), escape(problem["reason"] or ""))
        console.print(table)


@contextmanager
def _bar(*, quiet: bool) -> Iterator["Progress"]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn("{task.description:<13}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=quiet) as bar:
        yield bar
