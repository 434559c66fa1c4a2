"""A draft: what somebody wants to say about a week, with placeholders for every number."""

from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints

from training_analyzer.domain.insight import Context, FactId
from training_analyzer.domain.values import Value

MAX_OBSERVATIONS = 4

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=280)]
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


def rules_draft(context: Context) -> Draft:
    """Return what the fired rules say. They stand in the order of their weight."""
    spoken = [fired for fired in context.rules if not fired.caveat][:MAX_OBSERVATIONS]
    return Draft(
        status="nothing_notable" if all(fired.quiet for fired in spoken) else "insight",
        observations=tuple(
            DraftObservation(facts=fired.facts, direction="na", text=fired.text) for fired in spoken
        ),
        caveats=tuple(fired.text for fired in context.rules if fired.caveat),
        recommendation=next((fired.advice for fired in spoken if fired.advice), ""),
        headline=spoken[0].headline,
    )
