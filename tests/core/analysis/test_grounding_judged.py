"""Judgements without a number: they are refused where facts clearly contradict them, in every language."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

RESTED = Fact(id="form", label="form, fitness less fatigue", value=17.0)
TIRED = Fact(id="form", label="form, fitness less fatigue", value=-31.0)
HARD = Fact(
    id="hard_days",
    label="days of the week with far more load than a usual training day",
    value=3.0,
    unit="days",
)
SHARE = Fact(
    id="session_week_share", label="the session's share of the load of seven days", value=24.0, unit="%"
)

VERY_TIRED = [
    ("en", "With a form of {form} you are very tired."),
    ("de", "Mit einer Form von {form} bist du sehr müde."),
    ("fr", "Avec une forme de {form}, tu es très fatigué."),
    ("es", "Con una forma de {form}, estás muy cansado."),
    ("it", "Con una forma di {form}, sei molto stanco."),
    ("nl", "Met een vorm van {form} ben je erg vermoeid."),
    ("pt", "Com uma forma de {form}, estás muito cansado."),
]


@pytest.mark.parametrize(("language", "text"), VERY_TIRED)
def test_a_state_holds_only_where_form_does_not_contradict_it(language: str, text: str) -> None:
    assert any("but form" in wrong for wrong in verify(text, evidence([RESTED]), language=language))
    assert not verify(text, evidence([TIRED]), language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Aucun jour dur cette semaine."),
        ("es", "Ningún día duro esta semana."),
        ("it", "Nessun giorno duro questa settimana."),
        ("nl", "Geen enkele harde dag deze week."),
        ("pt", "Nenhum dia duro esta semana."),
    ],
)
def test_none_is_said_only_of_none(language: str, text: str) -> None:
    assert any("hard_days >= 1" in wrong for wrong in verify(text, evidence([HARD]), language=language))


def test_a_share_is_not_most_where_it_is_a_quarter() -> None:
    text = "With {session_week_share} of the load, this session made most of your week."

    assert any("session_week_share is 24" in wrong for wrong in verify(text, evidence([SHARE])))


@pytest.mark.parametrize(
    "text",
    [
        "At a form of {form} you are not very tired.",
        "At a form of {form} you are anything but exhausted.",
        "If you train too hard, you will be exhausted.",
    ],
)
def test_what_is_denied_or_conditional_is_no_claim(text: str) -> None:
    assert not [wrong for wrong in verify(text, evidence([RESTED])) if "but form" in wrong]


def test_what_no_fact_knows_contradicts_nothing() -> None:
    assert not [wrong for wrong in verify("You are exhausted.", evidence([HARD])) if "but" in wrong]
