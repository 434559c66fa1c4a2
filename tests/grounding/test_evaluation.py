"""The evaluation itself: a small part of it over the wire, and all replies without."""

import json

import pytest

from evaluation import blind
from evaluation.athletes import SCRIPTED, SITUATIONS, scripted
from evaluation.replaying import replaying, replies
from evaluation.scoring import MUTATED, Score, score, shares
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.domain.insight import InsightKind, Usage
from training_analyzer.domain.style import Language

DOWN = {"facts": ["load_week", "load_change"], "direction": "down", "text": "Load fell to {load_week}."}


def scored(reply: str, name: str = "overreaching, week", language: Language = Language.ENGLISH) -> Score:
    return score(scripted(language)[name], language, "nobody", reply, usage=Usage(), cost_usd=0)


def good(name: str = "overreaching, week", language: Language = Language.ENGLISH) -> dict[str, object]:
    reply = next(r for subject, of, r in replies() if (subject.name, of) == (name, language))
    content: dict[str, object] = json.loads(reply)
    return content


def test_every_subject_has_a_reply_in_every_language() -> None:
    found = {(subject.name, language) for subject, language, _ in replies()}
    assert len(found) == len(SITUATIONS) * len(InsightKind) * len(SCRIPTED)


def test_all_replies_hold() -> None:
    scores = (
        score(subject, language, "nobody", reply, usage=Usage(), cost_usd=0, mutating=False)
        for subject, language, reply in replies()
    )
    assert not [one for one in scores if not all(one.judged.values())]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_made_wrong_in_a_week_is_caught(situation: str) -> None:
    """`make eval` does so with all replies."""
    name, german = f"{situation}, week", Language.GERMAN
    found = scored(json.dumps(good(name, german)), name, german)
    assert len(found.mutations) > 10
    assert not [one for one in found.mutations if one.judges == "mutations caught" and not one.caught]


def test_digits_directions_and_facts_are_made_wrong() -> None:
    found = scored(json.dumps(good("detraining, week")), "detraining, week")
    wrong = {name: {one.wrong for one in found.mutations if one.judges == name} for name in MUTATED}
    digit = "Fitness has come down by {fitness_change_month} over four weeks, to 48."
    way = "Fitness has gone up by {fitness_change_month} over four weeks, to {fitness}."
    swap = "Fitness has come down by {fitness_change_month} over four weeks, to {sessions_week}."
    assert wrong["mutations caught"] >= {digit, way}
    assert swap in wrong["swapped facts caught"]
    assert shares([found])["swapped facts caught"] == shares([found])["mutations caught"] == 1


def test_a_direction_that_another_cited_fact_has_is_not_made_wrong() -> None:
    found = scored(json.dumps(good("polarised, activity")), "polarised, activity")
    turned = [one.wrong for one in found.mutations if one.wrong.startswith(("up: ", "down: "))]
    assert len(turned) == 1
    assert turned[0].startswith("up: {session_easy_share} of it was easy")


def test_a_costly_reply_is_scored_as_such() -> None:
    subject, reply = scripted(Language.ENGLISH)["overreaching, week"], json.dumps(good())
    costly = score(subject, Language.ENGLISH, "nobody", reply, usage=Usage(), cost_usd=0.01, mutating=False)
    assert [name for name, holds in costly.judged.items() if not holds] == ["cost"]


def test_over_the_wire_the_same_is_scored() -> None:
    subject, language, reply = next(replies())
    with replaying() as backends:
        scores = [backend.ask(subject, language, reply, mutating=False) for backend in backends]
    assert [one.backend for one in scores] == ["gemini", "groq"]
    for one in scores:
        assert all(one.judged.values()), one
        assert one.usage.input_tokens > 500
        assert 0 < one.usage.output_tokens < len(reply)
        assert one.cost_usd > 0


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({"mood": "good"}, "valid by the schema"),
        ({"headline": "Your HRV is down"}, "grounded"),
        ({"observations": [DOWN]}, "directions agree"),
        ({"headline": "Great job: a lot of load"}, "no banned phrase"),
        ({"observations": []}, "says what it must"),
        ({"headline": "A lot of load, and " + "still " * 10}, "length"),
        ({"headline": "A lot of load: {sleep_score}"}, "length"),
    ],
)
def test_what_is_wrong_is_scored_as_wrong(changes: dict[str, object], fails: str) -> None:
    assert scored(json.dumps(good())).judged[fails]
    assert not scored(json.dumps({**good(), **changes})).judged[fails]


def test_a_reply_in_the_wrong_language_is_scored_as_such() -> None:
    assert not scored(json.dumps(good()), language=Language.GERMAN).judged["language"]


@pytest.mark.parametrize("name", [blind.TRUE, blind.WRONG])
def test_texts_by_strangers_speak_of_facts_that_there_are(name: str) -> None:
    """Else they would be refused for that alone, which says nothing of the verifier."""
    some = list(blind.lines(name))
    known = {line: {fact.id for fact in line.context.facts} for line in some}
    assert len(some) >= 200
    assert not [line for line in some if not placeholders(line.text) <= known[line]]
    assert {line.language for line in some} == {*SCRIPTED}


def test_every_reply_of_a_stranger_is_judged() -> None:
    assert blind.shown(blind.lines(blind.TRUE)).total() == len(SITUATIONS) * len(InsightKind)
