"""`usage`, and what `check` and `plugins` say of backends that would not be asked."""

import json
from pathlib import Path
from uuid import UUID

from tests.conftest import NOW, StoppedClock
from tests.core.cli.conftest import Run
from tests.fakes.backend import ScriptedBackend
from tests.fakes.desk import Desk
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import QuotaSpent

GROQ = {"PLUGINS": "metrics_default,groq", "PLUGIN__GROQ__API_KEY": "not-valid"}


def test_what_was_spent_is_shown_against_the_budgets(
    run: Run, configured: dict[str, str], runtime: Runtime, clock: StoppedClock, athlete_id: UUID
) -> None:
    desk = Desk(runtime, clock, athlete_id)
    for _ in range(2):
        desk.ask(
            ScriptedBackend("one", QuotaSpent("full", retry_at=NOW.replace(hour=20))),
            ScriptedBackend("two", "good"),
        )
    settings = {**configured, "AS_OF": NOW.isoformat(), "AI_DEPLOYMENT_DAY_REQUESTS": "3"}
    found = json.loads(run("usage", "--json", **settings).out)
    day, month = found["periods"]
    assert (day["period"], day["starts_on"], day["state"]) == ("day", "2026-06-15", "spent")
    assert day["requests"] == {"limit": 3, "used": 3, "reserved": 0}
    assert day["cost_usd"] == {"limit": 1, "used": 0.004, "reserved": 0}
    assert (month["state"], month["ends_at"]) == ("open", "2026-07-01T00:00:00Z")
    models = {(one["backend"], one["model"]): one for one in found["models"]}
    assert models["one", "m-1"]["requests"] == 1
    assert models["two", "m-1"] == {
        "backend": "two",
        "model": "m-1",
        "cost_usd": 0.004,
        "requests": 2,
        "tokens": 2200,
    }
    said = run("usage", **settings)
    assert said.code == 0
    assert "$0.0040 of $1.00" in said.out
    assert "one (m-1) rests until 2026-06-15 20:00 UTC: quota spent" in said.out


def test_nothing_was_spent(run: Run, configured: dict[str, str]) -> None:
    said = run("usage", **configured)
    assert said.code == 0
    assert "No AI has been asked this month." in said.out


def test_a_model_without_a_price_is_a_problem_that_is_told_everywhere(
    run: Run, configured: dict[str, str], tmp_path: Path
) -> None:
    settings = {**configured, **GROQ, "PLUGIN__GROQ__MODEL": "openai/gpt-oss-9000b"}
    said = run("check", **settings)
    assert said.code == 1
    assert (
        "problem  backend groq: It is never asked: the price of openai/gpt-oss-9000b is not known" in said.out
    )
    assert "groq: It is never asked: the price" in run("plugins", **settings).out
    listed = {one["name"]: one for one in json.loads(run("plugins", "--json", **settings).out)}
    assert "is not known" in listed["groq"]["warnings"][0]
    table = tmp_path / "prices.toml"
    table.write_text(
        '[[models]]\nbackend="groq"\nid="openai/gpt-oss-9000b"\ninput_usd=1\noutput_usd=2\n'
        'since=2026-01-01\nsource="our contract"\n'
    )
    assert run("check", **settings, AI_PRICES=str(table)).code == 0
    table.write_text("[[models]]\nid=3")
    said = run("check", **settings, AI_PRICES=str(table))
    assert said.code == 1
    assert "cannot be read as a price table" in said.out


def test_a_model_that_was_switched_off_is_told_of(run: Run, configured: dict[str, str]) -> None:
    settings = {
        **configured, **GROQ,
        "PLUGIN__GROQ__MODEL": "llama-3.1-8b-instant",
        "PLUGIN__GROQ__INPUT_USD": "0.05",
        "PLUGIN__GROQ__OUTPUT_USD": "0.08",
    }  # fmt: skip
    said = run("check", **settings)
    assert said.code == 0, said.out
    assert "note     backend groq: The model llama-3.1-8b-instant was switched off on 2026-08-16" in said.out


def test_a_timeout_beyond_the_deadline_is_a_problem(run: Run, configured: dict[str, str]) -> None:
    said = run("check", **configured, **GROQ, PLUGIN__GROQ__TIMEOUT_S="70")
    assert said.code == 1
    assert (
        "its timeout of 70 s, and 10 s for loading, are longer than TRAINING_ANALYZER_AI_DEADLINE_S, 60 s"
        in said.out
    )
