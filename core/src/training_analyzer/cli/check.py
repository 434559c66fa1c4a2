"""`training-analyzer check`: whether everything that is configured is there, and whose terms apply."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from training_analyzer.cli import logs

if TYPE_CHECKING:
    from training_analyzer.cli.examining import Finding

STYLES: Final = {"ok": "green", "note": "yellow", "problem": "red"}


def check(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of objects.")] = False
) -> None:
    """
    Look whether every enabled plugin is active, and database, Redis and keys are fit.

    Exit code 1 unless they are. Asks no provider, so it spends none of your requests.
    """
    from training_analyzer.cli.examining import State, examine

    findings = list(examine(logs.settings()))
    problems = sum(finding.state is State.PROBLEM for finding in findings)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        _draw(findings, problems)
    raise typer.Exit(1 if problems else 0)


def _draw(findings: Sequence["Finding"], problems: int) -> None:
    console = Console(highlight=False)
    for finding in findings:
        line = Text(f"{finding.state.value:<8} ", style=STYLES[finding.state])
        line.append(f"{finding.subject}: ", style="default bold").append(
            finding.text, style="default not bold"
        )
        console.print(line, soft_wrap=True)
    if problems:
        summary = "1 problem has" if problems == 1 else f"{problems} problems have"
        console.print(f"\n{summary} to be solved first.")
    else:
        console.print("\nAll is well.")
