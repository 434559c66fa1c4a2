"""A draft: what somebody wants to say about a stretch of training, with placeholders for every number."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints

from training_analyzer.analysis.contexts import is_medical
from training_analyzer.analysis.language.texts import RuleText, catalogue_of
from training_analyzer.domain.insight import Context, FactId, FiredRule, InsightKind
from training_analyzer.domain.style import Language
from training_analyzer.domain.values import Value

MAX_OBSERVATIONS = 4
COVERAGE_TOPIC = "coverage"
"""Of the rule that says what is left out."""

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Headline = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Advice = Annotated[str, StringConstraints(strip_whitespace=True, max_length=280)]


class DraftValue(Value):
    """Part of a draft. Strict: a reply that needs converting is not what was asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DraftObservation(DraftValue):
    """One thing worth saying. `facts` come first: evidence before conclusion."""

    facts: tuple[FactId, ...]
    direction: Literal["up", "down", "flat", "na"]
    text: Sentence


class Draft(DraftValue):
    """The shape of a model's reply, in the order in which it is to be written."""

    status: Literal["insight", "nothing_notable", "insufficient_data"]
    observations: tuple[DraftObservation, ...]
    caveats: tuple[Sentence, ...]
    recommendation: Advice
    headline: Headline


def rules_draft(context: Context, language: Language = Language.ENGLISH) -> Draft:
    """Return what the fired rules say, in the language. They stand in the order of their weight."""
    texts = catalogue_of(language).rules
    if is_medical(context, language):
        return _about_health(language)
    spoken = [fired for fired in context.rules if not fired.caveat][:MAX_OBSERVATIONS]
    return Draft(
        status=_status(context, spoken),
        observations=tuple(
            DraftObservation(facts=fired.facts, direction="na", text=_said(fired, texts, "text"))
            for fired in spoken
        ),
        caveats=tuple(_said(fired, texts, "text") for fired in context.rules if fired.caveat),
        recommendation=_recommended(context, texts),
        headline=_said(spoken[0], texts, "headline"),
    )


def with_coverage(draft: Draft, context: Context, language: Language = Language.ENGLISH) -> Draft:
    """Return a model's draft with a word on what it does not cover, of which no model is told."""
    texts = catalogue_of(language).rules
    left_out = [_said(fired, texts, "text") for fired in context.rules if fired.topic == COVERAGE_TOPIC]
    return draft.model_copy(update={"caveats": (*draft.caveats, *left_out)})


def with_advice(draft: Draft, context: Context, language: Language = Language.ENGLISH) -> Draft:
    """
    Return a model's draft with the rules' advice in place of its own on a day that asks to ease off.

    Nobody can verify which way free words point, and to push on is what must not slip through.
    """
    if not context.eases_off:
        return draft
    texts = catalogue_of(language)
    fixed = texts.notes["in_place_of_medicine"]
    caveats = (*draft.caveats, fixed) if draft.recommendation == fixed else draft.caveats
    return draft.model_copy(update={"caveats": caveats, "recommendation": _recommended(context, texts.rules)})


def _said(
    fired: FiredRule, texts: Mapping[str, RuleText], part: Literal["headline", "text", "advice", "reason"]
) -> str:
    """Return what the rule says in the catalogue; a rule that is not in it speaks as it was fired."""
    spoken: str = getattr(texts.get(fired.id, fired), part)
    return spoken


def _recommended(context: Context, texts: Mapping[str, RuleText]) -> str:
    """Return the advice of the gravest rule that has any; that of the day comes with its reason."""
    if context.advised is None:
        return ""
    advice = _said(context.advised, texts, "advice")
    is_of_the_day = context.advised is context.day
    return f"{_said(context.advised, texts, 'reason')} {advice}" if is_of_the_day else advice


def _status(
    context: Context, spoken: Sequence[FiredRule]
) -> Literal["insight", "nothing_notable", "insufficient_data"]:
    if not all(fired.quiet for fired in spoken):
        return "insight"
    return "insufficient_data" if context.kind is InsightKind.QUESTION else "nothing_notable"


def has_something_to_say(context: Context) -> bool:
    """Return whether a rule found more than that there is nothing; whoever asks gets an answer anyway."""
    loud = any(not fired.quiet and not fired.caveat for fired in context.rules)
    return loud and context.kind is not InsightKind.QUESTION


def _about_health(language: Language) -> Draft:
    """Return the fixed answer to a question about health. No model is ever asked one."""
    notes = catalogue_of(language).notes
    return Draft(
        status="insufficient_data",
        observations=(DraftObservation(facts=(), direction="na", text=notes["medical"]),),
        caveats=(),
        recommendation=notes["medical_advice"],
        headline=notes["medical_headline"],
    )
