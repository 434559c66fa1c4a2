"""What separates the parts of a sentence, and where its clauses begin."""

from itertools import accumulate
from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.tokens import Token

# How much a mark or a word separates what stands before it from what stands behind it, in tokens.
_MARKS: Final = {",": 3, ":": 5, "(": 1, ")": 5, "\N{EM DASH}": 5, "/": 2}
_DASH: Final = 5
"""Of a hyphen with spaces around it."""
_AND, _BUT = 3, 5
_RIGHT_BEHIND: Final = 2
_DASHES: Final = frozenset("-\N{EM DASH}")


def walls_of(tokens: list[Token], mentions: list[Mention], quantities: list[Quantity]) -> tuple[int, ...]:
    """Return for each token all that separates the beginning of the sentence from it."""
    heights = [0] * (len(tokens) + 1)
    for at in _marks(tokens):
        heights[at] = _DASH if _is_a_dash(at, tokens) else _MARKS.get(tokens[at].word, 0)
    starts = {quantity.at for quantity in quantities}
    for mention in mentions:
        if "clause" not in mention.sections:
            continue
        if mention.end in starts and _leads_through(mention, tokens):
            continue
        if "clause:but" in mention.tags and not _is_only(mention, tokens, starts):
            heights[mention.at] += _BUT
        elif "clause:and" in mention.tags:
            heights[mention.at] += _AND
    if mentions and quantities and mentions[0].at == 0 and "role:at" in mentions[0].tags:
        end = quantities[0].end  # "At 34.6 km, your longest run …"
        if quantities[0].at == mentions[0].end and end < len(tokens) and tokens[end].word == ",":
            heights[end] = 1
    return tuple(accumulate(heights))


def clauses_of(tokens: list[Token], mentions: list[Mention], quantities: list[Quantity]) -> tuple[int, ...]:
    """
    Number the clauses. What hangs on the one before it ("with", "which") begins none.

    Neither does what stands behind a colon, unless a number before it was said, and words follow.
    """
    first = quantities[0].end if quantities else len(tokens)
    starts = {quantity.at for quantity in quantities}
    begun = {
        at
        for at in _marks(tokens)
        if _is_a_dash(at, tokens)
        or (
            tokens[at].word == ":"
            and first <= at < len(tokens) - 1
            and starts.isdisjoint(range(at + 1, at + 1 + _RIGHT_BEHIND))
        )
    }
    for mention in mentions:
        if "clause" not in mention.sections or _is_only(mention, tokens, starts):
            continue
        adds = "clause:and" in mention.tags and "clause:or" not in mention.tags
        joined = adds and mention.at and tokens[mention.at - 1].word == ","
        if joined or ("clause:but" in mention.tags and "clause:hanging" not in mention.tags):
            begun.add(mention.at)
    if not begun:
        return (0,) * (len(tokens) + 1)
    return tuple(accumulate([int(at in begun) for at in range(len(tokens) + 1)]))


def _marks(tokens: list[Token]) -> list[int]:
    return [at for at, token in enumerate(tokens) if token.kind == "mark"]


def _is_a_dash(at: int, tokens: list[Token]) -> bool:
    """Return whether a mark is a dash: spaces stand around it, and something follows."""
    if tokens[at].word not in _DASHES or at + 1 == len(tokens):
        return False
    return not (tokens[at].glued or tokens[at + 1].glued)


def _leads_through(mention: Mention, tokens: list[Token]) -> bool:
    """As in "met 12 punten gestegen", "pro Stunde blieb die Belastung mit {intensity_week} nahezu gleich"."""
    if "role:by_before" in mention.tags:
        return True
    told = "role:at" in mention.tags and tokens[mention.end].kind == "fact"
    return told and mention.end + 1 < len(tokens) and tokens[mention.end + 1].kind == "word"


def _is_only(mention: Mention, tokens: list[Token], starts: set[int]) -> bool:
    """As in "Er zat maar 9 seconden tussen": no more than that, and no "but"."""
    follows = mention.at > 0 and tokens[mention.at - 1].kind != "mark"
    return follows and "clause:only" in mention.tags and mention.end in starts
