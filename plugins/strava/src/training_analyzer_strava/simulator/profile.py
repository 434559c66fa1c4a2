"""
The athlete who granted the access: in full with `profile:read_all`, in short without; zones need that
scope.
"""

from starlette.responses import Response

from training_analyzer_strava.simulator.faults import json_answer, missing_permission
from training_analyzer_strava.simulator.gate import Call

WHOLE_PROFILE = "profile:read_all"


def show_athlete(call: Call) -> Response:
    whole = WHOLE_PROFILE in call.grant.scopes
    return json_answer(call.athlete.profile() if whole else call.athlete.summary())


def show_zones(call: Call) -> Response:
    if WHOLE_PROFILE not in call.grant.scopes:
        raise missing_permission("profile:read_permission")
    return json_answer(call.athlete.zones())
