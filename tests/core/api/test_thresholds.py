"""The body over time: values are added, changed and removed, and contradictions are refused."""

from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from training_analyzer.domain.athlete import Evidence, ThresholdSuggestion
from training_analyzer.domain.insight import Confidence
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Sport
from training_analyzer.storage import suggestions
from training_analyzer.storage.suggestions import Made

FTP = {"name": "functional_threshold_power_w", "value": 250, "valid_from": "2026-01-01", "sport": "ride"}


def owed(runtime: Runtime) -> int:
    """Return how often measuring has been owed."""
    with runtime.database.transaction() as tx:
        return int(tx.execute(text("SELECT sum(requested) FROM work WHERE kind = 'measure'")).scalar() or 0)


def test_a_value_is_added_changed_and_removed(ann: httpx.Client, bob: httpx.Client, runtime: Runtime) -> None:
    added = ann.post("/me/thresholds", json=FTP)
    assert added.status_code == 201
    assert added.json() == {
        **FTP,
        "id": added.json()["id"],
        "source": "athlete",
        "method": "",
        "providers": [],
    }
    assert owed(runtime) == 1
    twice = ann.post("/me/thresholds", json=FTP)
    assert (twice.status_code, twice.json()["type"].rpartition(":")[2]) == (409, "already-exists")
    place = f"/me/thresholds/{added.json()['id']}"
    changed = ann.patch(place, json={"value": 260})
    assert changed.json() == {**added.json(), "value": 260}
    assert ann.patch(place, json={"valid_from": "2026-02-01"}).json()["valid_from"] == "2026-02-01"
    assert owed(runtime) == 3
    assert ann.patch(place, json={}).status_code == 200
    assert owed(runtime) == 3
    for refused in (bob.patch(place, json={"value": 1}), bob.delete(place)):
        assert refused.status_code in {404, 422}
    removed = ann.delete(place)
    assert (removed.status_code, removed.content) == (204, b"")
    assert "Content-Type" not in removed.headers
    assert ann.get("/me/thresholds").json()["items"] == []
    assert owed(runtime) == 4
    assert ann.delete(place).status_code == 404
    assert ann.patch(place, json={"value": 250}).status_code == 404


def test_a_day_that_is_taken_is_refused(ann: httpx.Client) -> None:
    ann.post("/me/thresholds", json=FTP)
    later = ann.post("/me/thresholds", json=FTP | {"valid_from": "2026-02-01"}).json()
    refused = ann.patch(f"/me/thresholds/{later['id']}", json={"valid_from": "2026-01-01"})
    assert refused.status_code == 409
    assert "change that one" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": 3.4}, "functional_threshold_power_w lies between 20 and 1000 W"),
        ({"name": "weight_kg", "value": 70_000}, "weight_kg lies between 15 and 400 kg"),
        ({"name": "heart_rate_zones_bpm", "value": [120, 1400]}, "between 20 and 250 bpm"),
        ({"name": "pace_zones_mps", "value": [3, 3]}, "ascending"),
        ({"sport": "riding"}, "'ride'"),
    ],
)
def test_slips_of_the_hand_are_told(ann: httpx.Client, change: dict[str, object], said: str) -> None:
    refused = ann.post("/me/thresholds", json=FTP | change)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]


def test_what_contradicts_something_else_is_refused(ann: httpx.Client) -> None:
    highest = {"name": "max_heart_rate_bpm", "value": 180, "valid_from": "2026-01-01"}
    at_threshold = {
        "name": "threshold_heart_rate_bpm",
        "value": 182,
        "valid_from": "2026-03-01",
        "sport": "run",
    }
    assert ann.post("/me/thresholds", json=highest).status_code == 201
    refused = ann.post("/me/thresholds", json=at_threshold)
    assert refused.status_code == 422
    assert (
        "run: threshold_heart_rate_bpm (182) has to be below max_heart_rate_bpm (180)"
        in refused.json()["detail"]
    )
    assert len(ann.get("/me/thresholds").json()["items"]) == 1
    both = ann.put(
        "/me/thresholds", json=[at_threshold, highest | {"value": 195, "valid_from": "2026-03-01"}]
    )
    assert both.status_code == 200
    assert len(both.json()["items"]) == 3


