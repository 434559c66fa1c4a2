"""The simulated Strava as an ASGI application: which address leads to what."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from training_analyzer_strava.simulator import control
from training_analyzer_strava.simulator.activities import list_activities, show_activity, show_streams
from training_analyzer_strava.simulator.clock import Clock, system_clock
from training_analyzer_strava.simulator.gate import counted
from training_analyzer_strava.simulator.interfering import Interfering
from training_analyzer_strava.simulator.journal import CONTROL, Journaling
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
from training_analyzer_strava.simulator.subscriptions import show_subscriptions, subscribe, unsubscribe
from training_analyzer_strava.simulator.world import World

PREFIXES = ("/api/v3", "")
"""Where the API is: today's prefix, and none, as Strava has announced for a host of its own in 2027."""


def create_app(world: World, settings: Settings | None = None, clock: Clock = system_clock) -> Starlette:
    """A simulated Strava in which nothing has happened yet; its state is `app.state.simulation`."""
    return app_of(new_simulation(world, settings, clock))


def app_of(simulation: Simulation) -> Starlette:
    """The application around a simulation."""
    api = [route for prefix in PREFIXES for route in api_routes(prefix)]
    app = Starlette(
        routes=[Route("/", show_home), *oauth_routes(), *api, *control_routes()],
        middleware=[
            Middleware(Journaling, simulation.journal, simulation.clock),
            Middleware(Interfering, simulation.interference, lambda: simulation.limits.count(reads=True)),
        ],
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
        Route(prefix + "/push_subscriptions", show_subscriptions, methods=["GET"]),
        Route(prefix + "/push_subscriptions", subscribe, methods=["POST"]),
        Route(prefix + "/push_subscriptions/{subscription_id}", unsubscribe, methods=["DELETE"]),
    ]


def control_routes() -> list[Route]:
    """What tests and demonstrations steer it with; the plugin's README lists them."""
    return [
        Route(f"{CONTROL}/{path}", control.local(endpoint), methods=[method])
        for method, path, endpoint in (
            ("GET", "requests", control.show_requests),
            ("GET", "state", control.show_state),
            ("GET", "activities", control.show_activities),
            ("POST", "clock", control.move_clock),
            ("POST", "actions", control.act),
            ("GET", "faults", control.show_faults),
            ("POST", "faults", control.add_fault),
            ("DELETE", "faults", control.clear_faults),
            ("GET", "webhooks", control.show_webhooks),
            ("POST", "webhooks", control.set_manner),
            ("POST", "webhooks/release", control.release),
            ("POST", "webhooks/drain", control.drain),
        )
    ]


async def show_home(request: Request) -> Response:
    return HTMLResponse(home_page(simulation_of(request).world.athletes))
