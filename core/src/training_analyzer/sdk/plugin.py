"""A plugin: its settings, its hooks, and what it brings to a demonstration."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from training_analyzer.domain.athlete import Sex, Thresholds
from training_analyzer.domain.values import Value


class PluginSettings(BaseModel):
    """What a deployer may set. A misspelt setting is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


S = TypeVar("S", bound=PluginSettings)


class Plugin(Generic[S]):
    """
    Base class of every plugin.

    An entry point in the group `training_analyzer.plugins` names the class, and the entry point's
    name is the plugin's name. The core validates `settings_model` and makes one instance per
    process. Do no work in `__init__`: no network, no files. Import heavy libraries only when
    they are needed.
    """

    settings_model: ClassVar[type[PluginSettings]] = PluginSettings

    def __init__(self, settings: S) -> None:
        self.settings = settings


AnyPlugin = Plugin[Any]


class DemoOptions(Value):
    """What the demonstration asks of a stand-in."""

    seed: int = 1
    recorded: Path | None = None
    """A folder of recorded answers to serve instead of generated ones."""


class DemoAthlete(Value):
    """Who the stand-in's athlete is, as far as is known; the demo registers them with it."""

    name: str = "Demo Athlete"
    sex: Sex | None = None
    birth_year: int | None = None
    thresholds: Thresholds = Thresholds()


class DemoStandIn(ABC):
    """A local server that stands in for the plugin's service while a demonstration runs."""

    description: str
    """One line for the report, which says that this is not the real service."""
    url: str
    settings: Mapping[str, object]
    """Plugin settings that point to the stand-in."""
    as_of: datetime | None = None
    """Where the clock has to start, for recorded answers."""
    athlete: DemoAthlete | None = None
    synthetic: bool = True
    """False for a real person's recorded data: what the real terms forbid stays forbidden."""

    def authorize(self, authorization_url: str) -> str:
        """Do what an athlete does in the browser; return the URL that the browser is sent back to."""
        raise NotImplementedError(f"{type(self).__name__} has no athlete to authorize")

    def requests(self) -> Mapping[str, int]:
        """Return how many requests the stand-in has counted, by purpose."""
        return {}


class SupportsDemo(ABC):
    """A plugin class that can bring a local stand-in of its service."""

    @classmethod
    @abstractmethod
    def demo(cls, options: DemoOptions) -> AbstractContextManager[DemoStandIn]:
        """Run the stand-in for as long as the context lasts."""
