"""What a model is told: little, canonical, and nothing about who the athlete is."""

import dataclasses
import json
import re
from typing import Any

import pytest

from tests.fakes.athletes import made_up_athletes
from training_analyzer.analysis.contexts import WEEK, Subject, build_context, week_context
from training_analyzer.analysis.draft import Draft, DraftObservation, rules_draft
from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.analysis.prompts import (
    CHARACTERS_PER_TOKEN,
    MAX_INPUT_TOKENS,
    MAX_OUTPUT_TOKENS,
    OF_COVERAGE,
    PROMPT_VERSION,
    REPLY_SCHEMA,
    build_prompt,
    estimated_tokens,
    instructions,
)
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.analysis.training import Training
from training_analyzer.domain.insight import Fact, InsightKind
from training_analyzer.domain.sport import Sport
from training_analyzer.domain.style import Language, Style, Tone, Units


@pytest.mark.parametrize("kind", [kind for kind in InsightKind if kind is not InsightKind.QUESTION])
def test_the_longest_prompt_of_any_athlete_is_short(kind: InsightKind) -> None:
    for one in made_up_athletes():
        for style in (Style(), Style(language=Language.GERMAN, tone=Tone.WARM, units=Units.IMPERIAL)):
            key = one.training.sessions[-1].key if kind is InsightKind.ACTIVITY else ""
            context = build_context(one.training, Subject(kind, key), style)
            assert context is not None
            prompt = build_prompt(context, style)
            assert estimated_tokens(prompt) <= MAX_INPUT_TOKENS, one.name
            told, known = json.loads(prompt.facts)["facts"], {fact.id for fact in context.facts} - OF_COVERAGE
            assert told.keys() == known, "nobody's facts are too many"


@pytest.mark.parametrize("kind", InsightKind)
def test_no_prompt_is_longer_even_with_all_facts_and_the_longest_rules(
    kind: InsightKind, spike: Training
) -> None:
    """More than anybody's week can hold: every fact that there is."""
    style = Style(language=Language.GERMAN, tone=Tone.WARM)
    facts = tuple(
        Fact(id=name, label=label, value=-12345.6, unit="hard days", decimals=1, direction="down")
        for name, label in ENGLISH.facts.items()
    )
    context = week_context(spike)
    rules = tuple(
        context.rules[0].model_copy(
            update={"text": texts.text, "advice": texts.advice, "facts": tuple(placeholders(texts.text))}
        )
        for texts in sorted(ENGLISH.rules.values(), key=lambda one: -len(one.text) - len(one.advice))
    )
    # The fact that the day's reason names stands last, where what is too much is left out first.
    of_the_day = next(fact for fact in facts if fact.id == "days_without_rest")
    facts = (*(fact for fact in facts if fact != of_the_day), of_the_day)
    texts = ENGLISH.rules["long_without_rest"]
    day = context.rules[0].model_copy(update={"reason": texts.reason, "advice": texts.advice})
    full = context.model_copy(
        update={"kind": kind, "facts": facts, "rules": rules, "day": day, "question": "How am I? " * 30}
    )
    prompt = build_prompt(full, style)
    assert estimated_tokens(prompt) <= MAX_INPUT_TOKENS
    told = json.loads(prompt.facts)
    for text in (*(rule["text"] for rule in told["rules"]), told["advice"]):
        assert placeholders(text) <= told["facts"].keys() | OF_COVERAGE


@pytest.mark.parametrize("language", Language)
def test_a_reply_of_the_size_that_is_asked_for_fits(language: Language) -> None:
    """Three observations of 200 characters with the longest ids, advice of 160, a headline of 60."""
    ids = tuple(sorted(ENGLISH.facts, key=len)[-3:])
    observation = DraftObservation(facts=ids, direction="down", text="n" * 200)
    reply = Draft(
        status="insight",
        observations=(observation,) * 3,
        caveats=("n" * 120,),
        recommendation="n" * 160,
        headline="n" * 60,
    )
    per_token = CHARACTERS_PER_TOKEN if language is Language.ENGLISH else 3.2
    assert len(reply.model_dump_json()) / per_token <= MAX_OUTPUT_TOKENS
    for one in made_up_athletes():
        for kind in (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH):
            context = build_context(one.training, Subject(kind))
            assert context is not None
            written = rules_draft(context, language).model_dump_json()
            assert len(written) / per_token <= MAX_OUTPUT_TOKENS, one.name


@pytest.mark.parametrize("kind", InsightKind)
def test_the_example_is_an_observation_as_it_is_asked_for(kind: InsightKind) -> None:
    """Its ids are facts of its kind, its text is short, and nothing in it would be turned down."""
    (line,) = [line for line in instructions(kind).splitlines() if line.startswith('{"facts"')]
    example = DraftObservation.model_validate_json(line)
    assert placeholders(example.text) == set(example.facts) <= ENGLISH.facts.keys()
    assert len(example.text) <= 200
    assert not re.search(r"[0-9!]", example.text)


@pytest.mark.parametrize("tone", Tone)
def test_no_tone_asks_for_what_is_turned_down(tone: Tone) -> None:
    told = instructions(InsightKind.WEEK, Style(tone=tone))
    assert "No praise" in told
    assert not re.search(r"[Pp]raise (?:only|what)|[Ee]ncourag", told)


def test_a_question_about_everything_is_short() -> None:
    question = (
        "Fitness, form, rest, load, how much, intensity, regular, endurance, run, ride, swim, best? " * 4
    )
    for one in made_up_athletes():
        context = build_context(one.training, Subject(InsightKind.QUESTION, question=question))
        assert context is not None
        assert estimated_tokens(build_prompt(context)) <= MAX_INPUT_TOKENS, one.name


def test_it_holds_the_numbers_as_they_are_shown(spike: Training) -> None:
    context = week_context(spike)
    told = json.loads(build_prompt(context).facts)
    assert {name: fact[1] for name, fact in told["facts"].items()} == {
        fact.id: fact.text for fact in context.facts
    }
    assert [rule["text"] for rule in told["rules"]] == [rule.text for rule in context.rules]


def test_it_is_the_same_for_the_same_facts(spike: Training) -> None:
    assert build_prompt(week_context(spike)) == build_prompt(week_context(spike))


def test_it_names_the_sport_of_every_session_and_none_where_they_differ(spike: Training) -> None:
    """Else no model knows whether a session was a ride, and says so all the same."""
    rides = dataclasses.replace(
        spike, sessions=[dataclasses.replace(one, sport=Sport.RIDE) for one in spike.sessions]
    )
    last = Subject(InsightKind.ACTIVITY, spike.sessions[-1].key)

    def told(training: Training, subject: Subject) -> str | None:
        context = build_context(training, subject)
        assert context is not None
        sport: str | None = json.loads(build_prompt(context).facts).get("sport")
        return sport

    assert told(rides, WEEK) == "ride"
    assert told(spike, WEEK) is None
    assert told(spike, last) == spike.sessions[-1].sport


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
