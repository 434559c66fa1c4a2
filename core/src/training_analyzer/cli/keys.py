"""`training-analyzer keys`: the keys that encrypt what athletes granted us."""

import json
from typing import Annotated

import typer

from training_analyzer.domain.errors import ConfigurationError

app = typer.Typer(name="keys", help="Keys that encrypt athletes' grants.", no_args_is_help=True)


def _without_marks(name: str) -> str:
    if not name.strip() or name != name.strip() or {",", ":"} & set(name):
        raise typer.BadParameter("a name has no colon, no comma and no space at its ends, such as 2")
    return name


@app.callback()
def keys() -> None:
    """Keys that encrypt athletes' grants. Keep them with your backups, and away from the database."""


@app.command()
def generate(
    name: Annotated[
        str, typer.Option(help="Another one than those in use: 2 after 1.", callback=_without_marks)
    ] = "1",
) -> None:
    """Print a new key as TRAINING_ANALYZER_SECRET_KEYS holds it. Several are separated by commas."""
    from training_analyzer.storage.secrets import KeyRing

    typer.echo(KeyRing.generate(name))


@app.command()
def rotate(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs: one object.")] = False
) -> None:
    """
    Encrypt every grant with the newest key, while everything goes on running.

    Put the new key in front of the old one first, and restart every process. Interrupted, it goes on
    when it is called again. Exit code 1 while a grant is left that an older key encrypts.
    """
    from rich.console import Console
    from rich.progress import track

    from training_analyzer.cli.operating import operating
    from training_analyzer.storage import connections

    moved, broken = 0, {}
    with operating() as runtime:
        newest = runtime.keys.newest
        with runtime.database.transaction() as tx:
            due = connections.sealed_otherwise(tx, newest)
        progress = track(due, "Encrypting", console=Console(stderr=True), transient=True)
        for connection_id, athlete_id in progress:
            try:
                with runtime.database.transaction(athlete_id) as tx:
                    moved += connections.seal_again(tx, connection_id, runtime.keys)
            except ConfigurationError as error:
                broken[str(connection_id)] = str(error)
        with runtime.database.transaction() as tx:
            left = len(connections.sealed_otherwise(tx, newest))
    if as_json:
        typer.echo(json.dumps({"key": newest, "moved": moved, "left": left, "broken": broken}))
    else:
        _say(newest, moved, left, broken, is_alone=len(runtime.keys.names) == 1)
    raise typer.Exit(1 if left else 0)


def _say(newest: str, moved: int, left: int, broken: dict[str, str], *, is_alone: bool) -> None:
    typer.echo(f"{moved} moved to the key {newest!r}; {left} left with older keys")
    for connection_id, why in broken.items():
        typer.echo(f"connection {connection_id}: {why}", err=True)
    if not left and not is_alone:
        typer.echo("Older keys may be removed from TRAINING_ANALYZER_SECRET_KEYS now.")
    elif len(broken) < left:
        typer.echo(
            "A process with the older keys still stores grants. Restart every process, and call this again.",
            err=True,
        )
