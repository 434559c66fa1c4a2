"""A reply passes only if every claim in it can be traced to a fact."""

import json
from typing import Any

import pytest

from tests.core.analysis.replies import reply, violations
from training_analyzer.analysis.draft import Draft
from training_analyzer.analysis.grounding import check, evidence, verify
from training_analyzer.analysis.grounding.reply import in_place_of_medicine
from training_analyzer.domain.insight import Context, Fact
from training_analyzer.domain.style import Language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Over 7 days the load of {load_week} was {load_change} up on your 4-week average.",
        "The load rose by {load_change}%, to {load_week}.",
        "Your load was 740, about two and a half times the usual 300.",
        "One week of {load_week} after four weeks at {load_usual} each is a clear step.",
    ],
)
def test_what_the_facts_hold_passes(context: Context, text: str) -> None:
    checked = check(reply(text, ("load_week", "load_change", "load_usual")), context)
    assert isinstance(checked, Draft), checked


@pytest.mark.parametrize("status", ["nothing_notable", "insufficient_data"])
def test_who_finds_nothing_must_agree_with_the_rules(context: Context, status: str) -> None:
    text = reply(status=status, observations=[], headline="Nothing that stands out")
    quiet = context.model_copy(update={"rules": tuple(r for r in context.rules if r.quiet or r.caveat)})
    assert isinstance(check(text, quiet), Draft)
    assert len(quiet.rules) < len(context.rules)
    assert violations(text, context) == "observations: none, but the rules have found something"


def test_what_a_label_says_of_itself_may_be_quoted() -> None:
    label = "typical decoupling against the four weeks before; down is better"
    fact = Fact(id="decoupling_change", label=label, value=1.0, unit="points", decimals=1, direction="down")
    for text in (f"{label.capitalize()}: down 1.0 points.", "Decoupling is down 1.0 points."):
        assert verify(text, evidence([fact]), cited={fact.id}) == []
    assert verify("Your fitness is better.", evidence([fact]), cited={fact.id})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Your load was 840.", 'no fact says "840"'),
        ("Your load was {load_total}.", "there is no fact {load_total}"),
        ("Your load was twice the usual.", 'no fact says "twice"'),
        ("You trained on five days.", 'no fact says "five days"'),
        ("Your fitness was 740.", '"740" is said of fitness, but is load_week'),
        ("Your fatigue was {load_week}.", "is said of fatigue, but is load_week"),
        ("You rode 144 km.", '"144 km" is ride_distance, which is not cited'),
        ("The load fell by {load_change}.", '"fell", but load went up'),
        ("The load was {load_change} lower than before.", '"lower than", but load went up'),
        ("With {fitness} you are fit.", "without citing it"),
        ("This was your best week.", "a superlative"),
        ("Your HRV held steady.", "of which no fact speaks"),
        ("The race on the weekend shows.", "of which no fact speaks"),
        ("The risk of an injury is growing.", "medical wording"),
        ("See https://example.com for {load_week}.", "markup"),
        ("**{load_week}** is a lot.", "markup"),
        ("Load was up: well done!", "an exclamation mark"),
        ("Well done: {load_week} is a lot.", "praise"),
        ("The load was {load_change} above load_usual.", "an id"),
        ("{load_week is a lot", "malformed"),
        ("x" * 401, "at most 400"),
    ],
)
def test_what_they_do_not_hold_is_named(context: Context, text: str, reason: str) -> None:
    assert reason in violations(reply(text), context)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"direction": "down"}, "its direction is down"),
        ({"facts": ()}, "it cites no fact"),
        ({"facts": ("load_week", "load_change", "sleep_score")}, "sleep_score, which is not a fact"),
        ({"observations": []}, "an insight without an observation"),
        ({"headline": "840 in a week"}, "headline: no fact"),
        ({"headline": "Load is falling"}, "headline"),
        ({"headline": "A risk of injury"}, "headline: medical wording"),
        ({"recommendation": "Ride 4 hours."}, "recommendation: no fact"),
        ({"caveats": ["Only two of the rides had power."]}, "caveat 1"),
        ({"status": "great"}, "status"),
        ({"mood": "good"}, "reply: a field that is not in the schema"),
        ({"headline": 3}, "headline"),
    ],
)
def test_every_part_is_checked(context: Context, changes: dict[str, Any], reason: str) -> None:
    assert reason in violations(reply(**changes), context)


@pytest.mark.parametrize("text", ["1:" * 190, "5 6 7 8 " * 45, "half of 740, " * 30])
def test_a_sentence_of_numbers_alone_is_refused_before_they_are_compared(context: Context, text: str) -> None:
    assert "numbers in a sentence; 12 are read" in violations(reply(text), context)


def test_at_most_four_observations(context: Context) -> None:
    observation = json.loads(reply())["observations"][0]
    assert "4 are allowed" in violations(reply(observations=[observation] * 5), context)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "Sure! Here is the JSON: {oops", '"text"', "{" * 10_000]
)
def test_what_is_no_reply_at_all_is_a_violation(context: Context, text: str) -> None:
    assert violations(text, context)


def test_a_good_reply_with_one_number_put_in_never_passes(context: Context) -> None:
    """Mutations of a reply that holds: a digit anywhere in what is read."""
    good = json.loads(reply())
    for part in ("headline", "recommendation"):
        for position in range(len(good[part]) + 1):
            changed = {**good, part: good[part][:position] + "9" + good[part][position:]}
            assert violations(json.dumps(changed), context)


def test_what_is_medical_is_replaced_by_a_fixed_text(context: Context) -> None:
    good = json.loads(reply())
    ill = {**good["observations"][0], "text": "With {load_week}, an infection is likely."}
    checked = check(
        reply(
            observations=[good["observations"][0], ill],
            caveats=["Fatigue like this can be a symptom."],
            recommendation="Take a dose of magnesium.",
        ),
        context,
    )
    assert isinstance(checked, Draft), checked
    assert len(checked.observations) == 1
    assert checked.caveats == ()
    assert checked.recommendation == in_place_of_medicine(Language.ENGLISH)


def test_a_medical_observation_leaves_a_caveat(context: Context) -> None:
    good = json.loads(reply())
    ill = {**good["observations"][0], "text": "With {load_week}, an infection is likely."}
    checked = check(reply(observations=[ill, good["observations"][0]]), context)
    assert isinstance(checked, Draft), checked
    assert checked.caveats == (in_place_of_medicine(Language.ENGLISH),)


GERMAN: dict[str, Any] = {
    "text": "Die Belastung lag mit {load_week} um {load_change} über dem Schnitt der vier Wochen davor.",
    "recommendation": "Plane einen leichten Tag ein.",
    "headline": "Mehr Belastung als sonst",
}


def test_a_reply_in_german_is_read_in_german(context: Context) -> None:
    assert isinstance(check(reply(**GERMAN), context, Language.GERMAN), Draft)


def test_a_reply_in_another_language_does_not_hold(context: Context) -> None:
    found = check(reply(), context, Language.GERMAN)
    assert not isinstance(found, Draft)
    assert any("written in" in violation.reason for violation in found)


def test_what_the_athlete_asks_about_may_be_named(context: Context) -> None:
    asked = context.model_copy(update={"question": "Am I ready for my marathon?"})
    text = "The load of {load_week} says little of a marathon."
    assert isinstance(check(reply(text), asked), Draft)
    assert "marathon" in violations(reply(text), context)
