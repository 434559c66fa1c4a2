"""What advice says before it advises: "Load fell, so add a ride" states that load fell."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.lexicon import Lexicon
from training_analyzer.analysis.grounding.reading import sentence_of
from training_analyzer.analysis.grounding.sentences import Sentence

_COLON: Final = ":"
_MARKS: Final = frozenset(",:\N{EN DASH}\N{EM DASH}")
"""Marks that may part what is stated from what is advised."""
_HENCE: Final = 3
"""Within so many words behind a mark stands "so", "por eso", "plane deshalb". Our choice."""
_SHORTEST: Final = 3
"""Words that state something. Our choice."""
_STATING_NOTHING: Final = ("advice:anywhere", "clause:if")


def premises(sentences: list[Sentence], lexicon: Lexicon) -> Iterator[Sentence]:
    """Return what the sentences of some advice state: what another follows, and what stands ahead of "so"."""
    for sentence in sentences:
        end = _end(sentence, lasting=sentence is not sentences[-1])
        if end < _SHORTEST or sentence.has_at(0, "advice:start"):
            continue
        stated = sentence_of(list(sentence.tokens[:end]), lexicon)
        if not stated.has(*_STATING_NOTHING):
            yield stated


def _end(sentence: Sentence, *, lasting: bool) -> int:
    """Return where advice begins: behind a colon, and at a mark before "so" or "keep"."""
    tokens = sentence.tokens
    marks = (at for at, token in enumerate(tokens) if token.word in _MARKS)
    last = len(tokens) if lasting else 0
    return next((at for at in marks if tokens[at].word == _COLON or _begins_at(at + 1, sentence)), last)


def _begins_at(start: int, sentence: Sentence) -> bool:
    """As in ", so keep", ", plane deshalb"; not ", so that"."""
    if sentence.has_at(start, "clause:if"):
        return False
    return sentence.has_at(start, "advice:start") or sentence.says("hence", start, start + _HENCE)
