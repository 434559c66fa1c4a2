"""
The simulator's own API, below `/simulator`: what was asked, how things stand, the clock, and whatever a
test wants to go wrong. Never counted, and answered to this machine only.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from training_analyzer_strava.simulator.interfering import Fault
from training_analyzer_strava.simulator.limits import QUARTER_HOUR, quarter_hour_of
from training_analyzer_strava.simulator.simulation import Simulation, simulation_of
from training_analyzer_strava.simulator.webhooks import Manner, Mode, Order

V = TypeVar("V")
LONGEST_DRAIN_S = 60.0


class ControlBody(BaseModel):
    """Something that a test asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class After(ControlBody):
    """Not now, but when so many more requests of a purpose have been answered."""

    purpose: str
    requests: Annotated[int, Field(ge=1)] = 1


class Action(ControlBody):
    """Something that an athlete does. `athlete` None: the first one."""

    athlete: int | None = None
    after: After | None = None


class Upload(Action):
    action: Literal["upload"]
    start: AwareDatetime
    like: int | None = None
    fields: dict[str, Any] = {}


class Edit(Action):
    action: Literal["edit"]
    activity: int
    fields: dict[str, Any]


class Crop(Action):
    action: Literal["crop"]
    activity: int
    kept_s: Annotated[int, Field(ge=1)]


class Hide(Action):
    action: Literal["hide", "show"]
    activity: int


class OnActivity(Action):
    action: Literal["delete", "obscure_start"]
    activity: int


class Deauthorize(Action):
    action: Literal["deauthorize"]


AnyAction = TypeAdapter[Upload | Edit | Crop | Hide | OnActivity | Deauthorize](
    Annotated[Upload | Edit | Crop | Hide | OnActivity | Deauthorize, Field(discriminator="action")]
)
FAULT = TypeAdapter(Fault)


class WantedManner(ControlBody):
    """How webhooks are delivered from now on."""

    mode: Mode = "deliver"
    copies: Annotated[int, Field(ge=1, le=100)] = 1


class Release(ControlBody):
    """In which order the webhooks that were held back are sent now."""

    order: Order = "as_sent"
    seed: int = 0


MANNER = TypeAdapter(WantedManner)
RELEASE = TypeAdapter(Release)


