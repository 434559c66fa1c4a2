"""What advice states before it advises is held against the facts, in every language."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

RISEN = evidence(
    (
        Fact(
            id="load_change", label="load against the week before", value=20, unit="percent", direction="up"
        ),
        Fact(id="load_week", label="training load of the week", value=600, unit="", decimals=0),
    )
)


@pytest.mark.parametrize(
    ("language", "risen", "fallen", "advice"),
    [
        ("en", "Your load rose", "Your load fell", ", so take a rest day."),
        ("de", "Deine Belastung ist gestiegen", "Deine Belastung ist gefallen", ": Gönn dir einen Ruhetag."),
        ("fr", "Ta charge a augmenté", "Ta charge a baissé", ", donc prévois un jour de repos."),
        ("it", "Il carico è aumentato", "Il carico è diminuito", ", quindi prendi un giorno di riposo."),
        ("es", "Tu carga ha subido", "Tu carga ha bajado", ", por eso toma un día de descanso."),
        ("nl", "Je belasting is gestegen", "Je belasting is gedaald", ", dus neem een rustdag."),
        ("pt", "A carga subiu", "A carga desceu", ", por isso tire um dia de descanso."),
    ],
)
def test_a_reason_for_advice_must_hold(language: str, risen: str, fallen: str, advice: str) -> None:
    assert verify(risen + advice, RISEN, language=language, advice=True) == []
    assert verify(fallen + advice, RISEN, language=language, advice=True) != []


@pytest.mark.parametrize(
    "text",
    [
        "Take a rest day, so that your load falls.",
        "If your load fell, take a rest day.",
        "Let your load fall: a rest day helps.",
        "You could let the load fall, so keep the coming days easy.",
    ],
)
def test_what_is_proposed_is_no_reason(text: str) -> None:
    assert verify(text, RISEN, advice=True) == []
