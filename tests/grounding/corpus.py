"""The cases that grounding is measured by: facts, a text, and whether the text may be shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from training_analyzer.domain.insight import Fact

CASES: Final = Path(__file__).parent / "cases"
Part = Literal["statement", "advice"]


@dataclass(frozen=True, slots=True)
class Case:
    """A text that somebody might write from `facts`, and what should become of it."""

    facts: str
    language: str
    part: Part
    holds: bool
    text: str
    why: str = ""
    template: str = "by hand"


def read_by_hand(path: Path) -> Iterator[Case]:
    """
    Read cases as people write them: `# facts language`, then one line for each text.

    `+` holds, `-` does not (`// why` follows); `>` after it marks advice.
    """
    facts = language = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            facts, language = line[1:].split()
        elif line:
            text, _, why = line[1:].partition(" // ")
            yield Case(
                facts=facts,
                language=language,
                part="advice" if text.startswith(">") else "statement",
                holds=line[0] == "+",
                text=text.removeprefix(">").strip(),
                why=why,
            )


def read_generated(path: Path) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Case(**json.loads(line))


@cache
def facts_of(name: str) -> tuple[Fact, ...]:
    """Return a set of facts by its name in `facts.json`."""
    keys = ("id", "label", "value", "unit", "decimals", "direction")
    return tuple(Fact(**dict(zip(keys, fact, strict=True))) for fact in _sets()[name]["facts"])


@cache
def _sets() -> dict[str, Any]:
    known: dict[str, Any] = json.loads((CASES / "facts.json").read_text(encoding="utf-8"))
    return known


def by_hand() -> tuple[Case, ...]:
    return tuple(case for path in sorted(CASES.glob("*.cases")) for case in read_by_hand(path))


def mutated() -> tuple[Case, ...]:
    return tuple(read_generated(CASES / "mutated.jsonl"))
