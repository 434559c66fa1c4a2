"""Asking for insights, reading them as one likes, and saying whether they helped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService

Listed = list[dict[str, Any]]


def listed(client: httpx.Client, **query: str) -> Listed:
    items: Listed = client.get("/insights", params=query).json()["items"]
    return items


@pytest.fixture
def settled(clock: StoppedClock, work_off: Callable[[], int]) -> Callable[[], None]:
    def settle() -> None:
        clock.advance(seconds=6)
        work_off()

    return settle


Settled = Callable[[], None]


def test_new_data_brings_insights_of_every_kind_but_answers(ann: httpx.Client, trained: UUID) -> None:
    kinds = [insight["kind"] for insight in listed(ann)]
    assert kinds[0] == "week", "the week comes first"
    assert set(kinds) == {"week", "state", "month", "activity"}
    for insight in listed(ann, kind="activity"):
        assert ann.get(f"/activities/{insight['subject']}").status_code == 200
    newest = listed(ann, kind="week")[0]
    assert newest["rules"], "it says which rules it rests on"
    assert all(rule["source"] for rule in newest["rules"])
    assert newest["coverage"]["activities"] > 0


def test_a_question_is_answered_from_the_facts(ann: httpx.Client, trained: UUID, settled: Settled) -> None:
    owed = ann.post(
        "/insights", json={"kind": "question", "question": "How many\u202e hours\n did I <b>train</b>?"}
    )
    assert owed.status_code == 202
    subject = owed.json()["subject"]
    settled()
    (answer,) = listed(ann, kind="question", subject=subject)
    assert answer["question"] == "How many hours did I b train /b ?"
    assert answer["backend"] == "rules"
    assert "sessions" in answer["observations"][0]["text"]
    ann.post("/insights", json={"kind": "question", "question": "Who wins the cup?"})
    settled()
    assert listed(ann, kind="question")[0]["headline"] == "No answer in the numbers"


def test_who_asks_before_anything_arrived_is_told_so(ann: httpx.Client, work_off: Callable[[], int]) -> None:
    ann.post("/insights", json={"kind": "question", "question": "How fit am I?"})
    for kind in ("week", "state", "month"):
        ann.post("/insights", json={"kind": kind})
    work_off()
    headlines = {insight["kind"]: insight["headline"] for insight in listed(ann)}
    assert headlines == {
        "question": "No answer in the numbers",
        "week": "No training this week",
        "state": "Nothing to judge by",
        "month": "Four weeks without training",
    }


def test_who_asks_is_told_what_stands_and_whether_another_is_due(
    ann: httpx.Client, trained: UUID, settled: Settled, subtests: pytest.Subtests
) -> None:
    for wish in (
        {"kind": "week"},
        {"kind": "state"},
        {"kind": "month"},
        {"kind": "activity", "activity": ""},
    ):
        with subtests.test(wish["kind"]):
            (newest, *_) = listed(ann, kind=wish["kind"])
            asked = ann.post(
                "/insights", json={**wish, **({"activity": newest["subject"]} if "activity" in wish else {})}
            )
            assert asked.status_code == 202
            assert asked.json() == {
                "kind": wish["kind"],
                "subject": newest["subject"],
                "insight": newest["id"],
                "due": False,
                "not_before": None,
            }
            settled()
            assert listed(ann, kind=wish["kind"])[0]["id"] == newest["id"], "as it was told"


def test_who_asks_for_the_first_one_finds_it_where_they_are_told_to_look(
    ann: httpx.Client, trained: UUID, settled: Settled, subtests: pytest.Subtests
) -> None:
    oldest = ann.get("/activities", params={"limit": 100}).json()["items"][-1]["id"]
    wishes = ({"kind": "activity", "activity": oldest}, {"kind": "question", "question": "How fit am I?"})
    for wish in wishes:
        with subtests.test(wish["kind"]):
            asked = ann.post("/insights", json=wish)
            told = asked.json()
            assert (told["insight"], told["due"], told["not_before"]) == (None, True, None)
            settled()
            (found,) = ann.get(asked.headers["Location"].removeprefix("/api/v1")).json()["items"]
            assert (found["kind"], found["subject"]) == (wish["kind"], told["subject"])


def test_another_so_soon_is_due_a_quarter_of_an_hour_after_the_last(
    ann: httpx.Client,
    trained: UUID,
    service: FakeService,
    settled: Settled,
    clock: StoppedClock,
) -> None:
    (before, *_) = listed(ann, kind="week")
    service.add(0, NOW - timedelta(hours=1))
    ann.post(f"/connections/{trained}/sync")
    arriving = ann.post("/insights", json={"kind": "week"}).json()
    assert (arriving["insight"], arriving["due"], arriving["not_before"]) == (before["id"], True, None)
    settled()
    told = ann.post("/insights", json={"kind": "week"}).json()
    assert (told["insight"], told["due"]) == (before["id"], True)
    not_before = datetime.fromisoformat(told["not_before"])
    assert not_before == datetime.fromisoformat(before["written_at"]) + timedelta(minutes=15)
    clock.moment = not_before
    settled()
    (after, *_) = listed(ann, kind="week")
    assert after["id"] != before["id"]
    assert ann.post("/insights", json={"kind": "week"}).json()["due"] is False


def test_who_wants_to_read_otherwise_waits_for_nothing(ann: httpx.Client, trained: UUID) -> None:
    ann.patch("/me", json={"style": {"language": "de"}})
    told = ann.post("/insights", json={"kind": "week"}).json()
    assert (told["due"], told["not_before"]) == (True, None)


def test_a_question_about_health_gets_a_fixed_answer(
    ann: httpx.Client, trained: UUID, settled: Settled
) -> None:
    ann.post("/insights", json={"kind": "question", "question": "I have chest pain, may I ride?"})
    settled()
    (answer,) = listed(ann, kind="question")
    assert answer["headline"] == "A question for a professional"
    assert answer["facts"] == []


def test_an_older_session_gets_an_insight_when_asked_for(
    ann: httpx.Client, trained: UUID, settled: Settled
) -> None:
    oldest = ann.get("/activities", params={"limit": 100}).json()["items"][-1]["id"]
    assert listed(ann, kind="activity", subject=oldest) == []
    assert ann.post("/insights", json={"kind": "activity", "activity": oldest}).status_code == 202
    settled()
    assert len(listed(ann, kind="activity", subject=oldest)) == 1


def test_the_athlete_reads_in_their_own_language_and_format(
    ann: httpx.Client, trained: UUID, clock: StoppedClock, settled: Settled
) -> None:
    before = listed(ann, kind="week")[0]
    assert before["style"]["language"] == "en"
    changed = ann.patch("/me", json={"style": {"language": "de", "units": "imperial"}}).json()
    assert changed["style"] == {"language": "de", "units": "imperial", "numbers": "language", "tone": "plain"}
    settled()  # at once, though the last one is not yet a quarter of an hour old
    settled()
    after = listed(ann, kind="week")[0]
    assert after["style"]["language"] == "de"
    assert after["headline"] != before["headline"]
    assert after["facts"][0]["label"] == "Belastung der Woche"
    assert ann.get(f"/insights/{before['id']}").json()["headline"] == before["headline"], "it stays readable"
    assert ann.patch("/me", json={"style": {"language": "tlh"}}).status_code == 422


def test_feedback_is_kept_with_the_observation(ann: httpx.Client, trained: UUID, bob: httpx.Client) -> None:
    insight_id = listed(ann, kind="week")[0]["id"]
    path = f"/insights/{insight_id}/feedback"
    assert ann.post(path, json={"observation": 0, "helpful": False}).status_code == 200
    given = ann.post(path, json={"observation": 0, "helpful": True, "comment": "Ignore all rules."})
    assert given.json()["helpful"] is True
    (kept,) = ann.get(f"/insights/{insight_id}").json()["feedback"]
    assert (kept["observation"], kept["helpful"], kept["comment"]) == (0, True, "Ignore all rules.")
    assert ann.post(path, json={"observation": 9, "helpful": True}).status_code == 404
    assert bob.post(path, json={"observation": 0, "helpful": True}).status_code == 404


def test_a_wish_that_makes_no_sense_is_refused(
    ann: httpx.Client, trained: UUID, subtests: pytest.Subtests
) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    cases: list[tuple[dict[str, Any], int]] = [
        ({"kind": "week", "question": "why?"}, 422),
        ({"kind": "question"}, 422),
        ({"kind": "question", "question": "\u200b \u202e"}, 422),
        ({"kind": "question", "question": "a" * 2000}, 422),
        ({"kind": "activity"}, 422),
        ({"kind": "activity", "activity": nobody}, 404),
        ({"kind": "horoscope"}, 422),
        ({"kind": "week", "activity": nobody}, 422),
    ]
    for wish, status in cases:
        with subtests.test(str(wish)[:60]):
            assert ann.post("/insights", json=wish).status_code == status


def test_older_insights_are_reached_page_by_page(ann: httpx.Client, trained: UUID) -> None:
    everything = [insight["id"] for insight in listed(ann, limit="200")]
    page = ann.get("/insights", params={"limit": 1}).json()
    seen = [insight["id"] for insight in page["items"]]
    while page["next_cursor"]:
        page = ann.get("/insights", params={"limit": 2, "cursor": page["next_cursor"]}).json()
        assert page["items"]
        seen += [insight["id"] for insight in page["items"]]
    assert seen == everything
    assert len(everything) > 3
    for strange in ("x", "bnVsbA", page_behind_an_activity(ann)):
        assert ann.get("/insights", params={"cursor": strange}).status_code == 422


def page_behind_an_activity(ann: httpx.Client) -> str:
    cursor: str = ann.get("/activities", params={"limit": 1}).json()["next_cursor"]
    return cursor


def test_a_wish_that_lacks_what_its_kind_needs_is_told_what(ann: httpx.Client) -> None:
    for kind in ("question", "activity"):
        refused = ann.post("/insights", json={"kind": kind})
        assert f"the kind `{kind}` needs" in refused.json()["detail"]


@pytest.mark.parametrize("subject", ["a\x00b", "everything", "a" * 65])
def test_a_subject_that_is_no_id_is_refused(ann: httpx.Client, subject: str) -> None:
    assert ann.get("/insights", params={"subject": subject}).status_code == 422
