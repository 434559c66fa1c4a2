"""The course of a demonstration: everything is started, an athlete comes, a report is shown."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from rich.console import Console

from training_analyzer.cli import logs
from training_analyzer.cli.demo import printing, stage
from training_analyzer.cli.demo.report import Report, collect
from training_analyzer.cli.demo.stage import Cast
from training_analyzer.cli.demo.visit import DEMO_LOGIN, Visitor
from training_analyzer.cli.demo.watching import watch
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.embedded import empty, running_servers
from training_analyzer.embedded.directory import make_folder
from training_analyzer.runtime import data_directory, make_clock
from training_analyzer.sdk import DemoAthlete, DemoOptions
from training_analyzer.settings import Settings


def perform(
    recorded: Path | None, *, seed: int, serve: bool, fresh: bool, limit_s: float, json_file: Path | None
) -> None:
    """Run the demonstration; see the command's options."""
    settings = logs.settings()
    if json_file is not None and not os.access(json_file.absolute().parent, os.W_OK):
        raise ConfigurationError(f"--json: {json_file.absolute().parent} is no folder that can be written to")
    console = Console(highlight=False, soft_wrap=False)
    options = DemoOptions(seed=seed, recorded=recorded.absolute() if recorded else None)
    port = settings.api_port if "api_port" in settings.model_fields_set else 0
    with (
        stage.cast(settings, options) as cast,
        _data(settings, options, keep=serve, fresh=fresh) as directory,
    ):
        environment = stage.environment(settings, cast, directory, port)
        with stage.running(environment) as url:
            if serve:
                _tell_addresses(console, cast, url, directory)
            report = _play(console, cast, url, limit_s)
            printing.show(report, console)
            if json_file is not None:
                json_file.write_text(report.model_dump_json(indent=1), encoding="utf-8")
                console.print(f"The report is in {json_file}.")
            if serve:
                console.print("\nEverything goes on running. Ctrl-C ends it.")
                _await_goodbye()
            elif not report.complete:
                raise ConfigurationError(
                    f"not everything arrived within {limit_s:.0f} s: see what is owed and parked above, "
                    "and the log"
                )


def _play(console: Console, cast: Cast, url: str, limit_s: float) -> Report:
    """Do what an athlete does: register, connect, wait, look."""
    providers = {name: s for name, s in cast.stand_ins.items() if s.athlete is not None}
    if not providers:
        raise ConfigurationError(
            "no enabled provider brings a stand-in for a demonstration; "
            "unset TRAINING_ANALYZER_PLUGINS, or install one that does"
        )
    provider, stand_in = next(iter(providers.items()))
    athlete = stand_in.athlete or DemoAthlete()
    begun = time.monotonic()
    clock = make_clock(Settings(as_of=stand_in.as_of))
    with Visitor.arriving(url, athlete, DEMO_LOGIN) as visitor:
        today = clock.now().date()
        visitor.tell_thresholds(athlete, today)
        connection_id = visitor.connect(provider, stand_in)
        console.print(f"{athlete.name} has connected {provider}: {stand_in.description}")
        complete = watch(
            lambda: visitor.get(f"/connections/{connection_id}/progress"),
            lambda: bool(visitor.get("/insights?kind=week")["items"]),
            console,
            limit_s=limit_s,
        )
        return collect(
            visitor,
            connection_id,
            cast.stand_ins,
            today=clock.now().date(),
            seconds=time.monotonic() - begun,
            complete=complete,
        )


@contextmanager
def _data(settings: Settings, options: DemoOptions, *, keep: bool, fresh: bool) -> Iterator[Path]:
    """Choose where the data lies: kept with `--serve`, otherwise gone with the demonstration."""
    if not keep:
        with tempfile.TemporaryDirectory(prefix="training-analyzer-demo-") as temporary:
            Path(temporary).chmod(0o711)  # the servers of a demonstration by root run as somebody else
            directory = Path(temporary) / "data"
            directory.mkdir(mode=0o711)
            yield directory
        return
    whose = "recorded" if options.recorded else f"seed-{options.seed}"
    directory = data_directory(settings) / "demo" / whose
    make_folder(directory)
    if fresh:
        empty(directory)
    yield directory


def _tell_addresses(console: Console, cast: Cast, url: str, directory: Path) -> None:
    console.print(f"API         {url}/api/v1")
    console.print(f"Docs        {url}/docs")
    console.print(f"Log in      {DEMO_LOGIN.email} / {DEMO_LOGIN.password}")
    console.print(f"Data        {directory}")
    servers = running_servers(directory)
    if servers is not None:
        console.print(f"PostgreSQL  {servers.database_url}", soft_wrap=True)
        console.print(f"Valkey      {servers.redis_url}", soft_wrap=True)
    for name, stand_in in cast.stand_ins.items():
        console.print(f"{name:<11} {stand_in.url}  {stand_in.description}")


def _await_goodbye() -> None:
    goodbye = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: goodbye.set())
    goodbye.wait()
