"""
Strava's OAuth, with its own habits.

- `GET /oauth/authorize?client_id&redirect_uri&response_type=code&approval_prompt&scope&state`: a page
  with a ticked box for each requested scope (comma list); `read` is always granted. The form posts back
  to the same address. Back to the application: `state`, `code` and the `scope` that was accepted, or
  `state` and `error=access_denied`. With `approval_prompt=auto` and everything granted before, there is
  no page.
- Beyond the application's capacity: a page with 403 instead.
- `POST /oauth/token` (also below /api/v3), a form with the application's id and secret in the *body*.
  The answer has no scope. An exchange names the athlete, a refresh does not. Errors are 400 in Strava's
  shape.
- `POST /oauth/revoke`: Basic authentication, `token` in a form; 200 also for a token that is gone
  already.
- `POST /oauth/deauthorize`: the old way, with the bearer token; gone in 2027.
- Either way, the webhook tells that the athlete is no longer authorized.
"""

import base64
import binascii
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from training_analyzer_strava.simulator.faults import (
    FaultError,
    bad_request,
    encoded,
    invalid_application,
    json_answer,
    record_not_found,
)
from training_analyzer_strava.simulator.gate import Call
from training_analyzer_strava.simulator.grants import Grant
from training_analyzer_strava.simulator.pages import capacity_page, consent_page
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.simulation import Simulation, simulation_of
from training_analyzer_strava.simulator.world import AthleteSource

SCOPES = (
    "read",
    "read_all",
    "profile:read_all",
    "profile:write",
    "activity:read",
    "activity:read_all",
    "activity:write",
)
ALWAYS_ALLOWED_HOSTS = ("localhost", "127.0.0.1")


async def show_consent(request: Request) -> Response:
    simulation = simulation_of(request)
    asked = request.query_params
    try:
        scopes = _checked_request(asked, simulation.settings)
        athlete = _logged_in(asked, simulation)
    except FaultError as fault:
        return fault.answer()
    if not simulation.grants.has_room_for(athlete.athlete_id):
        return HTMLResponse(capacity_page(), status_code=403)
    granted = simulation.grants.scopes_of(athlete.athlete_id)
    if asked.get("approval_prompt", "auto") == "auto" and granted and granted >= set(scopes):
        return _back_with_code(asked, simulation, athlete, scopes)
    return HTMLResponse(consent_page(asked, scopes, athlete))


async def take_consent(request: Request) -> Response:
    """
    Fields: those of the request, `granted` once per ticked scope, `action` (authorize or cancel),
    `athlete_id`.
    """
    simulation = simulation_of(request)
    async with request.form() as form:
        try:
            scopes = _checked_request(form, simulation.settings)
            athlete = _logged_in(form, simulation)
        except FaultError as fault:
            return fault.answer()
        if form.get("action") == "cancel":
            return _back(form, {"error": "access_denied"})
        if not simulation.grants.has_room_for(athlete.athlete_id):
            return HTMLResponse(capacity_page(), status_code=403)
        ticked = set(form.getlist("granted"))
        return _back_with_code(form, simulation, athlete, [scope for scope in scopes if scope in ticked])


async def give_token(request: Request) -> Response:
    simulation = simulation_of(request)
    async with request.form() as form:
        try:
            return json_answer(_token_body(form, simulation))
        except FaultError as fault:
            return fault.answer()


async def revoke(request: Request) -> Response:
    simulation = simulation_of(request)
    if _basic_credentials(request) != (str(simulation.settings.client_id), simulation.settings.client_secret):
        return invalid_application().answer()
    async with request.form() as form:
        token = form.get("token")
    if not isinstance(token, str) or not token:
        return bad_request("Revoke", "token").answer()
    whose = simulation.grants.revoke(token)
    if whose is not None:
        simulation.actions.tell_deauthorized(whose)
    return json_answer(b"{}")


def deauthorize(call: Call) -> Response:
    if call.simulation.settings.year_2027:
        raise record_not_found("Path", "deauthorize")
    token = call.grant.access.text
    call.simulation.grants.revoke(token)
    call.simulation.actions.tell_deauthorized(call.grant.athlete_id)
    return json_answer(encoded({"access_token": token}))


def _token_body(form: FormData, simulation: Simulation) -> bytes:
    if form.get("client_id") != str(simulation.settings.client_id):
        raise bad_request("Application", "client_id")
    if form.get("client_secret") != simulation.settings.client_secret:
        raise bad_request("Application", "client_secret")
    match form.get("grant_type"):
        case "authorization_code":
            grant = simulation.grants.exchange(str(form.get("code", "")))
            athlete = simulation.world.athlete(grant.athlete_id)
            body = encoded({"token_type": "Bearer", **_tokens(grant, simulation)})
            return body[:-1] + b',"athlete":' + athlete.summary() + b"}"
        case "refresh_token":
            grant = simulation.grants.refresh(str(form.get("refresh_token", "")))
            return encoded({"token_type": "Bearer", **_tokens(grant, simulation)})
    raise bad_request("Application", "grant_type")


def _tokens(grant: Grant, simulation: Simulation) -> dict[str, str | int]:
    return {
        "access_token": grant.access.text,
        "expires_at": int(grant.access.expires_at.timestamp()),
        "expires_in": simulation.grants.seconds_left(grant.access),
        "refresh_token": grant.refresh,
    }


def _checked_request(asked: QueryParams | FormData, settings: Settings) -> list[str]:
    """The requested scopes, if the request for consent is in order."""
    if asked.get("client_id") != str(settings.client_id):
        raise bad_request("Application", "client_id")
    redirect = urlsplit(str(asked.get("redirect_uri", "")))
    allowed = (settings.callback_domain, *ALWAYS_ALLOWED_HOSTS)
    host = redirect.hostname or ""
    if redirect.scheme not in ("http", "https") or not any(
        host == domain or host.endswith("." + domain) for domain in allowed
    ):
        raise bad_request("Application", "redirect_uri")
    if asked.get("response_type") != "code":
        raise bad_request("Authorize", "response_type")
    scopes = str(asked.get("scope", "")).split(",")
    if not set(scopes) <= set(SCOPES):
        raise bad_request("Authorize", "scope")
    return [*dict.fromkeys(["read", *scopes])]


def _logged_in(asked: QueryParams | FormData, simulation: Simulation) -> AthleteSource:
    """The athlete in whose browser this happens; real Strava knows by its cookie."""
    named = str(asked.get("athlete_id") or simulation.world.athletes[0].athlete_id)
    for athlete in simulation.world.athletes:
        if str(athlete.athlete_id) == named:
            return athlete
    raise bad_request("Athlete", "athlete_id")


def _back_with_code(
    asked: QueryParams | FormData, simulation: Simulation, athlete: AthleteSource, scopes: list[str]
) -> Response:
    accepted = [*dict.fromkeys(["read", *scopes])]
    code = simulation.grants.issue_code(athlete.athlete_id, frozenset(accepted))
    return _back(asked, {"code": code, "scope": ",".join(accepted)})


def _back(asked: QueryParams | FormData, answer: dict[str, str]) -> Response:
    address = str(asked["redirect_uri"])
    query = urlencode({"state": str(asked.get("state", "")), **answer}, safe=",:")
    separator = "&" if urlsplit(address).query else "?"
    return RedirectResponse(address + separator + query, status_code=302)


def _basic_credentials(request: Request) -> tuple[str, str]:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password
