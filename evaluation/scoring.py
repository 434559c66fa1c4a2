"""Scores of a reply: does it fit the schema, does it hold, does it say what it must, and what does it cost."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluation.athletes import Subject
from training_analyzer.analysis.draft import MAX_OBSERVATIONS, Draft
from training_analyzer.analysis.grounding import check, is_medical, is_praise
from training_analyzer.analysis.rendering import by_id, flaws, placeholders, render
from training_analyzer.domain.insight import Context, Usage
from training_analyzer.domain.style import Language, Style

MAX_HEADLINE, MAX_OBSERVATION, MAX_ADVICE = 60, 200, 160
"""Characters, as the instructions ask for and the athlete reads them."""
MAX_COST_USD: Final = 0.002
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
    "cost": 0.95,
    "mutations caught": 0.99,
    "swapped facts caught": 0.99,
}
MUTATED: Final = ("mutations caught", "swapped facts caught")
"""What is judged of the verifier and not of a reply, so counted by mutation."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """What was made wrong in a reply, what is to be judged by it, and whether the verifier refused it."""

    judges: str
    wrong: str
    caught: bool


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
    mutations: tuple[Mutation, ...] = ()


def score(
    subject: Subject,
    language: Language,
    backend: str,
    reply_text: str,
    *,
    usage: Usage,
    cost_usd: float,
    mutating: bool = True,
) -> Score:
    """Return the score of a reply as it came from a backend, and of what is made wrong in it."""
    checked = check(reply_text, subject.context, language)
    violations = () if isinstance(checked, Draft) else tuple(str(violation) for violation in checked)
    try:
        draft = Draft.model_validate_json(reply_text)
    except ValueError:
        judged = {name: False for name in THRESHOLDS if name not in MUTATED}
        return Score(subject.name, language, backend, judged, violations, usage, cost_usd)
    mutated = tuple(_mutated(draft, subject.context, language)) if mutating and not violations else ()
    judged = {
        "valid by the schema": True,
        "grounded": not violations,
        "directions agree": _directions_agree(draft, subject.context),
        "no banned phrase": not any(_is_banned(text, language) for text in _texts(draft)),
        "says what it must": _says_what_it_must(draft, subject),
        "length": _is_short(draft, subject.context, language),
        "language": not any("it is written in" in one for one in violations),
        "tokens": usage.input_tokens <= MAX_INPUT_TOKENS and usage.output_tokens <= MAX_OUTPUT_TOKENS,
        "cost": cost_usd <= MAX_COST_USD,
    }
    return Score(subject.name, language, backend, judged, violations, usage, cost_usd, mutated)


def shares(scores: Iterable[Score]) -> dict[str, float]:
    """Return what share of the replies holds, by what is judged; of the mutations, what share is caught."""
    known = list(scores)
    found = {
        name: sum(one.judged[name] for one in known) / len(known)
        for name in THRESHOLDS
        if name not in MUTATED
    }
    for name in MUTATED:
        caught = [mutation.caught for one in known for mutation in one.mutations if mutation.judges == name]
        found[name] = sum(caught) / len(caught) if caught else 0.0
    return found


def _mutated(draft: Draft, context: Context, language: Language) -> Iterator[Mutation]:
    made = (mutations(draft, context, language), swaps(draft, context))
    for judges, changed in zip(MUTATED, made, strict=True):
        for wrong, reply in changed:
            yield Mutation(judges, wrong, caught=not isinstance(check(reply, context, language), Draft))


def mutations(draft: Draft, context: Context, language: Language) -> Iterator[tuple[str, str]]:
    """Yield a number, a direction, advice or a thing that never was, and the reply with it."""
    content, known = draft.model_dump(mode="json"), by_id(context.facts)
    for number, observation in enumerate(content["observations"]):
        for text in _wrong(observation["text"], context, language):
            yield text, _with(content, number, text=text)
        directions = {known[name].direction for name in observation["facts"]}
        for right, wrong in (("up", "down"), ("down", "up")):
            if observation["direction"] == right and wrong not in directions:
                yield f"{wrong}: {observation['text']}", _with(content, number, direction=wrong)
    yield _ADVICE[language], json.dumps({**content, "recommendation": _ADVICE[language]})
    yield "mood", json.dumps({**content, "mood": "good"})


def swaps(draft: Draft, context: Context) -> Iterator[tuple[str, str]]:
    """Yield a text with a fact in the place of one in another unit, and the reply with it."""
    content, known = draft.model_dump(mode="json"), by_id(context.facts)
    for number, observation in enumerate(content["observations"]):
        for name in placeholders(observation["text"]):
            others = (one for one in known.values() if one.unit != known[name].unit and one.direction is None)
            if other := next(others, None):
                text = observation["text"].replace(f"{{{name}}}", f"{{{other.id}}}")
                cites = sorted({*observation["facts"], other.id})
                yield text, _with(content, number, text=text, facts=cites)


def _with(content: Mapping[str, Any], number: int, **changes: object) -> str:
    observations = list(content["observations"])
    observations[number] = {**observations[number], **changes}
    return json.dumps({**content, "observations": observations})


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
                       ("more than", "less than"), ("longer", "shorter"), ("shorter", "longer"),
                       ("higher", "lower"), ("lower", "higher"), ("dropped", "climbed"), ("come up", "come down"),
                       ("come down", "gone up")),
    Language.GERMAN: (("stieg", "sank"), ("sank", "stieg"), ("über den", "unter den"), ("unter den", "über den"),
                      ("weniger", "mehr"), ("mehr", "weniger"), ("fiel", "stieg"), ("gesunken", "gestiegen"),
                      ("gestiegen", "gesunken"), ("länger", "kürzer"), ("kürzer", "länger"),
                      ("höher", "niedriger"), ("niedriger", "höher")),
}  # fmt: skip


def _wrong(text: str, context: Context, language: Language) -> Iterator[str]:
    """Yield a text with another number, the opposite direction, or something that never was."""
    known, style = by_id(context.facts), Style(language=language)
    for invented in _INVENTED[language]:
        yield f"{text} {invented}"
    for right, wrong in _OPPOSITES[language]:
        if re.search(rf"\b{right}\b", text):
            yield re.sub(rf"\b{right}\b", wrong, text, count=1)
    for name in placeholders(text):
        place = f"{{{name}}}"
        yield text.replace(place, "9876")
        yield text.replace(place, _with_another_digit(render(place, known, style)))


def _with_another_digit(number: str) -> str:
    """Return a number as it is read, with another first digit: "410" is "510" then."""
    at = next(place for place, letter in enumerate(number) if letter.isdigit())
    return f"{number[:at]}{int(number[at]) % 9 + 1}{number[at + 1 :]}"


def _texts(draft: Draft) -> tuple[str, ...]:
    return (draft.headline, *(one.text for one in draft.observations), *draft.caveats, draft.recommendation)


def _says_what_it_must(draft: Draft, subject: Subject) -> bool:
    said = {name for text in _texts(draft) for name in placeholders(text)}
    said.update(name for observation in draft.observations for name in observation.facts)
    return all(said & wanted for wanted in subject.must_mention)


def _directions_agree(draft: Draft, context: Context) -> bool:
    """Return whether each observation points where a fact that it rests on does."""
    directions = {fact.id: fact.direction for fact in context.facts}
    return all(
        one.direction == "na" or one.direction in {directions.get(name) for name in one.facts}
        for one in draft.observations
    )


def _is_banned(text: str, language: Language) -> bool:
    return "!" in text or is_praise(text, language) or is_medical(text, language)


def _is_short(draft: Draft, context: Context, language: Language) -> bool:
    """Return whether no part is longer than the instructions ask for, as it is read."""
    known, style = by_id(context.facts), Style(language=language)
    if any(flaws(text, known) for text in _texts(draft)):
        return False  # nobody can read it
    observations = [len(render(one.text, known, style)) for one in draft.observations]
    return (
        len(render(draft.headline, known, style)) <= MAX_HEADLINE
        and 1 <= len(observations) <= MAX_OBSERVATIONS
        and max(observations) <= MAX_OBSERVATION
        and len(render(draft.recommendation, known, style)) <= MAX_ADVICE
    )
