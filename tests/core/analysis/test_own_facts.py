"""
What a coach would say of our own facts holds, and its wrong twin does not: `own_facts/*.cases`.

`# athlete, kind language` begins a group, and an own question may follow the kind, or "imperial"; `+` holds,
`-` does not (` // why`); `>` after it marks advice.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from evaluation.athletes import QUESTIONS
from tests.fakes.athletes import made_up_athletes
from training_analyzer.analysis.contexts import Subject, build_context
from training_analyzer.analysis.grounding import Evidence, evidence, verify
from training_analyzer.domain.insight import InsightKind
from training_analyzer.domain.style import Language, Style, Units

FILES = sorted((Path(__file__).parent / "own_facts").glob("*.cases"))
TRAINING = {athlete.name: athlete.training for athlete in made_up_athletes()}


@cache
def _known(about: str, language: Language) -> Evidence:
    name, kind, *more = about.split(", ")
    given, own = TRAINING[name], next(iter(more), "")
    key = given.sessions[-1].key if kind == InsightKind.ACTIVITY else ""
    question = (own or QUESTIONS[language]) if kind == InsightKind.QUESTION else ""
    units = Units.IMPERIAL if own == Units.IMPERIAL else Units.METRIC
    style = Style(language=language, units=units)
    told = build_context(given, Subject(InsightKind(kind), key, question), style)
    assert told is not None
    return evidence(told.facts, told.rules, told.question, language, told.sport, eased=told.eases_off)


def _cases(path: Path) -> Iterator[tuple[str, Language, str, str]]:
    about, language = "", Language.ENGLISH
    for line in filter(None, path.read_text("utf-8").splitlines()):
        mark, text = line.split(" ", 1)
        if mark == "#":
            about, _, code = text.rpartition(" ")
            language = Language(code)
        else:
            yield about, language, mark, text.split(" // ")[0].strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_right_sentences_hold_and_wrong_ones_do_not(path: Path) -> None:
    surprises = []
    for about, language, mark, text in _cases(path):
        found = verify(text, _known(about, language), language=language, advice=mark.endswith(">"))
        if bool(found) is mark.startswith("+"):
            surprises.append((about, str(language), mark, text, found))
    assert surprises == []
