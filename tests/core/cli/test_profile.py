"""`training-analyzer profile`: the body of an athlete, by the same rules as the API."""

import json
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.cli.conftest import Run
from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.domain.insight import Confidence
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, suggestions
from training_analyzer.storage.suggestions import Made

ANN = ("--athlete", "ann@example.org")


@pytest.fixture
def ann(runtime: Runtime) -> UUID:
    with runtime.database.transaction() as tx:
        return athletes.register(tx, email=ANN[1], password_hash="-", name="Ann", sex=None, birth_year=None)


def owed(runtime: Runtime) -> int:
    with runtime.database.transaction() as tx:
        return int(tx.execute(text("SELECT sum(requested) FROM work WHERE kind = 'measure'")).scalar() or 0)


@pytest.mark.usefixtures("ann")
def test_values_are_set_listed_and_removed(run: Run, configured: dict[str, str], runtime: Runtime) -> None:
    said = run(
        "profile", "set", "functional_threshold_power_w=250", "weight_kg=62.5", *ANN,
        "--sport", "ride", "--from", "2026-01-01", **configured,
    )  # fmt: skip
    assert (said.code, said.out) == (
        0,
        "Set from 2026-01-01 on. Numbers that rest on it are computed again.\n",
    ), said.err
    assert owed(runtime) == 1
    listed = json.loads(run("profile", "list", *ANN, "--json", **configured).out)
    assert [(one["name"], one["value"], one["sport"], one["source"]) for one in listed] == [
        ("functional_threshold_power_w", 250, "ride", "athlete"),
        ("weight_kg", 62.5, "ride", "athlete"),
    ]
    assert "weight_kg" in run("profile", "list", *ANN, **configured).out
    assert run("profile", "remove", listed[0]["id"], *ANN, **configured).code == 0
    assert owed(runtime) == 2
    again = run("profile", "remove", listed[0]["id"], *ANN, **configured)
    assert (again.code, "no such value" in again.err) == (1, True)


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("written", "code", "told"),
    [
        ("functional_threshold_powr_w=250", 2, "did you mean functional_threshold_power_w?"),
        ("weight_kg=3.4", 2, "lies between"),
        ("weight_kg=heavy", 2, "weight_kg=62.5"),
        ("max_heart_rate_bpm=150", 1, "has to be below"),
    ],
)
def test_what_no_body_has_is_refused(
    run: Run, configured: dict[str, str], written: str, code: int, told: str
) -> None:
    assert run("profile", "set", "threshold_heart_rate_bpm=160", *ANN, **configured).code == 0
    said = run("profile", "set", written, *ANN, **configured)
    assert said.code == code
    assert told in " ".join(said.err.replace("│", " ").split())


def test_suggestions_are_accepted_or_dismissed_once(
    run: Run, configured: dict[str, str], runtime: Runtime, ann: UUID
) -> None:
    found = [
        Made(
            "fake",
            ThresholdSuggestion(
                values={name: value},
                valid_from=date(2026, 3, 1),
                method=name,
                confidence=Confidence.LOW,
                explanation="Seen.",
                evidence=(),
            ),
            frozenset({"fake"}),
        )
        for name, value in (("max_heart_rate_bpm", 190), ("weight_kg", 62))
    ]
    with runtime.database.transaction(ann) as tx:
        suggestions.replace_open(tx, ann, found, origin="training", of_sources={"fake"}, now=NOW)
    listed = json.loads(run("profile", "suggestions", *ANN, "--json", **configured).out)
    ids = {next(iter(one["values"])): one["id"] for one in listed}
    accepted = run("profile", "accept", ids["max_heart_rate_bpm"], *ANN, "--from", "2026-02-01", **configured)
    assert accepted.out.startswith("Taken over from 2026-02-01 on.")
    assert run("profile", "dismiss", ids["weight_kg"], *ANN, **configured).out == "Dismissed.\n"
    assert run("profile", "suggestions", *ANN, **configured).err == "There is nothing.\n"
    again = run("profile", "accept", ids["weight_kg"], *ANN, **configured)
    assert (again.code, "dismissed this suggestion already" in again.err) == (1, True)
    assert "no such suggestion" in run("profile", "accept", str(uuid4()), *ANN, **configured).err
    (held,) = json.loads(run("profile", "list", *ANN, "--json", **configured).out)
    assert (held["name"], held["valid_from"], held["source"]) == ("max_heart_rate_bpm", "2026-02-01", "fake")
