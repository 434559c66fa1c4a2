"""What a demonstration runs on: stand-ins for the services, and `up` as a deployer would start it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Final

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.registry.discovery import find_installed, load_plugin_class
from training_analyzer.registry.report import PluginProblem
from training_analyzer.sdk import AnyPlugin, DemoOptions, DemoStandIn, PluginError, SupportsDemo
from training_analyzer.settings import PREFIX, Settings

PATIENCE_S: Final = 300.0
STOPPING_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: the plugins that take part, and the stand-ins of those that have no real service."""

    plugins: Sequence[str]
    stand_ins: Mapping[str, DemoStandIn]


@contextmanager
def cast(settings: Settings, options: DemoOptions) -> Iterator[Cast]:
    """
    Choose the plugins and start their stand-ins.

    Enabled plugins take part, or, where none are named, all that are installed. A provider is always
    played by its stand-in, whose athlete consents by itself. A backend with settings of its own is
    asked for real; without, its stand-in plays, and where it has none it stays out.
    """
    named = "plugins" in settings.model_fields_set
    with ExitStack() as stack:
        plugins: list[str] = []
        stand_ins: dict[str, DemoStandIn] = {}
        for name in settings.plugins if named else find_installed().plugins:
            try:
                plugin_class = load_plugin_class(name)
                configured = bool(settings.plugin.get(name)) or _needs_no_settings(plugin_class)
                if issubclass(plugin_class, SupportsDemo):
                    stand_in = stack.enter_context(plugin_class.demo(options))
                    if stand_in.athlete is not None or not configured:
                        stand_ins[name] = stand_in
                    configured = True
                if configured or named:  # `up` says what is missing
                    plugins.append(name)
            except PluginProblem:
                if named:
                    raise
            except PluginError as error:
                raise ConfigurationError(str(error)) from error
        yield Cast(plugins, stand_ins)


def environment(settings: Settings, cast: Cast, data_directory: Path, port: int) -> dict[str, str]:
    """
    Return the settings with which `up` is started.

    Databases that are configured stay untouched: a demonstration has its own.
    """
    plugin_settings = {name: dict(fields) for name, fields in settings.plugin.items()}
    wanted = {
        "PLUGINS": ",".join(cast.plugins),
        "API_HOST": "127.0.0.1",
        "API_PORT": str(port),
        "DATA_DIRECTORY": str(data_directory),
        # One athlete and no more: nobody else needs a share of the quota.
        "ATHLETES_LIMIT": "1",
        "LOG_LEVEL": settings.log_level if "log_level" in settings.model_fields_set else "warning",
    }
    for name, stand_in in cast.stand_ins.items():
        plugin_settings[name] = dict(stand_in.settings)
        if stand_in.synthetic and stand_in.athlete is not None:
            # A made-up athlete's data is under nobody's terms.
            wanted[f"RIGHTS__{name.upper()}__AI"] = "allow"
        if stand_in.as_of is not None:
            wanted |= {"AS_OF": stand_in.as_of.isoformat(), "AS_OF_BEGAN": datetime.now(UTC).isoformat()}
    for name, fields in plugin_settings.items():
        wanted |= {f"PLUGIN__{name.upper()}__{field.upper()}": str(value) for field, value in fields.items()}
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return others | {f"{PREFIX}{name}": value for name, value in wanted.items()}


@contextmanager
def running(environment: Mapping[str, str]) -> Iterator[str]:
    """
    Run `up` until the block ends, leashed to us; yield where its API is. Raises ConfigurationError where
    it does not get ready.

    The leash is its standard input: however we end, it ends too.
    """
    leash, our_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "training_analyzer.cli", "up", "--leashed"],
        env=dict(environment),
        stdin=leash,
        stdout=subprocess.PIPE,
        text=True,
        cwd=environment[f"{PREFIX}DATA_DIRECTORY"],  # the deployer's .env is not for a demonstration
        start_new_session=True,  # Ctrl-C is for the demonstration, which ends `up` in good order
    )
    os.close(leash)
    try:
        yield _await_ready(process)
    finally:
        process.terminate()
        try:
            process.wait(STOPPING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(our_end)
        if process.stdout is not None:
            process.stdout.close()


def _await_ready(process: subprocess.Popen[str]) -> str:
    """Return the address of the API, which `up` tells when it answers: the port is whichever was free."""
    assert process.stdout is not None
    given_up = Timer(PATIENCE_S, process.terminate)
    given_up.daemon = True
    given_up.start()
    for line in process.stdout:
        topic, _, news = line.partition(" ")
        if topic == "API":
            given_up.cancel()
            return news.strip()
    if given_up.is_alive():
        given_up.cancel()
        raise ConfigurationError("the demonstration could not start; its reason stands above")
    raise ConfigurationError(f"the demonstration was not ready within {PATIENCE_S:.0f} s")


def _needs_no_settings(plugin_class: type[AnyPlugin]) -> bool:
    return not any(field.is_required() for field in plugin_class.settings_model.model_fields.values())
