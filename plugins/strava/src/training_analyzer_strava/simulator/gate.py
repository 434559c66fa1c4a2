"""
What every API request passes: authentication, then counting, then the endpoint, then the four headers.

- The token is a bearer token in the header; until 2027 the query may have it too. Without one, or with
  one that is unknown, expired or revoked: 401. Such a request belongs to no application and is not
  counted.
- A counted request beyond a limit: 429, whatever it asked for.
- The headers are missing, as recorded, from streams and from 401 and 404.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from training_analyzer_strava.simulator.faults import FaultError, invalid_token, missing_permission
from training_analyzer_strava.simulator.grants import Grant
from training_analyzer_strava.simulator.simulation import Simulation, simulation_of
from training_analyzer_strava.simulator.world import AthleteSource

WITHOUT_HEADERS = (401, 404)


@dataclass(frozen=True)
class Call:
    """One authenticated and counted request."""

    request: Request
    simulation: Simulation
    grant: Grant

    @property
    def athlete(self) -> AthleteSource:
        return self.simulation.world.athlete(self.grant.athlete_id)

    @property
    def sees_only_me(self) -> bool:
        """Whether activities that only the athlete may see are shown to the application."""
        return "activity:read_all" in self.grant.scopes

    def need_activity_scope(self) -> None:
        """Refuse, as Strava does, if the athlete has unticked every activity scope."""
        if not self.grant.scopes & {"activity:read", "activity:read_all"}:
            raise missing_permission("activity:read_permission")


Endpoint = Callable[[Request], Awaitable[Response]]


def counted(answer: Callable[[Call], Response], *, reads: bool = True, headers: bool = True) -> Endpoint:
    """An endpoint for Starlette that lets `answer` see only calls which may pass."""

    async def endpoint(request: Request) -> Response:
        simulation = simulation_of(request)
        try:
            grant = simulation.grants.of_access_token(
                access_token(request, in_query=not simulation.settings.year_2027)
            )
        except FaultError as fault:
            return fault.answer()
        refusal = simulation.limits.count(reads=reads)
        limit_headers = simulation.limits.headers()
        if refusal:
            return refusal.answer(limit_headers)
        try:
            response = answer(Call(request, simulation, grant))
        except FaultError as fault:
            response = fault.answer()
        if headers and response.status_code not in WITHOUT_HEADERS:
            response.headers.update(limit_headers)
        return response

    return endpoint


def access_token(request: Request, *, in_query: bool) -> str:
    """The token of the request. Raises Strava's 401 if there is none where it may be."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    token = request.query_params.get("access_token", "") if in_query else ""
    if not token:
        raise invalid_token()
    return token
