"""What a model is told: little, canonical, and nothing about who the athlete is."""

import json
import re
from typing import Any

import pytest

from tests.fakes.athletes import made_up_athletes
from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.draft import Draft, DraftObservation, rules_draft
from training_analyzer.analysis.prompts import MAX_INPUT_TOKENS, PROMPT_VERSION, REPLY_SCHEMA, build_prompt
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.analysis.training import Training
from training_analyzer.domain.insight import InsightKind, Prompt
from training_analyzer.domain.style import Language, Style, Tone, Units


def tokens(prompt: Prompt) -> float:
    """Estimate as the budget does: four letters of prose, three of JSON make a token."""
    return len(prompt.instructions) / 4 + (len(prompt.facts) + len(json.dumps(prompt.reply_schema))) / 3


@pytest.mark.parametrize("kind", [kind for kind in InsightKind if kind is not InsightKind.QUESTION])
def test_the_longest_prompt_of_any_athlete_is_short(kind: InsightKind) -> None:
    for one in made_up_athletes():
        for style in (Style(), Style(language=Language.GERMAN, tone=Tone.WARM, units=Units.IMPERIAL)):
            key = one.training.sessions[-1].key if kind is InsightKind.ACTIVITY else ""
            context = build_context(one.training, Subject(kind, key), style)
            assert context is not None
            spent = tokens(build_prompt(context, style))
            assert spent <= MAX_INPUT_TOKENS, (one.name, spent)


def test_a_reply_of_the_size_that_is_asked_for_is_short() -> None:
    """The rules say as much as a model may: four observations, advice, caveats, a headline."""
    for one in made_up_athletes():
        for kind in (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH):
            context = build_context(one.training, Subject(kind))
            assert context is not None
            for language in Language:
                assert len(rules_draft(context, language).model_dump_json()) / 3.5 <= 500, one.name


def test_a_question_about_everything_is_short() -> None:
    question = (
        "Fitness, form, rest, load, how much, intensity, regular, endurance, run, ride, swim, best? " * 4
    )
    for one in made_up_athletes():
        context = build_context(one.training, Subject(InsightKind.QUESTION, question=question))
        assert context is not None
        assert tokens(build_prompt(context)) <= MAX_INPUT_TOKENS, one.name


def test_it_holds_the_numbers_as_they_are_shown(spike: Training) -> None:
    context = week_context(spike)
    told = json.loads(build_prompt(context).facts)
    assert {name: fact[1] for name, fact in told["facts"].items()} == {
        fact.id: fact.text for fact in context.facts
    }
    assert [rule["text"] for rule in told["rules"]] == [rule.text for rule in context.rules]


def test_it_is_the_same_for_the_same_facts(spike: Training) -> None:
    assert build_prompt(week_context(spike)) == build_prompt(week_context(spike))


def test_it_holds_no_dates(spike: Training) -> None:
    assert not re.search(r"20\d\d", build_prompt(week_context(spike)).facts)


def test_every_placeholder_of_the_rules_is_a_fact(spike: Training) -> None:
    told = json.loads(build_prompt(week_context(spike)).facts)
    for rule in told["rules"]:
        assert placeholders(rule["text"] + rule.get("advice", "")) <= told["facts"].keys()


def test_the_schema_is_strict_and_agrees_with_what_is_checked() -> None:
    assert list(REPLY_SCHEMA["properties"]) == list(Draft.model_fields)
    observation = REPLY_SCHEMA["properties"]["observations"]["items"]
    assert list(observation["properties"]) == list(DraftObservation.model_fields)
    for schema in objects(REPLY_SCHEMA):
        assert schema["required"] == list(schema["properties"])
        assert schema["additionalProperties"] is False


def test_the_version_is_that_of_the_words() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", PROMPT_VERSION)


def objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for part in schema for found in objects(part)]
    if not isinstance(schema, dict):
        return []
    inner = [found for part in schema.values() for found in objects(part)]
    return [schema, *inner] if schema.get("type") == "object" else inner
