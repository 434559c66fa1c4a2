"""What a model is told: little, canonical, and nothing about who the athlete is."""

import json
import re
from typing import Any

from training_analyzer.analysis.draft import Draft, DraftObservation
from training_analyzer.analysis.facts import week_context
from training_analyzer.analysis.prompts import PROMPT_VERSION, REPLY_SCHEMA, build_prompt
from training_analyzer.analysis.week import WeekInput


def test_it_is_small(spike: WeekInput) -> None:
    prompt = build_prompt(week_context(spike))
    schema = json.dumps(prompt.reply_schema)
    assert len(prompt.instructions) / 4 + (len(prompt.facts) + len(schema)) / 3 < 2200


def test_it_holds_the_numbers_as_they_are_shown(spike: WeekInput) -> None:
    context = week_context(spike)
    told = json.loads(build_prompt(context).facts)
    assert [fact["text"] for fact in told["facts"]] == [fact.text for fact in context.facts]
    assert [rule["text"] for rule in told["rules"]] == [rule.text for rule in context.rules]


def test_it_is_the_same_for_the_same_facts(spike: WeekInput) -> None:
    assert build_prompt(week_context(spike)) == build_prompt(week_context(spike))


def test_it_holds_no_dates(spike: WeekInput) -> None:
    assert not re.search(r"20\d\d", build_prompt(week_context(spike)).facts)


def test_every_placeholder_of_the_rules_is_a_fact(spike: WeekInput) -> None:
    told = json.loads(build_prompt(week_context(spike)).facts)
    known = {fact["id"] for fact in told["facts"]}
    assert all(set(rule["facts"]) <= known for rule in told["rules"])


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
