"""A model's reply as a whole: valid by the schema, every part of it verified, nothing medical left in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from training_analyzer.analysis.draft import (
    MAX_OBSERVATIONS,
    Draft,
    DraftObservation,
    has_something_to_say,
    rules_draft,
)
from training_analyzer.analysis.grounding.evidence import Evidence, evidence
from training_analyzer.analysis.grounding.lexicon import LANGUAGES, lexicon
from training_analyzer.analysis.grounding.verifying import verify
from training_analyzer.analysis.language.texts import catalogue_of
from training_analyzer.analysis.rendering import by_id, placeholders
from training_analyzer.domain.insight import Context, Fact, InsightKind
from training_analyzer.domain.style import Language
from training_analyzer.domain.values import Value

_UNFINISHED: Final = re.compile(r"[{}]")
_FIRST_WORD: Final = re.compile(r"[^\W_]+")
"""Of "It's", that is "It"."""
MIN_WORDS_FOR_LANGUAGE: Final = 8
# Parts of a reply.
WHOLE, OBSERVATIONS, OBSERVATION, CAVEAT = "reply", "observations", "observation", "caveat"


class Violation(Value):
    """One reason why a reply does not hold, and the part of it that it is about."""

    part: str
    reason: str

    def __str__(self) -> str:
        return f"{self.part}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a reply: a draft that holds; or all that does not, and what does if that is enough."""

    draft: Draft | None
    violations: tuple[Violation, ...] = ()
    in_part: Draft | None = None


def check(
    reply_text: str, context: Context, language: Language = Language.ENGLISH
) -> Draft | tuple[Violation, ...]:
    """Return the reply as a draft if every claim in it holds, and otherwise all that does not."""
    checked = examine(reply_text, context, language)
    return checked.violations if checked.draft is None else checked.draft


def examine(reply_text: str, context: Context, language: Language = Language.ENGLISH) -> Checked:
    """
    Hold every part of a reply against the facts.

    What it says of health is not passed on: a fixed text takes its place.
    """
    try:
        draft = Draft.model_validate_json(reply_text)
    except ValidationError as error:
        return Checked(None, tuple(_schema_violations(error)))
    draft = without_medicine(draft, language)
    violations = tuple(_violations(draft, context, language))
    if not violations:
        return Checked(draft)
    broken = frozenset(violation.part for violation in violations)
    return Checked(None, violations, _in_part(draft, broken, context, language))


def _in_part(draft: Draft, broken: frozenset[str], context: Context, language: Language) -> Draft | None:
    """
    Return what holds of a draft that does not hold as a whole; None where that is less than half of it.

    The rules' headline and advice stand where its own do not hold. Where an observation is left out, the
    advice may rest on it, and one that begins with "it" or "that" would be said of another.
    """
    answers = context.kind is InsightKind.QUESTION and "headline" in broken
    if answers or broken & {WHOLE, OBSERVATIONS} or all(fired.caveat for fired in context.rules):
        return None
    whole = len(draft.observations)
    kept: list[DraftObservation] = []
    for number, observation in enumerate(draft.observations, start=1):
        follows_a_gap = len(kept) < number - 1 and _points_back(observation.text, language)
        if f"{OBSERVATION} {number}" not in broken and not follows_a_gap:
            kept.append(observation)
    caveats = tuple(c for n, c in enumerate(draft.caveats, start=1) if f"{CAVEAT} {n}" not in broken)
    texts = (draft.headline, *(observation.text for observation in kept), *caveats)
    if not kept or 2 * len(kept) < whole or _language_of(texts) not in (None, language):
        return None
    rules = rules_draft(context, language)
    advises = "recommendation" not in broken and len(kept) == whole
    return draft.model_copy(
        update={
            "observations": tuple(kept),
            "caveats": caveats,
            "recommendation": draft.recommendation if advises else rules.recommendation,
            "headline": rules.headline if "headline" in broken else draft.headline,
        }
    )


def _points_back(text: str, language: Language) -> bool:
    """Return whether a text begins with a word that stands for what was said before: "It", "That is"."""
    first = _FIRST_WORD.match(text)
    return first is not None and first[0].lower() in catalogue_of(language).points_back


def in_place_of_medicine(language: Language) -> str:
    """Return what stands where a model spoke of health."""
    return catalogue_of(language).notes["in_place_of_medicine"]


def without_medicine(draft: Draft, language: Language) -> Draft:
    """Return the draft with a fixed text for what it says of health; as it is where nothing else is left."""
    sound = tuple(o for o in draft.observations if not is_medical(o.text, language))
    caveats = tuple(caveat for caveat in draft.caveats if not is_medical(caveat, language))
    advises = is_medical(draft.recommendation, language)
    if not sound and draft.observations:
        return draft
    if len(sound) == len(draft.observations) and len(caveats) == len(draft.caveats) and not advises:
        return draft
    fixed = in_place_of_medicine(language)
    return draft.model_copy(
        update={
            "observations": sound,
            "caveats": caveats if advises else (*caveats, fixed),
            "recommendation": fixed if advises else draft.recommendation,
        }
    )


