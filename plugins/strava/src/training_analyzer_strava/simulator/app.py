"""The simulated Strava as an ASGI application: which address leads to what."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from training_analyzer_strava.simulator.activities import list_activities, show_activity, show_streams
from training_analyzer_strava.simulator.clock import Clock, system_clock
from training_analyzer_strava.simulator.control import move_clock, show_requests, show_state
from training_analyzer_strava.simulator.gate import counted
from training_analyzer_strava.simulator.journal import Journaling
from training_analyzer_strava.simulator.oauth import (
    deauthorize,
    give_token,
    revoke,
    show_consent,
    take_consent,
)
from training_analyzer_strava.simulator.pages import home_page
from training_analyzer_strava.simulator.profile import show_athlete, show_zones
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.simulation import Simulation, new_simulation, simulation_of
from training_analyzer_strava.simulator.world import World

API = "/api/v3"


def create_app(world: World, settings: Settings | None = None, clock: Clock = system_clock) -> Starlette:
    """A simulated Strava in which nothing has happened yet; its state is `app.state.simulation`."""
    return app_of(new_simulation(world, settings, clock))


def app_of(simulation: Simulation) -> Starlette:
    """The application around a simulation."""
    app = Starlette(
        routes=[Route("/", show_home), *oauth_routes(), *api_routes(API), *control_routes()],
        middleware=[Middleware(Journaling, simulation.journal, simulation.clock)],
    )
    app.state.simulation = simulation
    return app


def oauth_routes() -> list[Route]:
    return [
        Route("/oauth/authorize", show_consent, methods=["GET"]),
        Route("/oauth/authorize", take_consent, methods=["POST"]),
        Route("/oauth/token", give_token, methods=["POST"]),
        Route("/oauth/revoke", revoke, methods=["POST"]),
        Route("/oauth/deauthorize", counted(deauthorize), methods=["POST"]),
    ]


def api_routes(prefix: str) -> list[Route]:
    """The API below `prefix`; clients in the wild use the addresses of OAuth there too."""
    return [
        Route(prefix + "/oauth/token", give_token, methods=["POST"]),
        Route(prefix + "/oauth/deauthorize", counted(deauthorize), methods=["POST"]),
        Route(prefix + "/athlete", counted(show_athlete)),
        Route(prefix + "/athlete/zones", counted(show_zones)),
        Route(prefix + "/athlete/activities", counted(list_activities)),
        Route(prefix + "/activities/{activity_id}", counted(show_activity)),
        Route(prefix + "/activities/{activity_id}/streams", counted(show_streams, headers=False)),
    ]


def control_routes() -> list[Route]:
    return [
        Route("/simulator/requests", show_requests),
        Route("/simulator/state", show_state),
        Route("/simulator/clock", move_clock, methods=["POST"]),
    ]


async def show_home(request: Request) -> Response:
    return HTMLResponse(home_page(simulation_of(request).world.athletes))