def test_a_body_is_told_of_any_day_and_sport(ann: httpx.Client) -> None:
    ann.put(
        "/me/thresholds",
        json=[
            {"name": "max_heart_rate_bpm", "value": 190, "valid_from": "2026-01-01"},
            {"name": "max_heart_rate_bpm", "value": 185, "valid_from": "2026-03-01", "sport": "swim"},
            FTP,
            FTP | {"value": 270, "valid_from": "2026-05-01"},
        ],
    )

    def known(**query: str) -> dict[str, float]:
        body = ann.get("/me/body", params=query).json()
        return {name: value for name, value in body["thresholds"].items() if value is not None}

    assert known() == {"max_heart_rate_bpm": 190}
    assert known(sport="ride") == {"max_heart_rate_bpm": 190, "functional_threshold_power_w": 270}
    assert known(sport="ride", day="2025-01-01")["functional_threshold_power_w"] == 250
    # What held for all sports on that day says more than what was set for the sport later.
    assert known(sport="swim", day="2026-02-01") == {"max_heart_rate_bpm": 190}
    assert known(sport="swim") == {"max_heart_rate_bpm": 185}
    assert ann.get("/me/body").json()["day"] == str(NOW.date())


def test_a_body_tells_since_when_each_value_holds(ann: httpx.Client) -> None:
    ann.put("/me/thresholds", json=[FTP, FTP | {"value": 270, "valid_from": "2026-05-01"}])
    later = ann.get("/me/body", params={"sport": "ride", "day": "2026-06-01"}).json()
    assert later["valid_from"] == {"functional_threshold_power_w": "2026-05-01"}
    before = ann.get("/me/body", params={"sport": "ride", "day": "2025-01-01"}).json()
    assert before["valid_from"] == {"functional_threshold_power_w": FTP["valid_from"]}
    assert before["day"] < before["valid_from"]["functional_threshold_power_w"], "the first one that is known"


def suggest(
    runtime: Runtime,
    athlete_id: UUID,
    *found: ThresholdSuggestion,
    source: str = "fake",
    providers: frozenset[str] = frozenset({"fake"}),
) -> int:
    with runtime.database.transaction(athlete_id) as tx:
        return suggestions.replace_open(
            tx,
            athlete_id,
            [Made(source, one, providers) for one in found],
            origin="training",
            of_sources=[source],
            now=runtime.now(),
        )


def suggestion(**more: object) -> ThresholdSuggestion:
    values: dict[str, object] = {
        "values": {"critical_power_w": 251.0, "anaerobic_capacity_j": 18_500.0},
        "sport": Sport.RIDE,
        "valid_from": date(2026, 6, 1),
        "method": "work_time_linear",
        "confidence": Confidence.MEDIUM,
        "explanation": "From your best efforts of 3 to 20 minutes.",
        "evidence": (Evidence(text="5 min at 312 W", day=date(2026, 5, 3)),),
    }
    return ThresholdSuggestion.model_validate(values | more)