def _schema_violations(error: ValidationError) -> Iterator[Violation]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:5]:
        # What a field is called that is not of the schema is the service's word, such as one of its errors.
        is_strange = detail["type"] == "extra_forbidden"
        known = detail["loc"][:-1] if is_strange else detail["loc"]
        reason = "a field that is not in the schema" if is_strange else detail["msg"].lower()
        yield Violation(part=".".join(str(step) for step in known) or WHOLE, reason=reason)


def _violations(draft: Draft, context: Context, language: Language) -> Iterator[Violation]:
    if not draft.observations and draft.status == "insight":
        yield Violation(part=OBSERVATIONS, reason="an insight without an observation")
    elif not draft.observations and has_something_to_say(context):
        yield Violation(part=OBSERVATIONS, reason="none, but the rules have found something")
    if len(draft.observations) > MAX_OBSERVATIONS:
        yield Violation(
            part=OBSERVATIONS, reason=f"{len(draft.observations)}; {MAX_OBSERVATIONS} are allowed"
        )
    known = by_id(context.facts)
    grounds = evidence(
        context.facts, context.rules, context.question, language, context.sport, eased=context.eases_off
    )
    said = {text for rule in context.rules for text in (rule.headline, rule.text, rule.advice)}
    parts = tuple(_parts(draft, known, grounds, language))
    for part, text, reasons in parts:
        # What a rule that holds says, in its own words, holds.
        if text not in said and text != in_place_of_medicine(language):
            for reason in (*_wording(text, known, language), *reasons):
                yield Violation(part=part, reason=reason)
    if (written := _language_of(text for _, text, _ in parts)) not in (None, language):
        yield Violation(part=WHOLE, reason=f'it is written in "{written}", not in "{language}"')


def _parts(
    draft: Draft, known: Mapping[str, Fact], grounds: Evidence, language: Language
) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Return every text of a reply, where it stands, and what of it does not hold."""
    for number, observation in enumerate(draft.observations, start=1):
        cited = set(observation.facts)
        reasons = (
            *verify(observation.text, grounds, language=language, cited=cited),
            *_citations(observation, known),
        )
        yield f"{OBSERVATION} {number}", observation.text, reasons
    yield "headline", draft.headline, verify(draft.headline, grounds, language=language)
    for number, caveat in enumerate(draft.caveats, start=1):
        yield f"{CAVEAT} {number}", caveat, verify(caveat, grounds, language=language)
    advice = draft.recommendation
    yield "recommendation", advice, verify(advice, grounds, language=language, advice=True)


def _wording(text: str, known: Mapping[str, Fact], language: Language) -> Iterator[str]:
    """What holds for every text besides its claims."""
    for name in sorted(placeholders(text) - known.keys()):
        yield f"there is no fact {{{name}}}"
    if _UNFINISHED.search(_without_placeholders(text)):
        yield "a placeholder is malformed"
    if "!" in text:
        yield "an exclamation mark"
    if praise := _first_with("praise:any", text, language):
        yield f'praise ("{praise}")'


def _citations(observation: DraftObservation, known: Mapping[str, Fact]) -> Iterator[str]:
    cited = set(observation.facts)
    if not cited:
        yield "it cites no fact"
    for name in sorted(cited - known.keys()):
        yield f"it cites {name}, which is not a fact"
    for name in sorted((placeholders(observation.text) & known.keys()) - cited):
        yield f"it mentions {{{name}}} without citing it"
    directions = {known[name].direction for name in cited & known.keys()}
    if observation.direction != "na" and observation.direction not in directions:
        yield f"its direction is {observation.direction}, but no cited fact's is"


def is_medical(text: str, language: Language = Language.ENGLISH) -> bool:
    """Return whether a text speaks of health, and so must not be shown."""
    return bool(_first_with("medical:any", text, language))


def is_praise(text: str, language: Language = Language.ENGLISH) -> bool:
    """Return whether a text cheers at the athlete instead of telling them something."""
    return bool(_first_with("praise:any", text, language))


def _first_with(tag: str, text: str, language: str) -> str:
    """Return the first phrase in a text that is of a kind; empty where there is none."""
    words = lexicon(language)
    tokens = words.tokenize(text)
    for at in range(len(tokens)):
        length, tags = words.match(tokens, at)
        if tag in tags:
            return " ".join(token.text for token in tokens[at : at + length])
    return ""


def _language_of(texts: Iterable[str]) -> str | None:
    """Return the language whose commonest words a text has most of; None where that says too little."""
    tokens = [token for text in texts for token in lexicon("en").tokenize(_without_placeholders(text))]
    words = [token.word for token in tokens if token.kind == "word"]
    if len(words) < MIN_WORDS_FOR_LANGUAGE:
        return None
    counts = {language: sum(word in lexicon(language).common for word in words) for language in LANGUAGES}
    first, second, *_ = sorted(counts.values(), reverse=True)
    return max(counts, key=counts.__getitem__) if first >= second + 2 else None


def _without_placeholders(text: str) -> str:
    for name in placeholders(text):
        text = text.replace(f"{{{name}}}", " ")
    return text
