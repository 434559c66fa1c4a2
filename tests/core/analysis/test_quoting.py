"""A fact that is told in its label's own words holds, and its contrary does not."""

import pytest

from tests.fakes.athletes import made_up_athletes
from training_analyzer.analysis.contexts import Subject, build_context
from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.analysis.grounding.quoting import LONG_LABEL, Quotes
from training_analyzer.domain.insight import Context, Fact, InsightKind

ATHLETES = {athlete.name: athlete.training for athlete in made_up_athletes()}


def context_of(name: str, kind: InsightKind) -> Context:
    context = build_context(ATHLETES[name], Subject(kind))
    assert context is not None
    return context


def changes(context: Context) -> list[Fact]:
    return [
        fact for fact in context.facts if fact.direction in {"up", "down"} and len(fact.label) > LONG_LABEL
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fitter_heart", InsightKind.MONTH),
        ("drifting", InsightKind.STATE),
        ("triathlete", InsightKind.STATE),
        ("overreaching", InsightKind.WEEK),
    ],
)
def test_a_change_in_its_labels_words_holds_and_its_contrary_does_not(name: str, kind: InsightKind) -> None:
    context = context_of(name, kind)
    grounds = evidence(context.facts, context.rules)
    assert changes(context)
    for fact in changes(context):
        contrary = "down" if fact.direction == "up" else "up"
        label = fact.label[0].upper() + fact.label[1:]
        for told in (label, label.partition(";")[0]):
            number = f"{{{fact.id}}}"
            assert verify(f"{told}: {fact.direction} {number}.", grounds, cited={fact.id}) == []
            assert verify(f"{told}: {contrary} {number}.", grounds, cited={fact.id}), told


def test_another_facts_number_does_not_hold_behind_a_label() -> None:
    context = context_of("overreaching", InsightKind.WEEK)
    grounds = evidence(context.facts, context.rules)
    load = next(fact for fact in changes(context) if fact.id == "load_change")
    others = [fact for fact in changes(context) if "load" not in fact.id]
    assert others
    for other in others:
        text = f"{load.label.capitalize()}: {other.direction} {{{other.id}}}."
        assert verify(text, grounds, cited={load.id, other.id}), text


def test_only_whole_labels_are_quotes() -> None:
    fact = Fact(id="x_change", label="strain, load made heavier by monotony", value=1, unit="", decimals=0)
    quotes = Quotes.of([fact])
    assert quotes.shortened("Now: Strain, load made heavier by monotony: up.") == "Now: x change: up."
    for unquoted in ("Strain, load made heavier by monotony, is up.", "Strain, load made heavier: up."):
        assert quotes.shortened(unquoted) == unquoted
    assert Quotes.of([]).shortened("Load: up.") == "Load: up."
