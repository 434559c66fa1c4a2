"""
An athlete's activities: the list, the details, the streams.

- List: newest first by start; `after` alone turns it round, `after` with `before` does not. Both bounds
  are exclusive and filter the start. `per_page` is 30 unless told, 200 at most. Past the end: an empty
  page. A page may be shorter than asked and still not be the last.
- Without `activity:read_all`, activities that only the athlete may see are missing from the list,
  silently, and are not found by id. Without any activity scope: 401.
- A manual activity has no streams: 404.
"""

from starlette.responses import Response

from training_analyzer_strava.simulator.faults import bad_request, json_answer, record_not_found
from training_analyzer_strava.simulator.gate import Call
from training_analyzer_strava.simulator.stream_bodies import wanted_keys
from training_analyzer_strava.simulator.world import Listed

DEFAULT_PER_PAGE = 30
MOST_PER_PAGE = 200


def list_activities(call: Call) -> Response:
    call.need_activity_scope()
    after = _whole_number(call, "after")
    before = _whole_number(call, "before")
    page = max(1, _whole_number(call, "page") or 1)
    per_page = min(MOST_PER_PAGE, max(1, _whole_number(call, "per_page") or DEFAULT_PER_PAGE))
    per_page = max(1, per_page - call.simulation.settings.short_pages_by)
    listed = [
        activity
        for activity in _visible(call)
        if (after is None or activity.start_epoch_s > after)
        and (before is None or activity.start_epoch_s < before)
    ]
    if after is not None and before is None:
        listed.reverse()
    shown = listed[(page - 1) * per_page : page * per_page]
    rows = (call.athlete.activity_summary(activity.activity_id) for activity in shown)
    return json_answer(b"[" + b",".join(rows) + b"]")


def show_activity(call: Call) -> Response:
    activity = _activity_of_path(call)
    return json_answer(call.athlete.activity_detail(activity.activity_id))


def show_streams(call: Call) -> Response:
    activity_id = _activity_of_path(call).activity_id
    keys = wanted_keys(call.request.query_params.get("keys"))
    by_type = call.request.query_params.get("key_by_type", "").lower() in ("true", "1")
    bodies = call.simulation.stream_bodies
    body = bodies.kept(activity_id, keys, by_type=by_type)
    if body is None:
        streams = call.athlete.activity_streams(activity_id, keys)
        if streams is None:
            raise record_not_found("Activity")
        body = bodies.build(activity_id, streams, keys, by_type=by_type)
    return json_answer(body)


def _activity_of_path(call: Call) -> Listed:
    call.need_activity_scope()
    wanted = call.request.path_params["activity_id"]
    for activity in _visible(call):
        if str(activity.activity_id) == wanted:
            return activity
    raise record_not_found("Activity")


def _visible(call: Call) -> list[Listed]:
    activities = call.athlete.activities(call.simulation.clock())
    return [activity for activity in activities if call.sees_only_me or not activity.only_me]


def _whole_number(call: Call, name: str) -> int | None:
    text = call.request.query_params.get(name)
    if text is None or not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_request("Activity", name) from None
