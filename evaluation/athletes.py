"""Whom insights are written about: made-up athletes in situations that an insight should do justice to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from tests.fakes.athletes import MadeUp, made_up_athletes
from training_analyzer.analysis.contexts import Subject as About
from training_analyzer.analysis.contexts import build_context
from training_analyzer.domain.insight import Context, InsightKind
from training_analyzer.domain.style import Language, Style

SCRIPTED: Final = (Language.ENGLISH, Language.GERMAN)
"""The languages in which replies are written down."""
QUESTIONS: Final = {
    Language.ENGLISH: "How is my form?",
    Language.GERMAN: "Wie ist meine Form?",
    Language.SPANISH: "¿Cómo está mi forma?",
    Language.FRENCH: "Comment est ma forme ?",
    Language.ITALIAN: "Com'è la mia forma?",
    Language.DUTCH: "Hoe is mijn vorm?",
    Language.PORTUGUESE: "Como está a minha forma?",
}
OTHER_QUESTIONS: Final = {
    "run_jump": ("Is my long run too long?", "Ist mein langer Lauf zu lang?"),
    "run_records": ("Have I become faster?", "Bin ich schneller geworden?"),
    "swimmer": ("How much do I swim?", "Wie viel schwimme ich?"),
    "ride_records": ("What are my best efforts?", "Was sind meine besten Leistungen?"),
    "triathlete": ("Which sport takes most of my time?", "Welche Sportart kostet mich am meisten Zeit?"),
}
"""In the languages in which replies are written down."""

SITUATIONS: Final = (
    *("overreaching", "detraining", "returning", "tapering", "polarised", "too_hard_on_easy_days"),
    *("missing_data", "steady", "holiday", "ramping"),
)
"""Of each, an insight of every kind is asked for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an insight is to be written about."""

    situation: str
    context: Context

    @property
    def name(self) -> str:
        return f"{self.situation}, {self.context.kind}"

    @property
    def must_mention(self) -> tuple[frozenset[str], ...]:
        """The facts of which an insight must mention one each: those of the gravest rule, and of caveats."""
        rules = self.context.rules
        gravest = next((rule for rule in rules if not rule.caveat), None)
        spoken = [*([gravest] if gravest else []), *(rule for rule in rules if rule.caveat)]
        return tuple(frozenset(rule.facts) for rule in spoken if rule.facts)


@cache
def scripted(language: Language) -> Mapping[str, Subject]:
    """Return the subjects for which replies are written down, by name."""
    subjects = (
        Subject(situation, context)
        for situation in SITUATIONS
        for kind in InsightKind
        if (context := asked(situation, kind, language)) is not None
    )
    return {subject.name: subject for subject in subjects}


@cache
def asked(situation: str, kind: InsightKind, language: Language) -> Context | None:
    """Return what a model is told for an insight of this kind about any of the made-up athletes."""
    athlete = _athletes()[situation]
    sessions = athlete.training.sessions
    key = sessions[-1].key if kind is InsightKind.ACTIVITY and sessions else ""
    question = _question(situation, language) if kind is InsightKind.QUESTION else ""
    return build_context(athlete.training, About(kind, key=key, question=question), Style(language=language))


def _question(situation: str, language: Language) -> str:
    own = OTHER_QUESTIONS.get(situation)
    return own[SCRIPTED.index(language)] if own and language in SCRIPTED else QUESTIONS[language]


@cache
def _athletes() -> Mapping[str, MadeUp]:
    return {athlete.name: athlete for athlete in made_up_athletes()}
