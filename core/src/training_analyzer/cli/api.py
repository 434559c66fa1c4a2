"""`training-analyzer api`: the REST API in a process of its own."""

import signal
import socket
from typing import Annotated

import typer

from training_analyzer.cli import leash, logs

PATIENCE_S = 3
"""How long requests that run may take to end: streams of progress never end by themselves."""


def api(
    host: Annotated[
        str | None, typer.Option(help="Where to listen. [default: TRAINING_ANALYZER_API_HOST]")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="0 takes a free one, and prints it. [default: TRAINING_ANALYZER_API_PORT]"
        ),
    ] = None,
    *,
    descriptor: Annotated[
        int | None, typer.Option(hidden=True, help="A socket that listens already.")
    ] = None,
    leashed: leash.Leashed = False,
) -> None:
    """Serve the REST API. Needs a migrated database, and Redis."""
    import uvicorn

    from training_analyzer.api.app import create_app
    from training_analyzer.cli import services
    from training_analyzer.cli.listening import address, listen
    from training_analyzer.runtime import Runtime

    if leashed:
        leash.take()  # after the imports: our starter may still be getting ready
    settings = logs.settings()
    services.require(settings)
    listener = (
        listen(
            settings.api_host if host is None else host,
            settings.api_port if port is None else port,
        )
        if descriptor is None
        else socket.socket(fileno=descriptor)
    )
    where = {"api_host": host or settings.api_host, "api_port": listener.getsockname()[1]}
    runtime = Runtime(settings.model_copy(update=where))
    runtime.keys  # noqa: B018 - where they make no sense, now is the time to say so
    config = uvicorn.Config(
        create_app(runtime),
        log_config=None,
        access_log=False,  # a callback's address holds the code of a grant
        server_header=False,
        timeout_graceful_shutdown=PATIENCE_S,
    )
    server = uvicorn.Server(config)
    # uvicorn listens to signals only while it serves: one that comes before must not be lost, and the one
    # that it raises again when it has ended in good order is no second reason to end
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: setattr(server, "should_exit", True))
    typer.echo(f"API  {address(listener)}")
    try:
        server.run(sockets=[listener])
    finally:
        runtime.close()
