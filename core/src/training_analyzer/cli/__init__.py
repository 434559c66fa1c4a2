"""The command `training-analyzer`: one file for each group of commands, registered here."""

import os
import sys
from importlib.metadata import version as version_of
from typing import Annotated, NoReturn

import typer

from training_analyzer.cli import (
    api,
    athletes,
    check,
    demo,
    dispatcher,
    erase,
    export,
    keys,
    metrics_reference,
    migrate,
    openapi,
    password,
    plugins,
    profile,
    recompute,
    recordings,
    retry,
    sync,
    up,
    upload,
    usage,
    watch,
    webhooks,
    worker,
)
from training_analyzer.cli.endings import tell
from training_analyzer.settings import PREFIX

app = typer.Typer(
    name="training-analyzer",
    help="Collects endurance training data, computes performance metrics and explains them.",
    epilog="Settings are environment variables; .env.example lists all of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
RUN = "Run"
SET_UP = "Set up"
LOOK = "Look"
ATHLETES = "Athletes"
app.command(rich_help_panel=RUN)(demo.demo)
app.command(rich_help_panel=RUN)(up.up)
app.command(rich_help_panel=RUN)(api.api)
app.command(rich_help_panel=RUN)(worker.worker)
app.command(rich_help_panel=RUN)(dispatcher.dispatcher)
app.command(rich_help_panel=RUN)(watch.watch)
app.command(rich_help_panel=SET_UP)(migrate.migrate)
app.add_typer(keys.app, rich_help_panel=SET_UP)
app.add_typer(webhooks.app, rich_help_panel=SET_UP)
app.command(rich_help_panel=ATHLETES)(athletes.athletes)
app.command(rich_help_panel=ATHLETES)(sync.sync)
app.command(rich_help_panel=ATHLETES)(upload.upload)
app.add_typer(profile.app, rich_help_panel=ATHLETES)
app.add_typer(recordings.app, rich_help_panel=ATHLETES)
app.command(rich_help_panel=ATHLETES)(export.export)
app.command(rich_help_panel=ATHLETES)(recompute.recompute)
app.command(rich_help_panel=ATHLETES)(retry.retry)
app.command(rich_help_panel=ATHLETES)(password.password)
app.command(rich_help_panel=ATHLETES)(erase.erase)
app.command(rich_help_panel=LOOK)(check.check)
app.command(rich_help_panel=LOOK)(plugins.plugins)
app.command(rich_help_panel=LOOK)(usage.usage)
app.command(rich_help_panel=LOOK)(openapi.openapi)
app.command("metrics-reference", rich_help_panel=LOOK)(metrics_reference.metrics_reference)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"training-analyzer {version_of('training-analyzer')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log everything, and show where an error came from.")
    ] = False,
    version: Annotated[  # noqa: ARG001 - its callback has answered
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    if debug:
        os.environ[f"{PREFIX}LOG_LEVEL"] = "debug"  # also for the processes that `up` starts


def main() -> NoReturn:
    """Run the command. Exit codes: 0 done, 1 it could not be done, 2 it was asked for in a wrong way."""
    # Before numpy is loaded: no sum of ours is so large that it is worth a thread, let alone a fork of one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except Exception as error:
        if not tell(error):
            raise
    sys.exit(1)
