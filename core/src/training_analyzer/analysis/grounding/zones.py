"""Zones of intensity, "zone 2", "zones 1 and 2": they are named alike in all languages, from one to seven."""

from collections.abc import Sequence
from typing import Final

from training_analyzer.analysis.grounding.tokens import Token

_ZONES: Final = frozenset({"zone", "zones", "zonen", "zona", "zonas", "z"})
_JOINS: Final = frozenset({"and", "to", "or", "und", "bis", "oder", "et", "y", "e", "en", "-", "/", ",", "&"})
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_NUMBERS: Final = frozenset("1234567")


def read_zones(tokens: Sequence[Token], at: int, found: list[tuple[int, frozenset[int]]]) -> int:
    """Add the zones named here, "zones 1 and 2", and return where they end; `at` if there are none."""
    token = tokens[at]
    if token.word not in _ZONES:
        return at
    end = at + 1
    zones: set[int] = set()
    while end < len(tokens):
        following = tokens[end]
        if following.kind == "number" and following.word in _NUMBERS:
            zones.add(int(following.word))
        elif following.word in _ROMAN:
            zones.add(_ROMAN[following.word])
        elif not (following.word in _JOINS and end + 1 < len(tokens) and _is_zone(tokens[end + 1])):
            break
        end += 1
    if not zones:
        return at
    found.append((at, frozenset(zones)))
    return end


def _is_zone(token: Token) -> bool:
    return token.word in _NUMBERS or token.word in _ROMAN or token.word in _ZONES
