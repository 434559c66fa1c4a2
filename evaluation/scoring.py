"""Scores of a reply: does it fit the schema, does it hold, does it say what it must, and what does it cost."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from evaluation.athletes import Subject
from training_analyzer.analysis.draft import Draft
from training_analyzer.analysis.grounding import check
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.domain.insight import Usage
from training_analyzer.domain.style import Language

MAX_HEADLINE: Final = 60
MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS = 2_000, 500

# What must hold of all replies together.
THRESHOLDS: Final = {
    "valid by the schema": 0.99,
    "grounded": 0.99,
    "directions agree": 0.99,
    "no banned phrase": 1.0,
    "says what it must": 0.95,
    "length": 0.95,
    "language": 0.99,
    "tokens": 0.95,
    "mutations caught": 0.99,
}


@dataclass(frozen=True, slots=True)
class Score:
    """How one reply does. None: it could not be judged, because it does not fit the schema."""

    subject: str
    language: Language
    backend: str
    judged: dict[str, bool]
    violations: tuple[str, ...]
    usage: Usage
    cost_usd: float
    caught: int = 0
    mutations: int = 0


def score(
    subject: Subject, language: Language, backend: str, reply_text: str, *, usage: Usage, cost_usd: float
) -> Score:
    """Return the score of a reply as it came from a backend."""
    checked = check(reply_text, subject.context, language)
    violations = () if isinstance(checked, Draft) else tuple(str(violation) for violation in checked)
    try:
        draft = Draft.model_validate_json(reply_text)
    except ValueError:
        judged = dict.fromkeys(THRESHOLDS, False) | {"mutations caught": True}
        return Score(subject.name, language, backend, judged, violations, usage, cost_usd)
    mutated = list(mutations(draft, language)) if not violations else []
    caught = sum(not isinstance(check(text, subject.context, language), Draft) for text in mutated)
    judged = {
        "valid by the schema": True,
        "grounded": not violations,
        "directions agree": not any("went" in one or "direction" in one for one in violations),
        "no banned phrase": not any("praise" in one or "exclamation" in one for one in violations),
        "says what it must": _says_what_it_must(draft, subject),
        "length": len(draft.headline) <= MAX_HEADLINE and len(draft.observations) > 0,
        "language": not any("it is written in" in one for one in violations),
        "tokens": usage.input_tokens <= MAX_INPUT_TOKENS and usage.output_tokens <= MAX_OUTPUT_TOKENS,
        "mutations caught": caught == len(mutated),
    }
    return Score(subject.name, language, backend, judged, violations, usage, cost_usd, caught, len(mutated))


def shares(scores: Iterable[Score]) -> dict[str, float]:
    """Return what share of the replies holds, by what is judged; of the mutations, what share is caught."""
    known = list(scores)
    found = {
        name: sum(one.judged[name] for one in known) / len(known)
        for name in THRESHOLDS
        if name != "mutations caught"
    }
    total = sum(one.mutations for one in known)
    return {**found, "mutations caught": sum(one.caught for one in known) / total if total else 0.0}


def mutations(draft: Draft, language: Language) -> Iterator[str]:
    """Yield the reply with one thing wrong in it."""
    content = draft.model_dump(mode="json")
    for number, observation in enumerate(content["observations"]):
        for text in _wrong(observation["text"], language):
            changed = json.loads(json.dumps(content))
            changed["observations"][number]["text"] = text
            yield json.dumps(changed)
        if observation["direction"] in ("up", "down"):
            changed = json.loads(json.dumps(content))
            changed["observations"][number]["direction"] = (
                "down" if observation["direction"] == "up" else "up"
            )
            yield json.dumps(changed)
    yield json.dumps({**content, "recommendation": _ADVICE[language]})
    yield json.dumps({**content, "mood": "good"})


_ADVICE: Final = {
    Language.ENGLISH: "Ride 137 km on Saturday.",
    Language.GERMAN: "Fahre am Samstag 137 km.",
}
_INVENTED: Final = {
    Language.ENGLISH: (
        "Your brick session was a good one.",
        "Your load was 4321.",
        "It was your best week ever.",
    ),
    Language.GERMAN: ("Die Koppeleinheit war gut.", "Deine Belastung lag bei 4321.", "Ein neuer Rekord."),
}
_OPPOSITES: Final = {
    Language.ENGLISH: (("rose", "fell"), ("above", "below"), ("below", "above"), ("less than", "more than"),
                       ("longer", "shorter"), ("dropped", "climbed"), ("come down", "gone up")),
    Language.GERMAN: (("stieg", "sank"), ("über den", "unter den"), ("weniger", "mehr"), ("fiel", "stieg"),
                      ("gesunken", "gestiegen"), ("länger", "kürzer")),
}  # fmt: skip


def _wrong(text: str, language: Language) -> Iterator[str]:
    """A number, a direction, a fact, or something that never was."""
    for invented in _INVENTED[language]:
        yield f"{text} {invented}"
    for right, wrong in _OPPOSITES[language]:
        if right in text:
            yield text.replace(right, wrong, 1)
    for name in placeholders(text):
        yield text.replace(f"{{{name}}}", "9876")
        yield text.replace(f"{{{name}}}", "{sleep_score}")


def _says_what_it_must(draft: Draft, subject: Subject) -> bool:
    said = frozenset(name for observation in draft.observations for name in observation.facts)
    return all(said & wanted for wanted in subject.must_mention)
