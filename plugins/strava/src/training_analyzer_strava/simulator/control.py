"""
The simulator's own API, for tests and the demo: what was asked, how things stand, and the clock. Never
counted.
"""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from training_analyzer_strava.simulator.limits import QUARTER_HOUR, quarter_hour_of
from training_analyzer_strava.simulator.simulation import simulation_of


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


async def move_clock(request: Request) -> Response:
    """Body: `{"now": "2026-11-20T08:00:00Z"}` to set the clock, or `{"advance_s": 900}` to move it."""
    simulation = simulation_of(request)
    try:
        wanted = await request.json()
        if "now" in wanted:
            simulation.clock.show(datetime.fromisoformat(wanted["now"]))
        else:
            simulation.clock.advance(timedelta(seconds=float(wanted["advance_s"])))
    except (ValueError, TypeError, KeyError):
        message = 'Send {"now": "<ISO time>"} or {"advance_s": <seconds>}.'
        return JSONResponse({"message": message}, status_code=422)
    return JSONResponse({"now": simulation.clock().isoformat()})
