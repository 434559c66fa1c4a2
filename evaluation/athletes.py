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

QUESTIONS: Final = {Language.ENGLISH: "How is my form?", Language.GERMAN: "Wie ist meine Form?"}

# Athlete and kind, and of which facts an insight about them must mention one each.
SCRIPTED: Final[dict[tuple[str, InsightKind], tuple[str, ...]]] = {
    ("overreaching", InsightKind.WEEK): ("load_change load_week", "form rest_days"),
    ("detraining", InsightKind.WEEK): ("load_change load_week", "fitness_change_month"),
    ("returning", InsightKind.WEEK): ("sessions_week time_week",),
    ("tapering", InsightKind.WEEK): ("load_change load_week", "form"),
    ("steady", InsightKind.WEEK): ("sessions_week time_week",),
    ("harder_hours", InsightKind.WEEK): ("intensity_change intensity_week",),
    ("missing_data", InsightKind.WEEK): ("estimated_share",),
    ("holiday", InsightKind.WEEK): ("days_since_last sessions_before",),
    ("one_long_ride", InsightKind.ACTIVITY): ("session_time_change", "session_load session_load_change"),
    ("overreaching", InsightKind.STATE): ("form", "fitness fitness_change"),
    ("ramping", InsightKind.MONTH): ("load_month load_month_change", "fitness_change_month"),
    ("overreaching", InsightKind.QUESTION): ("form",),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an insight is to be written about, and the facts of which it must mention one each."""

    name: str
    context: Context
    must_mention: tuple[frozenset[str], ...] = ()


@cache
def scripted(language: Language) -> Mapping[str, Subject]:
    """Return the subjects for which replies are written down, by name."""
    known = _athletes()
    found = {}
    for (athlete, kind), must in SCRIPTED.items():
        context = _context(known[athlete], kind, language)
        if context is not None:
            name = f"{athlete}, {kind}"
            found[name] = Subject(name, context, tuple(frozenset(ids.split()) for ids in must))
    return found


@cache
def _athletes() -> Mapping[str, MadeUp]:
    return {athlete.name: athlete for athlete in made_up_athletes()}


def _context(athlete: MadeUp, kind: InsightKind, language: Language) -> Context | None:
    sessions = athlete.training.sessions
    key = sessions[-1].key if kind is InsightKind.ACTIVITY and sessions else ""
    question = QUESTIONS[language] if kind is InsightKind.QUESTION else ""
    return build_context(athlete.training, About(kind, key=key, question=question), Style(language=language))
