"""What a model is told: fixed instructions first, then facts as canonical JSON."""

import hashlib
import json
import tomllib
from importlib import resources
from typing import Any, Final

from training_analyzer.analysis.draft import MAX_OBSERVATIONS
from training_analyzer.analysis.language.texts import catalogue_of
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.domain.insight import Context, Fact, FiredRule, InsightKind, Prompt
from training_analyzer.domain.style import Style

PLAIN_ENGLISH: Final = Style()

_TEXTS: Final = {"type": "array", "items": {"type": "string"}}

# Bounds on lengths are checked by code: providers reject or ignore them in schemas.
REPLY_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["insight", "nothing_notable", "insufficient_data"]},
        "observations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "facts": _TEXTS,
                    "direction": {"type": "string", "enum": ["up", "down", "flat", "na"]},
                    "text": {"type": "string"},
                },
                "required": ["facts", "direction", "text"],
                "additionalProperties": False,
            },
        },
        "caveats": _TEXTS,
        "recommendation": {"type": "string"},
        "headline": {"type": "string"},
    },
    "required": ["status", "observations", "caveats", "recommendation", "headline"],
    "additionalProperties": False,
}

MAX_INPUT_TOKENS: Final = 2000
CHARACTERS_PER_TOKEN: Final = 3.5
"""
On the dear side: measured with o200k, the tokenizer of gpt-oss, the instructions have 4.2 and facts 3.9 or
more. Gemini's has a larger vocabulary.
"""
MAX_RULES: Final = MAX_OBSERVATIONS + 2
MAX_OUTPUT_TOKENS: Final = 500
"""Of a reply. A backend whose model cannot be kept from thinking says how much more it takes."""

_FILE: Final = resources.files(__package__).joinpath("instructions.toml").read_text(encoding="utf-8")
_INSTRUCTIONS: Final[dict[str, Any]] = tomllib.loads(_FILE)

PROMPT_VERSION: Final = hashlib.sha256(
    (_FILE + json.dumps(REPLY_SCHEMA, sort_keys=True)).encode()
).hexdigest()[:12]
"""Changes with every word of the instructions and the schema, so nobody can forget to raise it."""


OF_COVERAGE: Final = frozenset({"sessions_covered", "sessions_known", "load_covered"})
"""How much was left out is computed from what was left out: code tells it to the athlete, and no model."""


def build_prompt(context: Context, style: Style = PLAIN_ENGLISH) -> Prompt:
    """Return the prompt for a context: no dates, no names, no ids, and numbers as they are shown."""
    return Prompt(
        instructions=(told := instructions(context.kind, style)),
        facts=_fitting(_without_coverage(context), beside=len(told) + len(json.dumps(REPLY_SCHEMA))),
        reply_schema=REPLY_SCHEMA,
        max_output_tokens=MAX_OUTPUT_TOKENS,
    )


def estimated_tokens(prompt: Prompt) -> float:
    """Return about how many tokens the prompt is, rather too many than too few."""
    written = len(prompt.instructions) + len(prompt.facts) + len(json.dumps(dict(prompt.reply_schema)))
    return written / CHARACTERS_PER_TOKEN


def _fitting(context: Context, *, beside: int) -> str:
    """Return the facts as JSON, without what weighs least where all would be too much."""
    of_the_day = placeholders(f"{context.day.reason} {context.day.advice}") if context.day else set()
    while len(told := canonical_json(context)) + beside > MAX_INPUT_TOKENS * CHARACTERS_PER_TOKEN:
        rules = context.rules[:MAX_RULES]
        spoken = {fact_id for rule in rules for fact_id in rule.facts} | of_the_day
        last = next((fact for fact in reversed(context.facts) if fact.id not in spoken), None)
        if last is not None:
            context = context.model_copy(update={"facts": tuple(f for f in context.facts if f != last)})
        elif rules:
            context = context.model_copy(update={"rules": rules[:-1]})
        else:
            break
    return told


def _without_coverage(context: Context) -> Context:
    facts = tuple(fact for fact in context.facts if fact.id not in OF_COVERAGE)
    rules = tuple(rule for rule in context.rules if OF_COVERAGE.isdisjoint(rule.facts))
    return context.model_copy(update={"facts": facts, "rules": rules})


def instructions(kind: InsightKind, style: Style = PLAIN_ENGLISH) -> str:
    """Return what is told before the facts: the same for every athlete of the same style."""
    text: str = _INSTRUCTIONS["base"].strip()
    for hole, words in (
        ("{period}", _INSTRUCTIONS["periods"][kind]),
        ("{language}", catalogue_of(style.language).name),
        ("{tone}", _INSTRUCTIONS["tones"][style.tone]),
        ("{kind}\n", _INSTRUCTIONS["kinds"][kind] + "\n"),
        ("{example}", _INSTRUCTIONS["examples"][kind]),
    ):
        text = text.replace(hole, words)
    return text


def canonical_json(context: Context) -> str:
    """Return the same text for the same facts: rounded as shown, keys sorted, no spaces."""
    content: dict[str, object] = {
        "facts": {fact.id: _fact(fact) for fact in context.facts},
        "rules": [_rule(rule) for rule in context.rules[:MAX_RULES]],
    }
    if context.sport:
        content["sport"] = context.sport.replace("_", " ")
    if context.day:
        content["advice"] = f"{context.day.reason} {context.day.advice}"
    if context.question:
        content["question"] = context.question
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _fact(fact: Fact) -> list[str]:
    shown = [fact.label, fact.text]
    return shown if fact.direction is None else [*shown, fact.direction]


def _rule(rule: FiredRule) -> dict[str, object]:
    told: dict[str, object] = {"severity": rule.severity, "text": rule.text}
    return {**told, "advice": rule.advice} if rule.advice else told
