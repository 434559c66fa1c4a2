"""Quantities: what a number that a text states may mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from training_analyzer.analysis.grounding.lexicon import NOTHING, Lexicon, Tags
from training_analyzer.analysis.grounding.sayable import Direction
from training_analyzer.analysis.grounding.tokens import Token
from training_analyzer.analysis.grounding.units import Dimension

_THOUSANDS: Final = 3


@dataclass(slots=True)
class Meaning:
    """
    One way to understand a quantity: what it measures, its value, and half of its precision.

    Its fields are final, and it is not `frozen`, as in `Mention`.
    """

    dimension: Final[Dimension | None]
    """None: no unit is written, so the number is in whatever unit the fact has."""
    value: Final[float]
    half: Final[float]
    factor: Final[float] = 1.0
    """Of the unit in which it is written."""
    way: Final[Direction | None] = None
    """Of a change: where it went, "halved"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a text states, from token `at` up to token `end`."""

    at: int
    end: int
    text: str
    meanings: tuple[Meaning, ...]
    sign: str = ""
    fact: str = ""
    """The fact that a placeholder names; its number is right by itself."""
    upper: float | None = None
    """Where it is a range: its other end, in the unit of the first meaning."""
    hedges: frozenset[str] = frozenset()
    spelled_one: bool = False
    fraction: bool = False
    metrics: frozenset[str] = frozenset()
    """What its unit says that it is of: "load points"."""
    window: bool = False
    """Joined to its unit by a hyphen, as in "28-day"."""
    dimension: Dimension | None = field(init=False)
    """Of its first meaning."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "dimension", self.meanings[0].dimension if self.meanings else None)


@dataclass(slots=True)
class Number:
    """A number up to token `end`, and how precisely it is written."""

    end: Final[int]
    value: Final[float]
    precision: Final[float]
    spelled: Final[bool] = False


class Phrases:
    """What the lexicon knows at each token of a sentence, looked up once."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.found = [lexicon.match(tokens, at) for at in range(len(tokens))]

    def at(self, at: int) -> tuple[int, Tags]:
        """Return what is known at a token, also right behind the last one."""
        return self.found[at] if at < len(self.found) else NOTHING


def numeral(text: str, *, english: bool) -> tuple[float, float]:
    """Return the value of a numeral and its precision: "1,234.5" is 1234.5, to a tenth."""
    if text.isdecimal():
        return float(text), 1.0
    compact = "".join(character for character in text if character not in " \u00a0\u202f'")
    decimal, grouping = (".", ",") if english else (",", ".")
    pieces = compact.split(grouping)
    if len(pieces) > 1 and (
        decimal in pieces[0] or any(len(p.split(decimal)[0]) != _THOUSANDS for p in pieces[1:])
    ):
        # Not thousands: the other mark is the decimal one ("12,5" in an English text).
        compact = compact.replace(decimal, "").replace(grouping, decimal, 1)
    else:
        compact = "".join(pieces)
    whole, _, decimals = compact.partition(decimal)
    decimals = "".join(character for character in decimals if character.isdigit())
    return float(f"{whole or 0}.{decimals or 0}"), 10.0 ** -len(decimals)
