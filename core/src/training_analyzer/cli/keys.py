"""`training-analyzer keys`: the keys that encrypt what athletes granted us."""

import typer

app = typer.Typer(name="keys", help="Keys that encrypt athletes' grants.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Keys that encrypt athletes' grants. Keep them with your backups, and away from the database."""


@app.command()
def generate() -> None:
    """Print a new value for TRAINING_ANALYZER_SECRET_KEYS."""
    from training_analyzer.storage.secrets import KeyRing

    typer.echo(KeyRing.generate())
