"""The evaluation itself: a small part of it over the wire, and all replies without."""

import json

import pytest

from evaluation.athletes import SCRIPTED, scripted
from evaluation.replaying import replaying, replies
from evaluation.scoring import THRESHOLDS, Score, score, shares
from training_analyzer.domain.insight import InsightKind, Usage
from training_analyzer.domain.style import Language


def scored(reply: str, name: str = "overreaching, week", language: Language = Language.ENGLISH) -> Score:
    return score(scripted(Language.ENGLISH)[name], language, "nobody", reply, usage=Usage(), cost_usd=0)


def good(name: str = "overreaching, week") -> dict[str, object]:
    reply = next(r for subject, language, r in replies() if (subject.name, language) == (name, "en"))
    content: dict[str, object] = json.loads(reply)
    return content


def test_every_subject_has_a_reply_in_every_language() -> None:
    found = {(subject.name, language) for subject, language, _ in replies()}
    assert len(found) == len(SCRIPTED) * len(Language)
    assert {kind for _, kind in SCRIPTED} == set(InsightKind)


def test_all_replies_reach_the_thresholds() -> None:
    scores = [
        score(subject, language, "nobody", reply, usage=Usage(), cost_usd=0)
        for subject, language, reply in replies()
    ]
    reached = shares(scores)
    below = {name: reached[name] for name, wanted in THRESHOLDS.items() if reached[name] < wanted}
    assert not below, [one for one in scores if not all(one.judged.values())]


def test_over_the_wire_the_same_is_scored() -> None:
    subject, language, reply = next(replies())
    with replaying() as backends:
        scores = [backend.ask(subject, language, reply) for backend in backends]
    assert [one.backend for one in scores] == ["gemini", "groq"]
    for one in scores:
        assert all(one.judged.values()), one
        assert one.usage.output_tokens > 0
        assert one.cost_usd > 0


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({"mood": "good"}, "valid by the schema"),
        ({"headline": "Your HRV is down"}, "grounded"),
        ({"headline": "Load fell"}, "directions agree"),
        ({"headline": "Great job: a lot of load"}, "no banned phrase"),
        ({"observations": []}, "says what it must"),
        ({"headline": "A lot of load, and " + "still " * 10}, "length"),
    ],
)
def test_what_is_wrong_is_scored_as_wrong(changes: dict[str, object], fails: str) -> None:
    assert scored(json.dumps(good())).judged[fails]
    assert not scored(json.dumps({**good(), **changes})).judged[fails]


def test_a_reply_in_the_wrong_language_is_scored_as_such() -> None:
    assert not scored(json.dumps(good()), language=Language.GERMAN).judged["language"]
