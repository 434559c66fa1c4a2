"""Everything that one running simulator remembers: who lives in it, who granted what, what was counted."""

from dataclasses import dataclass, field

from starlette.requests import Request

from training_analyzer_strava.simulator.actions import Actions
from training_analyzer_strava.simulator.clock import Clock, MovableClock, system_clock
from training_analyzer_strava.simulator.editing import EditableAthlete
from training_analyzer_strava.simulator.grants import Grants
from training_analyzer_strava.simulator.interfering import Interference
from training_analyzer_strava.simulator.journal import Journal
from training_analyzer_strava.simulator.limits import RateLimits
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.stream_bodies import StreamBodies
from training_analyzer_strava.simulator.webhooks import Webhooks
from training_analyzer_strava.simulator.world import World


@dataclass(frozen=True)
class Simulation:
    """The state behind the routes; tests in the same process may read it and move its clock."""

    world: World
    settings: Settings
    clock: MovableClock
    grants: Grants
    limits: RateLimits
    stream_bodies: StreamBodies
    webhooks: Webhooks
    actions: Actions
    interference: Interference = field(default_factory=Interference)
    journal: Journal = field(default_factory=Journal)


def new_simulation(world: World, settings: Settings | None = None, clock: Clock = system_clock) -> Simulation:
    """A simulation in which nothing has happened yet; what happens in it leaves `world` as it is."""
    settings = settings or Settings()
    movable = MovableClock(clock)
    living = World(EditableAthlete(athlete) for athlete in world.athletes)
    grants = Grants(movable, settings)
    stream_bodies = StreamBodies(settings.streams_cache_activities)
    webhooks = Webhooks(movable, settings)
    return Simulation(
        world=living,
        settings=settings,
        clock=movable,
        grants=grants,
        limits=RateLimits(movable, settings.overall_limit, settings.read_limit, settings.limit_body),
        stream_bodies=stream_bodies,
        webhooks=webhooks,
        actions=Actions(living, movable, grants, stream_bodies, webhooks),
    )


def simulation_of(request: Request) -> Simulation:
    """The simulation that a request was sent to."""
    simulation = request.app.state.simulation
    assert isinstance(simulation, Simulation)
    return simulation
