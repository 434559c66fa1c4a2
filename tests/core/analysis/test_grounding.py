"""A reply passes only if every claim in it can be traced to a fact."""

import json
from typing import Any

import pytest

from training_analyzer.analysis.contexts import week_context
from training_analyzer.analysis.draft import Draft, rules_draft
from training_analyzer.analysis.grounding import check, evidence, examine, verify
from training_analyzer.analysis.grounding.readings import role_of
from training_analyzer.analysis.grounding.reply import in_place_of_medicine
from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.analysis.training import Training
from training_analyzer.domain.insight import Context, Fact, FiredRule, InsightKind
from training_analyzer.domain.style import Language


@pytest.fixture
def context(spike: Training) -> Context:
    return week_context(spike)


def reply(text: str = "", facts: tuple[str, ...] = ("load_week", "load_change"), **changes: Any) -> str:
    observation = {
        "facts": list(facts),
        "direction": changes.pop("direction", "up"),
        "text": text or "At {load_week}, the load was {load_change} above the four weeks before.",
    }
    content = {
        "status": "insight",
        "observations": [observation],
        "caveats": [],
        "recommendation": "Take one easy day before the next hard session.",
        "headline": "A step up in load",
    }
    return json.dumps({**content, **changes})


def violations(text: str, context: Context, language: Language = Language.ENGLISH) -> str:
    found = check(text, context, language)
    assert not isinstance(found, Draft), "it should not have passed"
    assert found
    return "; ".join(str(violation) for violation in found)


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
        ({"mood": "good"}, "mood"),
        ({"headline": 3}, "headline"),
    ],
)
def test_every_part_is_checked(context: Context, changes: dict[str, Any], reason: str) -> None:
    assert reason in violations(reply(**changes), context)


@pytest.mark.parametrize("text", ["1:" * 190, "5 6 7 8 " * 45, "half of 740, " * 30])
def test_a_sentence_of_numbers_alone_is_refused_before_they_are_compared(context: Context, text: str) -> None:
    assert "numbers in a sentence; 30 are read" in violations(reply(text), context)


def test_at_most_four_observations(context: Context) -> None:
    observation = json.loads(reply())["observations"][0]
    assert "4 are allowed" in violations(reply(observations=[observation] * 5), context)


def in_part(text: str, context: Context, language: Language = Language.ENGLISH) -> Draft | None:
    return examine(text, context, language).in_part


SOUND, INVENTED = (json.loads(reply(text))["observations"][0] for text in ("", "It came from 999 rides."))


def test_what_does_not_hold_is_left_out_and_the_rules_stand_in(context: Context) -> None:
    broken = reply(
        observations=[SOUND, INVENTED],
        headline="840 in a week",
        recommendation="Ride 4 hours.",
        caveats=["Only two of the rides had power.", "One week makes no trend."],
    )
    rest, fixed = in_part(broken, context), rules_draft(context)
    assert rest is not None
    assert [one.text for one in rest.observations] == [SOUND["text"]]
    assert (rest.headline, rest.recommendation) == (fixed.headline, fixed.recommendation)
    assert rest.caveats == ("One week makes no trend.",)
    assert isinstance(check(rest.model_dump_json(), context), Draft)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"observations": [SOUND, INVENTED, INVENTED]}, "more than half is left out"),
        ({"observations": [INVENTED]}, "nothing is left"),
        ({"observations": [SOUND] * 5}, "it is not what was asked for"),
        ({"status": "great"}, "it is not of the schema"),
    ],
)
def test_too_little_is_no_part(context: Context, changes: dict[str, Any], why: str) -> None:
    assert violations(reply(**changes), context)
    assert in_part(reply(**changes), context) is None, why


def test_nothing_is_kept_of_what_is_in_another_language(context: Context) -> None:
    invented = {**INVENTED, "text": "In dieser Woche waren es 999 Stunden auf dem Rad und zu Fuß."}
    english = {**SOUND, "text": "Over the week the load was {load_week}, more than you are used to."}
    mixed = reply(observations=[invented, english], headline="Mehr als sonst", recommendation="")
    assert violations(mixed, context, Language.GERMAN)
    assert in_part(mixed, context, Language.GERMAN) is None


@pytest.mark.parametrize("begins", ["It rose", "It's up", "That was up"])
def test_what_points_back_to_a_gap_is_left_out_too(context: Context, begins: str) -> None:
    later = {**SOUND, "text": f"{begins} by {{load_change}}."}
    before = in_part(reply(observations=[later, SOUND, INVENTED]), context)
    assert before is not None
    assert before.observations[0].text == later["text"]
    rest = in_part(reply(observations=[INVENTED, SOUND, SOUND, later]), context)
    assert rest is not None
    assert [one.text for one in rest.observations] == [SOUND["text"]] * 2


