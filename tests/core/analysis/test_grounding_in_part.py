"""What holds of a reply is shown where it does not hold as a whole."""

import json
from typing import Any

import pytest

from tests.core.analysis.replies import reply, violations
from training_analyzer.analysis.draft import Draft, rules_draft
from training_analyzer.analysis.grounding import check, examine
from training_analyzer.domain.insight import Context, InsightKind
from training_analyzer.domain.style import Language


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