def test_an_accepted_suggestion_holds_from_its_day_on(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    assert suggest(runtime, athlete_id, suggestion()) == 1
    (found,) = ann.get("/me/suggestions", params={"status": "open"}).json()["items"]
    assert (found["source"], found["status"], found["evidence"][0]["text"]) == (
        "fake",
        "open",
        "5 min at 312 W",
    )
    assert ann.get("/me/thresholds").json()["items"] == []  # nothing is applied by itself
    accepted = ann.post(f"/me/suggestions/{found['id']}/accept").json()
    assert (accepted["status"], accepted["decided_at"] is None) == ("accepted", False)
    assert {
        (one["name"], one["value"], one["source"], one["method"])
        for one in ann.get("/me/thresholds").json()["items"]
    } == {
        ("critical_power_w", 251, "fake", "work_time_linear"),
        ("anaerobic_capacity_j", 18_500, "fake", "work_time_linear"),
    }
    assert owed(runtime) == 1
    one, _ = ann.get("/me/thresholds").json()["items"]
    assert one["providers"] == ["fake"], "whose data it rests on"
    assert ann.patch(f"/me/thresholds/{one['id']}", json={"value": one["value"]}).status_code == 200
    said = {each["id"]: each["providers"] for each in ann.get("/me/thresholds").json()["items"]}
    assert said.pop(one["id"]) == [], "the athlete says it now"
    assert list(said.values()) == [["fake"]]
    other = next(iter(said))
    moved = ann.patch(f"/me/thresholds/{other}", json={"valid_from": "2026-05-01"}).json()
    assert (moved["valid_from"], moved["source"], moved["method"], moved["providers"]) == (
        "2026-05-01",
        "fake",
        "work_time_linear",
        ["fake"],
    ), "another day says nothing of the number"
    both = ann.patch(
        f"/me/thresholds/{other}", json={"valid_from": "2026-05-02", "value": moved["value"]}
    ).json()
    assert (both["valid_from"], both["source"], both["method"], both["providers"]) == (
        "2026-05-02",
        "athlete",
        "",
        [],
    )
    for decision in ("accept", "dismiss"):
        again = ann.post(f"/me/suggestions/{found['id']}/{decision}")
        assert (again.status_code, "accepted" in again.json()["detail"]) == (409, True)
        assert again.json()["type"].endswith(":not-possible")


def test_a_suggestion_may_hold_from_another_day_on(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    suggest(runtime, athlete_id, suggestion())
    (found,) = ann.get("/me/suggestions").json()["items"]
    assert (
        ann.post(f"/me/suggestions/{found['id']}/accept", json={"valid_from": "2026-04-01"}).status_code
        == 200
    )
    assert {one["valid_from"] for one in ann.get("/me/thresholds").json()["items"]} == {"2026-04-01"}


def test_a_dismissed_suggestion_changes_nothing(
    ann: httpx.Client, bob: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    suggest(runtime, athlete_id, suggestion())
    (found,) = ann.get("/me/suggestions").json()["items"]
    for id_, client in ((found["id"], bob), (uuid4(), ann)):
        assert client.post(f"/me/suggestions/{id_}/dismiss").status_code == 404
    assert ann.post(f"/me/suggestions/{found['id']}/dismiss").json()["status"] == "dismissed"
    assert ann.get("/me/thresholds").json()["items"] == []
    assert ann.get("/me/suggestions", params={"status": "open"}).json()["items"] == []
    assert owed(runtime) == 0


def test_a_suggestion_keeps_its_date_while_its_values_are_the_same(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID, clock: StoppedClock
) -> None:
    suggest(runtime, athlete_id, suggestion())
    (before,) = ann.get("/me/suggestions").json()["items"]
    clock.advance(seconds=60)
    assert suggest(runtime, athlete_id, suggestion(), providers=frozenset({"fake", "other"})) == 0
    assert suggest(runtime, athlete_id, suggestion(explanation="Otherwise."), providers=frozenset()) == 0
    (after,) = ann.get("/me/suggestions").json()["items"]
    assert after == before | {"explanation": "Otherwise."}
    assert suggest(runtime, athlete_id, suggestion(values={"critical_power_w": 260.0})) == 1
    (other,) = ann.get("/me/suggestions").json()["items"]
    assert other["suggested_at"] > before["suggested_at"]


def test_found_again_a_suggestion_keeps_its_id(ann: httpx.Client, runtime: Runtime, athlete_id: UUID) -> None:
    suggest(runtime, athlete_id, suggestion())
    (before,) = ann.get("/me/suggestions").json()["items"]
    assert suggest(runtime, athlete_id, suggestion()) == 0
    assert ann.get("/me/suggestions").json()["items"] == [before]
    assert suggest(runtime, athlete_id, suggestion(values={"critical_power_w": 260.0})) == 1
    (after,) = ann.get("/me/suggestions").json()["items"]
    assert (after["id"], after["values"]) == (before["id"], {"critical_power_w": 260})
    suggest(runtime, athlete_id, source="other")
    assert len(ann.get("/me/suggestions").json()["items"]) == 1
    suggest(runtime, athlete_id)
    assert ann.get("/me/suggestions").json()["items"] == []