def test_advice_that_may_rest_on_a_gap_is_the_rules(context: Context) -> None:
    rest = in_part(reply(observations=[SOUND, INVENTED], recommendation="Do fewer of them."), context)
    assert rest is not None
    assert rest.recommendation == rules_draft(context).recommendation
    kept = in_part(reply(headline="840 in a week", recommendation="Take an easy day."), context)
    assert kept is not None
    assert kept.recommendation == "Take an easy day."


def test_an_answer_to_a_question_needs_its_own_headline(context: Context) -> None:
    asked = context.model_copy(update={"kind": InsightKind.QUESTION, "question": "How was my week?"})
    assert in_part(reply(headline="840 in a week"), asked) is None
    assert in_part(reply(observations=[SOUND, INVENTED]), asked) is not None


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


def a_fact(fact_id: str, value: float = 1.0, unit: str = "") -> Fact:
    return Fact(id=fact_id, label=ENGLISH.facts[fact_id], value=value, unit=unit)


def a_rule(rule_id: str) -> FiredRule:
    said = ENGLISH.rules[rule_id]
    return FiredRule(id=rule_id, version=1, severity="info", text=said.text, advice=said.advice, facts=())


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("no_rest_day", "You took one rest day this week."),
        ("no_rest_day", "Only one session this week."),
        ("no_rest_day", "Your fitness is one."),
        ("month_gap", "Fitness is 3."),
        ("month_gap", "You did 2 sessions this week."),
        ("month_gap", "You did 3 sessions this week."),
        ("load_keeps_falling", "You trained two days this week."),
        ("answer_endurance", "You did 5 sessions this week."),
        ("answer_endurance", "Only 5% of the time was hard."),
        ("answer_endurance", "Fitness is 5% higher."),
    ],
)
def test_a_rules_number_is_free_only_for_what_the_rule_says_it_of(rule: str, text: str) -> None:
    known = (
        a_fact("rest_days", 0, "rest days"),
        a_fact("sessions_week", 7, "sessions"),
        a_fact("fitness", 52),
        a_fact("decoupling_month", 4, "%"),
        a_fact("hard_share", 12, "%"),
    )
    assert verify(text, evidence(known, (a_rule(rule),)))


@pytest.mark.parametrize(
    ("rule", "text", "advice"),
    [
        ("answer_endurance", "Decoupling below 5% is good.", False),
        ("load_keeps_falling", "Fix two days a week for training.", True),
        ("no_rest_day", "Put one rest day into the coming days.", True),
    ],
)
def test_what_a_rule_says_may_be_said(rule: str, text: str, advice: bool) -> None:
    known = (
        a_fact("decoupling_month", 4, "%"),
        a_fact("load_week", 200),
        a_fact("rest_days", 0, "rest days"),
    )
    assert verify(text, evidence(known, (a_rule(rule),)), advice=advice) == []


def test_what_others_are_compared_with_is_told_by_ids() -> None:
    """A label that says "usual" or "before" may be of what is now: "far more load than a usual day"."""
    roles = {fact_id: role_of(a_fact(fact_id)) for fact_id in ENGLISH.facts}
    assert {fact_id for fact_id, role in roles.items() if role == "usual"} == {
        "best_power_20min_before",
        "best_power_5min_before",
        "best_power_60min_before",
        "best_run_10k_before",
        "best_run_5k_before",
        "best_run_half_before",
        "decoupling_month_before",
        "easy_share_month_before",
        "easy_share_usual",
        "form_before",
        "form_usual",
        "intensity_usual",
        "load_month_before",
        "load_usual",
        "load_week_ago",
        "long_run_before",
        "longest_before",
        "rest_days_usual",
        "session_decoupling_usual",
        "session_load_usual",
        "session_time_usual",
        "sessions_before",
        "sessions_compared",
        "sessions_month_before",
        "time_month_before",
        "time_usual",
    }
    assert {fact_id for fact_id, role in roles.items() if role == "change"} == {
        "decoupling_month_change",
        "efficiency_month_change",
        "fitness_change",
        "fitness_change_month",
        "form_change",
        "intensity_change",
        "load_change",
        "load_month_change",
        "long_run_change",
        "longest_change",
        "longest_month_change",
        "record_gain",
        "ride_distance_change",
        "ride_distance_month_change",
        "run_distance_change",
        "run_distance_month_change",
        "session_decoupling_change",
        "session_efficiency_change",
        "session_intensity_change",
        "session_load_change",
        "session_time_change",
        "strain_change",
        "swim_distance_change",
        "swim_distance_month_change",
        "time_change",
        "time_month_change",
    }
