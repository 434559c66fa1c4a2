"""
The local Strava for a demonstration: the simulator in a thread, with a made-up or a recorded athlete.

The simulator's dependencies are an extra of this package, so it is imported only here and only
when a demonstration begins.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training_analyzer.sdk import DemoAthlete, DemoOptions, DemoStandIn, PluginError, Sex, Thresholds

if TYPE_CHECKING:
    from training_analyzer_strava.simulator.serving import RunningSimulator

INSTALL = "pip install 'training-analyzer-strava[simulator]'"
AFTER_THE_NEWEST = timedelta(minutes=1)
"""A recorded demonstration begins when the newest activity has just been uploaded."""

SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}


class LocalStrava(DemoStandIn):
    """A running simulator, and who lives in it."""

    def __init__(
        self, running: "RunningSimulator", athlete: DemoAthlete, recorded: Path | None, as_of: datetime | None
    ) -> None:
        self._running = running
        whose = "a real athlete's recorded answers" if recorded else "a made-up athlete"
        self.description = f"A local stand-in for Strava with {whose}; not the real service."
        self.url = running.url
        self.settings: Mapping[str, object] = {
            "client_id": running.settings.client_id,
            "client_secret": running.settings.client_secret,
            "base_url": running.url,
            "api_base_url": f"{running.url}/api/v3",
        }
        self.athlete = athlete
        self.as_of = as_of
        self.synthetic = recorded is None

    def authorize(self, authorization_url: str) -> str:
        from training_analyzer_strava.simulator.browser import authorize

        return authorize(authorization_url)

    def requests(self) -> Mapping[str, int]:
        counts: Mapping[str, int] = self._running.journal.summary()["by_purpose"]
        return counts


@contextmanager
def local_strava(options: DemoOptions) -> Iterator[DemoStandIn]:
    """Serve until the block ends. Raises `PluginError` where something is missing, with what to do."""
    try:
        import_module("training_analyzer_strava.simulator.serving")
    except ModuleNotFoundError as error:
        raise PluginError(
            f"The demonstration's local Strava needs {error.name}. Install it: {INSTALL}"
        ) from error
    stand_in = _generated(options.seed) if options.recorded is None else _recorded(options.recorded)
    with stand_in as local:
        yield local


@contextmanager
def _generated(seed: int) -> Iterator[LocalStrava]:
    from training_analyzer_strava.simulator.clock import system_clock
    from training_analyzer_strava.simulator.generated import generated_world
    from training_analyzer_strava.simulator.serving import running_simulator

    world = generated_world(seed, system_clock())
    athlete = _made_up_athlete(world.athletes[0].display_name)
    with running_simulator(world) as running:
        yield LocalStrava(running, athlete, None, None)


@contextmanager
def _recorded(folder: Path) -> Iterator[LocalStrava]:
    from training_analyzer_strava.simulator.clock import clock_running_from
    from training_analyzer_strava.simulator.recorded import RecordedAthlete
    from training_analyzer_strava.simulator.serving import running_simulator
    from training_analyzer_strava.simulator.world import World

    try:
        source = RecordedAthlete(folder)
        athlete = recorded_athlete(json.loads(source.profile()), json.loads(source.zones()))
        as_of = source.newest_instant + AFTER_THE_NEWEST
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise PluginError(f"The folder {folder} holds no recorded answers of Strava: {error}") from error
    with running_simulator(World([source]), clock=clock_running_from(as_of)) as running:
        yield LocalStrava(running, athlete, folder, as_of)


def recorded_athlete(profile: Mapping[str, Any], zones: Mapping[str, Any]) -> DemoAthlete:
    """Return what the recorded answers tell of the athlete; nothing is made up, and the name stays out."""
    return DemoAthlete(
        name="Recorded Athlete",
        sex=SEXES.get(profile.get("sex") or ""),
        thresholds=Thresholds(
            functional_threshold_power_w=profile.get("ftp") or None,
            weight_kg=profile.get("weight") or None,
            heart_rate_zones_bpm=_bounds(zones, "heart_rate"),
            power_zones_w=_bounds(zones, "power"),
        ),
    )


def _bounds(zones: Mapping[str, Any], kind: str) -> tuple[float, ...] | None:
    """Where each zone above the first begins. Strava leaves out what the athlete has not set."""
    return tuple(zone["min"] for zone in zones.get(kind, {}).get("zones", ())[1:]) or None


def _made_up_athlete(name: str) -> DemoAthlete:
    from training_analyzer_strava.simulator import physiology
    from training_analyzer_strava.simulator.figures import ZONE_BOUNDS_BPM

    return DemoAthlete(
        name=name,
        # The simulator's profile leaves the sex open; heart-rate load has constants for two.
        sex=Sex.FEMALE,
        birth_year=1990,
        thresholds=Thresholds(
            functional_threshold_power_w=physiology.FTP_W,
            threshold_heart_rate_bpm=physiology.THRESHOLD_BPM,
            max_heart_rate_bpm=physiology.MAXIMUM_BPM,
            resting_heart_rate_bpm=physiology.RESTING_BPM,
            threshold_speed_mps=physiology.THRESHOLD_SPEED_M_S,
            weight_kg=physiology.ATHLETE_KG,
            heart_rate_zones_bpm=tuple(float(bound) for bound in ZONE_BOUNDS_BPM),
        ),
    )
