"""What became of each plugin, for people."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from training_analyzer.domain.errors import TrainingAnalyzerError
from training_analyzer.registry.reasons import describe, hide


class PluginState(StrEnum):
    """What can become of a plugin."""

    ACTIVE = "active"
    NOT_ENABLED = "not_enabled"
    """Installed, but not named in the settings; it was not imported."""
    MISSING = "missing"
    """Named in the settings, but not installed."""
    AMBIGUOUS = "ambiguous"
    """Installed more than once under this name."""
    MISCONFIGURED = "misconfigured"
    """A deployer must change a setting."""
    BROKEN = "broken"
    """The plugin's authors must change something, or what it needs is not there."""


@dataclass(frozen=True, slots=True)
class PluginReport:
    """
    One line of `training-analyzer plugins`.

    `provides` says what is there because of it: `provider strava`, `metric metrics_default.load`.
    `problem` says why it is not active and what to do; None for an active plugin.
    """

    name: str
    state: PluginState
    distribution: str | None = None
    version: str | None = None
    provides: tuple[str, ...] = ()
    problem: str | None = None


class PluginProblem(TrainingAnalyzerError):
    """Why a plugin cannot be used. The message says what to do."""

    def __init__(self, state: PluginState, message: str) -> None:
        super().__init__(message)
        self.state = state


@contextmanager
def contained(what: str, settings: Mapping[str, object] | None = None) -> Iterator[None]:
    """Turn whatever a plugin raises into a `PluginProblem` that says what failed, but no setting's value."""
    try:
        yield
    except (PluginProblem, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - plugins end the program, assert, and worse
        raise PluginProblem(PluginState.BROKEN, f"{what}: {hide(describe(error), settings or {})}.") from None
