"""`GET /usage`: one's own spending, against one's own budgets."""

from uuid import UUID

import httpx

from tests.conftest import StoppedClock
from tests.fakes.backend import ScriptedBackend
from tests.fakes.desk import Desk
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import TimedOut


def test_athletes_see_what_they_have_spent_and_nobody_elses(
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    ann: httpx.Client,
    bob: httpx.Client,
) -> None:
    desk = Desk(runtime, clock, athlete_id)
    desk.ask(ScriptedBackend("one", TimedOut("late")), ScriptedBackend("two", "good"))
    answer = ann.get("/usage")
    assert answer.status_code == 200
    found = answer.json()
    day, month = found["periods"]
    assert (day["state"], month["state"]) == ("open", "open")
    assert day["requests"] == {"limit": 40, "used": 2, "reserved": 0}
    assert day["cost_usd"]["used"] == sum(one["cost_usd"] for one in found["models"])
    assert day["tokens"]["used"] == sum(one["tokens"] for one in found["models"])
    assert [(one["backend"], one["requests"]) for one in found["models"]] == [("one", 1), ("two", 1)]
    others = bob.get("/usage").json()
    assert others["models"] == []
    assert [period["requests"]["used"] for period in others["periods"]] == [0, 0]
