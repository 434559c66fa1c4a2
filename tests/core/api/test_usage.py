"""`GET /usage`: one's own spending, against one's own budgets."""

from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from tests.conftest import StoppedClock
from tests.fakes.backend import ScriptedBackend
from tests.fakes.desk import PROMPT, Desk
from training_analyzer.analysis.asking import Judged, ask
from training_analyzer.analysis.spending import Purse
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
    assert found["problem"] == ""
    others = bob.get("/usage").json()
    assert others["models"] == []
    assert [period["requests"]["used"] for period in others["periods"]] == [0, 0]


def test_a_price_table_that_cannot_be_read_is_told_of_and_breaks_nothing(
    runtime: Runtime, ann: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "prices.toml"
    table.write_text("[[models]]\nid = ", encoding="utf-8")
    monkeypatch.setattr(runtime, "settings", runtime.settings.model_copy(update={"ai_prices": table}))
    runtime.__dict__.pop("ai_terms", None)
    answer = ann.get("/usage")
    assert answer.status_code == 200
    assert "price table of this server cannot be read" in answer.json()["problem"]
    assert str(table) not in answer.text, "where it lies is for whoever runs the server"
    flaw = runtime.ai_terms.prices.flaw
    assert flaw.startswith(f"TRAINING_ANALYZER_AI_PRICES: {table} cannot be read as a price table: ")
    chain = ask(
        [ScriptedBackend("one", "good")],
        PROMPT,
        lambda _: Judged(None),
        Purse(runtime.database, uuid4(), "key", runtime.ai_terms, runtime.now),
        deadline_s=60,
    )
    assert chain.attempts == []
    assert chain.notes == ["one: not asked, because the price table of this server cannot be read"]
