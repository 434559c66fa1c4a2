"""
How much a Gemini model thinks before it writes: not at all, where it can be told so.

Thoughts are billed as output, and count against the limit of a reply. An insight needs none: what there is
to reason about, the core's rules have reasoned. How a model is told differs by its generation, and the
wrong way is an error 400 (ai.google.dev/gemini-api/docs/thinking).
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from training_analyzer_gemini.prices import family


@dataclass(frozen=True, slots=True)
class Thinking:
    """What a model is told about thinking, and the tokens that it may take for it all the same."""

    budget: int | None = None
    level: Literal["MINIMAL", "LOW"] | None = None
    tokens: int = 0


UNTOLD: Final = Thinking(tokens=1000)
"""A model that this table does not know, which may think."""

# The first that fits. `MINIMAL` is for writing what no thinking is; some models have nothing below `LOW`.
_TABLE: Final[tuple[tuple[re.Pattern[str], Thinking], ...]] = (
    (re.compile(r"gemini-2\.5-flash"), Thinking(budget=0)),
    (re.compile(r"gemini-2\.5-pro"), Thinking(budget=128, tokens=128)),
    (re.compile(r"gemini-3\.[78]-flash"), Thinking(level="LOW", tokens=1000)),
    (re.compile(r"gemini-3(?:\.\d+)?-flash"), Thinking(level="MINIMAL")),
    (re.compile(r"gemini-3(?:\.\d+)?-pro"), Thinking(level="LOW", tokens=1000)),
    (re.compile(r"gemini-(?:1|2\.0)\b"), Thinking()),
)


def thinking_of(model: str) -> Thinking:
    """Return what the model is told, by its name with or without a path and a version."""
    name = family(model)
    return next((thinking for pattern, thinking in _TABLE if pattern.match(name)), UNTOLD)
