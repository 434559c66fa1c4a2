"""
The application's webhook subscription: `/push_subscriptions`.

Authenticated by the application's id and secret, in a form or in the query. Never counted: the headers
state a usage of 0, as recorded.
"""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from training_analyzer_strava.simulator.faults import (
    FaultError,
    encoded,
    invalid_application,
    json_answer,
    record_not_found,
)
from training_analyzer_strava.simulator.simulation import Simulation, simulation_of


async def subscribe(request: Request) -> Response:
    simulation = simulation_of(request)
    fields = await _fields(request)
    try:
        _authenticate(fields, simulation)
        made = await run_in_threadpool(
            simulation.webhooks.subscribe, fields.get("callback_url", ""), fields.get("verify_token", "")
        )
    except FaultError as fault:
        return fault.answer(_headers(simulation))
    return json_answer(encoded(made.as_json()), 201, _headers(simulation))


async def show_subscriptions(request: Request) -> Response:
    simulation = simulation_of(request)
    try:
        _authenticate(request.query_params, simulation)
    except FaultError as fault:
        return fault.answer(_headers(simulation))
    there = simulation.webhooks.subscription
    return json_answer(encoded([there.as_json()] if there else []), headers=_headers(simulation))


async def unsubscribe(request: Request) -> Response:
    simulation = simulation_of(request)
    try:
        _authenticate({**request.query_params, **await _fields(request)}, simulation)
        if not simulation.webhooks.unsubscribe(request.path_params["subscription_id"]):
            raise record_not_found("PushSubscription")
    except FaultError as fault:
        return fault.answer(_headers(simulation))
    return Response(status_code=204, headers=_headers(simulation))


async def _fields(request: Request) -> dict[str, str]:
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _headers(simulation: Simulation) -> dict[str, str]:
    return {"x-ratelimit-limit": str(simulation.limits.overall.limit), "x-ratelimit-usage": "0,0"}


def _authenticate(fields: Mapping[str, str], simulation: Simulation) -> None:
    settings = simulation.settings
    if (fields.get("client_id"), fields.get("client_secret")) != (
        str(settings.client_id),
        settings.client_secret,
    ):
        raise invalid_application()
