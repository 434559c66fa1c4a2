"""`training-analyzer openapi`: the description of the REST API, for programs."""

import json

import typer

from training_analyzer.cli import logs


def openapi() -> None:
    """Print the OpenAPI document. Needs no database."""
    settings = logs.settings()
    from training_analyzer.api.app import create_app
    from training_analyzer.runtime import Runtime

    typer.echo(json.dumps(create_app(Runtime(settings)).openapi(), indent=2, ensure_ascii=False))
