"""`training-analyzer upload`: files, folders and archives of an athlete, handed over until they are read."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import typer

from training_analyzer.cli.counters import AGAIN, Counter, Here
from training_analyzer.cli.counting import counted
from training_analyzer.cli.endings import describe
from training_analyzer.domain.errors import Missing, NotPossible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

ENVIRONMENT: Final = "TRAINING_UPLOAD_TOKEN"
"""Of whoever hands over: no setting of this program, which would not know it."""
LOOK_EVERY_S: Final = 0.5
MOST_IN_A_TABLE: Final = 20
"""Refused files with a line each. Of more, each reason is told once, with the names of its files."""
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
    ] = "",
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="Another server, by its address, instead of this one.")
    ] = "",
    token: Annotated[
        str,
        typer.Option(
            "--token",
            envvar=ENVIRONMENT,
            help="With --to: what `POST /api/v1/sessions` there answers with, or a key to read and write.",
        ),
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Hand over also what was handed over before.")
    ] = False,
    wait: Annotated[bool, typer.Option(help="Stay until everything is read.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one object, at the end.")] = False,
) -> None:
    """
    Hand over an athlete's files. `up`, or a worker, has to run: it reads them.

    May be interrupted at any moment and started again: what was handed over is not handed over twice, and
    what is known already is told so. Ends with 1 where a file was refused, each of which is listed with its
    reason, or where reading was given up.
    """
    from training_analyzer.ingestion.handing_over import bundles, look

    with _counter(athlete, to, token) as counter:
        found = [file for path in paths for file in look(path, counter.endings)]
        if not found:
            raise Missing(
                "there is no file in what you named that could be a recording or an archive of them"
            )
        new = found if again else counter.new(found)
        ids = counter.unfinished(found)
        with _bar(quiet=as_json) as bar:
            total = sum(file.size for file in new) or 1
            handed = bar.add_task("Handing over", total=total)
            for bundle in bundles(new):
                ids.append(counter.hand_over(bundle, lambda size: bar.advance(handed, size)))
            bar.update(handed, completed=total)
            if wait:
                _watch(counter, ids, bar)
        report = _report(counter, ids, files=len(found), skipped=len(found) - len(new))
    if as_json:
        typer.echo(json.dumps(report, indent=2))
    else:
        _print(report)
    if report["refused"] or report["given_up"]:
        raise typer.Exit(1)


@contextmanager
def _counter(athlete: str, to: str, token: str) -> Iterator[Counter]:
    """Yield whom the files are handed over to. Raises Missing and NotPossible."""
    with ExitStack() as stack:
        if to:
            from training_analyzer.cli.distant import There

            if athlete:
                raise NotPossible(
                    "--athlete names somebody here. With --to, the token says whose the files are: leave "
                    "--athlete out."
                )
            if not token.strip():
                raise NotPossible(
                    f"Say who you are: --token, or {ENVIRONMENT} in the environment. "
                    f"`POST {to.rstrip('/')}/api/v1/sessions` with e-mail address and password gives one."
                )
            yield stack.enter_context(closing(There(to, token)))
            return
        from training_analyzer.cli.operating import athlete_named, operating

        if not athlete:
            raise NotPossible("Say whose they are: --athlete and an e-mail address that `athletes` lists.")
        runtime = stack.enter_context(operating())
        athlete_id = athlete_named(runtime, athlete)
        from sqlalchemy.exc import DBAPIError

        try:
            yield Here(runtime, athlete_id)
        except DBAPIError as error:
            raise NotPossible(f"{describe(error)}. {AGAIN}") from error


def _watch(counter: Counter, ids: Sequence[UUID], bar: "Progress") -> None:
    """Show how far reading is, until it is done or given up."""
    task = bar.add_task("Reading", total=None)
    read, changed_at = -1, time.monotonic()
    while True:
        standings = [counter.standing(one) for one in ids]
        now_read = sum(one.files_read for one in standings)
        bar.update(task, completed=now_read, total=max(sum(one.files_known for one in standings), 1))
        if all(one.is_done or one.given_up is not None for one in standings):
            bar.update(task, total=max(now_read, 1), completed=max(now_read, 1))
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


def _report(counter: Counter, ids: Sequence[UUID], *, files: int, skipped: int) -> dict[str, Any]:
    standings = [counter.standing(one) for one in ids]
    return {
        "uploads": [str(one) for one in ids],
        "done": all(one.is_done for one in standings),
        "going_on": any(not one.is_done and one.given_up is None for one in standings),
        "given_up": [one.given_up for one in standings if one.given_up is not None],
        "files": files,
        "handed_over_before": skipped,
        "added": sum(one.added for one in standings),
        "changed": sum(one.changed for one in standings),
        "known": sum(one.known for one in standings),
        "refused": sum(one.refused for one in standings),
        # One upload's alone: recordings of one session may have come in two.
        "activities": standings[0].activities if len(standings) == 1 else None,
        "problems": [
            {"name": refusal.name, "reason": refusal.reason}
            for one in ids
            for refusal in counter.refusals(one)
        ],
    }


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    if not report["uploads"]:
        console.print(
            f"{_files(report['files'], 'was', 'were')} handed over before, without a change since. "
            "There is nothing to do; `--again` reads everything once more."
        )
        return
    if report["handed_over_before"]:
        console.print(f"{_files(report['handed_over_before'], 'had', 'had')} been handed over before.")
    console.print(
        f"{counted(report['added'], 'recording')} added, {report['changed']:,} changed, "
        f"{report['known']:,} known already, {counted(report['refused'], 'file')} refused."
    )
    recordings = report["added"] + report["changed"] + report["known"]
    if report["done"] and report["activities"] and report["activities"] < recordings:
        console.print(
            f"They are of {counted(report['activities'], 'activity', 'activities')}: what was recorded twice "
            "counts once."
        )
    for reason in report["given_up"]:
        console.print(
            f"Reading was given up: {escape(reason.rstrip('.'))}. What was handed over stays; "
            "`training-analyzer retry` on the server, or `POST /api/v1/parked/retry`, has it tried again."
        )
    if report["going_on"]:
        console.print("Reading goes on in the background.")
    _print_problems(console, report["problems"])


def _print_problems(console: "Console", problems: list[dict[str, str]]) -> None:
    """Say of each refused file why it was, or of each reason for which files."""
    from rich.markup import escape
    from rich.table import Table

    if len(problems) > MOST_IN_A_TABLE:
        by_reason: dict[str, list[str]] = {}
        for problem in problems:
            by_reason.setdefault(problem["reason"], []).append(problem["name"])
        for reason, names in sorted(by_reason.items(), key=lambda one: -len(one[1])):
            console.print(f"\n[bold]{_files(len(names), '', '').strip()}:[/] {escape(reason)}")
            console.print(escape("  ".join(names)))
    elif problems:
        table = Table("file", "why it was refused", box=None, pad_edge=False, header_style="bold")
        for problem in problems:
            table.add_row(escape(problem["name"]), escape(problem["reason"]))
        console.print(table)


def _files(number: int, is_one: str, are_many: str) -> str:
    return f"{counted(number, 'file')} {is_one if number == 1 else are_many}"


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
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bar:
        yield bar