def local(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers this machine only: whoever may call it decides what Strava says."""

    async def endpoint(request: Request) -> Response:
        if not _is_here(request):
            return JSONResponse({"message": "Only this machine may control the simulator."}, 403)
        return await answer(request)

    return endpoint


async def show_requests(request: Request) -> Response:
    """Counts; with `?records=true` each request too, with `?purpose=list` those of one purpose."""
    journal = simulation_of(request).journal
    answer = journal.summary()
    purpose = request.query_params.get("purpose")
    if purpose or request.query_params.get("records"):
        answer["records"] = [record.as_json() for record in journal.records(purpose)]
    return JSONResponse(answer)


async def show_state(request: Request) -> Response:
    simulation = simulation_of(request)
    now = simulation.clock()
    limits = simulation.limits
    return JSONResponse(
        {
            "now": now.isoformat(),
            "next_quarter_hour": (quarter_hour_of(now) + QUARTER_HOUR).isoformat(),
            "overall": {"limit": str(limits.overall.limit), "usage": str(limits.overall.usage(now))},
            "read": {"limit": str(limits.read.limit), "usage": str(limits.read.usage(now))},
            "capacity": simulation.settings.capacity,
            "connected": simulation.grants.connected(),
            "athletes": [
                {
                    "id": athlete.athlete_id,
                    "name": athlete.display_name,
                    "activities": len(athlete.activities(now)),
                }
                for athlete in simulation.world.athletes
            ],
        }
    )


async def show_activities(request: Request) -> Response:
    """Every activity of an athlete (`?athlete=…`, else the first) with the hash of its summary: the truth."""
    simulation = simulation_of(request)
    number = request.query_params.get("athlete")
    try:
        athlete = simulation.world.athlete(int(number)) if number else simulation.world.athletes[0]
    except (KeyError, ValueError):
        return JSONResponse({"message": "There is no such athlete."}, 404)
    return JSONResponse(
        [
            {
                "id": row.activity_id,
                "start_epoch_s": row.start_epoch_s,
                "only_me": row.only_me,
                "summary_sha256": hashlib.sha256(athlete.activity_summary(row.activity_id)).hexdigest(),
            }
            for row in athlete.activities(simulation.clock())
        ]
    )


async def move_clock(request: Request) -> Response:
    """Body: `{"now": "2026-11-20T08:00:00Z"}` to set the clock, or `{"advance_s": 900}` to move it."""
    simulation = simulation_of(request)
    try:
        wanted = await request.json()
        if "now" in wanted:
            simulation.actions.move_clock(now=datetime.fromisoformat(wanted["now"]))
        else:
            simulation.actions.move_clock(by=timedelta(seconds=float(wanted["advance_s"])))
    except (ValueError, TypeError, KeyError, OverflowError):
        message = 'Send {"now": "<ISO time>"} or {"advance_s": <seconds>}.'
        return JSONResponse({"message": message}, status_code=422)
    return JSONResponse({"now": simulation.clock().isoformat()})


async def act(request: Request) -> Response:
    """Let an athlete do something now, or `after` some requests."""
    wanted = await _body(request, AnyAction)
    if isinstance(wanted, Response):
        return wanted
    simulation = simulation_of(request)
    if wanted.after is not None:
        later = wanted
        simulation.interference.after(
            wanted.after.purpose, wanted.after.requests, lambda: _carry_out(simulation, later)
        )
        return JSONResponse({"planned": True}, status_code=202)
    try:
        return JSONResponse({"activity": _carry_out(simulation, wanted)})
    except KeyError as error:
        return JSONResponse({"message": f"There is no {error}."}, status_code=404)


async def show_faults(request: Request) -> Response:
    active = simulation_of(request).interference.active()
    return JSONResponse([{**one.fault.model_dump(), "met": one.met} for one in active])


async def add_fault(request: Request) -> Response:
    fault = await _body(request, FAULT)
    if isinstance(fault, Response):
        return fault
    simulation_of(request).interference.add(fault)
    return JSONResponse(fault.model_dump(), status_code=201)


async def clear_faults(request: Request) -> Response:
    simulation_of(request).interference.clear()
    return Response(status_code=204)


async def show_webhooks(request: Request) -> Response:
    webhooks = simulation_of(request).webhooks
    return JSONResponse(
        {
            "subscription": webhooks.subscription.as_json() if webhooks.subscription else None,
            "mode": webhooks.manner.mode,
            "copies": webhooks.manner.copies,
            "pending": webhooks.pending,
            "held": webhooks.held,
            "lost": webhooks.lost,
            "deliveries": [one.as_json() for one in tuple(webhooks.deliveries)],
        }
    )


async def set_manner(request: Request) -> Response:
    wanted = await _body(request, MANNER)
    if isinstance(wanted, Response):
        return wanted
    simulation_of(request).webhooks.manner = Manner(wanted.mode, wanted.copies)
    return JSONResponse(wanted.model_dump())


async def release(request: Request) -> Response:
    wanted = await _body(request, RELEASE)
    if isinstance(wanted, Response):
        return wanted
    return JSONResponse({"released": simulation_of(request).webhooks.release(wanted.order, wanted.seed)})


async def drain(request: Request) -> Response:
    """Answer when every event that was sent has arrived or is lost."""
    done = await run_in_threadpool(simulation_of(request).webhooks.drain, LONGEST_DRAIN_S)
    return JSONResponse({"drained": done}, status_code=200 if done else 504)


def _carry_out(simulation: Simulation, wanted: object) -> int | None:
    """Do it, and return the activity that it was about."""
    actions = simulation.actions
    match wanted:
        case Upload():
            return actions.upload(
                start=wanted.start, like=wanted.like, athlete=wanted.athlete, fields=wanted.fields
            )
        case Edit():
            actions.edit(wanted.activity, wanted.fields, athlete=wanted.athlete)
        case Crop():
            actions.crop(wanted.activity, wanted.kept_s, athlete=wanted.athlete)
        case Hide():
            actions.hide(wanted.activity, only_me=wanted.action == "hide", athlete=wanted.athlete)
        case OnActivity(action="delete"):
            actions.delete(wanted.activity, athlete=wanted.athlete)
        case OnActivity():
            actions.obscure_start(wanted.activity, athlete=wanted.athlete)
        case Deauthorize():
            actions.deauthorize(wanted.athlete)
    return getattr(wanted, "activity", None)


async def _body(request: Request, shape: TypeAdapter[V]) -> V | Response:
    try:
        return shape.validate_json(await request.body() or b"{}")
    except ValidationError as error:
        return JSONResponse({"message": str(error)}, status_code=422)


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
