"""Zones of intensity, "zone 2", "zones 1 and 2": they are numbered from one to seven."""

from collections.abc import Sequence
from typing import Final

from training_analyzer.analysis.grounding.lexicon import Words
from training_analyzer.analysis.grounding.tokens import Token

_MARKS: Final = frozenset("-/,&")
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_NUMBERS: Final = frozenset("1234567")


def read_zones(
    tokens: Sequence[Token], at: int, words: Words, found: list[tuple[int, frozenset[int]]]
) -> int:
    """Add the zones that a word for them begins, "zones 1 and 2", and return where they end; else `at`."""
    zone, joining = words["zone"], words["joining_zones"]
    end = at + 1
    zones: set[int] = set()
    while end < len(tokens):
        following = tokens[end]
        if following.kind == "number" and following.word in _NUMBERS:
            zones.add(int(following.word))
        elif following.word in _ROMAN:
            zones.add(_ROMAN[following.word])
        elif not (
            (following.word in joining or following.word in _MARKS)
            and end + 1 < len(tokens)
            and _is_zone(tokens[end + 1], zone)
        ):
            break
        end += 1
    if not zones:
        return at
    found.append((at, frozenset(zones)))
    return end


def _is_zone(token: Token, zone: frozenset[str]) -> bool:
    return token.word in _NUMBERS or token.word in _ROMAN or token.word in zone
