"""Commands, run in this process where that is enough, and as processes where signals and forks matter."""

import contextlib
import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from tests.conftest import Deployment
from training_analyzer.cli import main
from training_analyzer.settings import PREFIX
from training_analyzer.storage.secrets import KeyRing


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *arguments: str, **settings: str) -> Said: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `training-analyzer` in this process with these settings, in upper case, without the prefix."""

    def run(*arguments: str, **settings: str) -> Said:
        with monkeypatch.context() as changed, _logging_restored():
            changed.setenv(f"{PREFIX}LOG_LEVEL", settings.pop("LOG_LEVEL", "info"))
            for name, value in settings.items():
                changed.setenv(f"{PREFIX}{name}", value)
            changed.setattr(sys, "argv", ["training-analyzer", *arguments])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ending:
                main()
        captured = capsys.readouterr()
        assert isinstance(ending.value.code, int)
        return Said(ending.value.code, captured.out, captured.err)

    return run


@pytest.fixture
def configured(deployment: Deployment) -> dict[str, str]:
    """The settings of a deployment in which everything is there."""
    return {
        "DATABASE_URL": deployment.database_url,
        "DATABASE_OWNER_URL": deployment.database_owner_url,
        "REDIS_URL": deployment.redis_url,
        "SECRET_KEYS": KeyRing.generate(),
    }


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command as a process, away from any `.env`; it is gone at the end."""
    with contextlib.ExitStack() as processes:

        def start(*arguments: str, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "training_analyzer.cli", *arguments],
                env=dict(environment),
                cwd=tmp_path,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            processes.enter_context(process)
            processes.callback(process.kill)
            return process

        yield start


@contextlib.contextmanager
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, levels = root.handlers[:], root.level, _levels()
    with warnings.catch_warnings():
        yield
        logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, former in _levels().items():
        if former != levels.get(name, logging.NOTSET):
            logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


def _levels() -> dict[str, int]:
    return {
        name: logger.level
        for name, logger in logging.Logger.manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
