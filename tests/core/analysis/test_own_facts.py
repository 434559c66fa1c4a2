"""
What a coach would say of our own facts holds, and its wrong twin does not: `own_facts/*.cases`.

`# situation, kind language` begins a group; `+` holds, `-` does not (` // why`); `>` after it marks advice.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.athletes import scripted
from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.style import Language

FILES = sorted((Path(__file__).parent / "own_facts").glob("*.cases"))


def _cases(path: Path) -> Iterator[tuple[str, str, str, str]]:
    name = language = ""
    for line in filter(None, path.read_text("utf-8").splitlines()):
        mark, text = line.split(" ", 1)
        if mark == "#":
            name, language = text.rsplit(" ", 1)
        else:
            yield name, language, mark, text.split(" // ")[0].strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_right_sentences_hold_and_wrong_ones_do_not(path: Path) -> None:
    surprises = []
    for name, language, mark, text in _cases(path):
        told = scripted(Language(language))[name].context
        known = evidence(told.facts, told.rules, told.question, language, told.sport)
        found = verify(text, known, language=language, advice=mark.endswith(">"))
        if bool(found) is mark.startswith("+"):
            surprises.append((name, language, mark, text, found))
    assert surprises == []
