"""All that is asked of the judgements of a sentence, in turn."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.contradicted import bounds
from training_analyzer.analysis.grounding.judged import (
    apart,
    causes,
    claims,
    composed,
    degrees,
    gaps,
    likewise,
    orders,
    pairs,
    ranges,
    shares,
    wholes,
)
from training_analyzer.analysis.grounding.phrases import Running
from training_analyzer.analysis.grounding.scene import Scene

_JUDGES: Final = {
    **dict.fromkeys(apart.WORDS, apart.judge),
    **dict.fromkeys(causes.WORDS, causes.judge),
    **dict.fromkeys(degrees.WORDS, degrees.judge),
    **dict.fromkeys(gaps.WORDS, gaps.judge),
    **dict.fromkeys(likewise.WORDS, likewise.judge),
    **dict.fromkeys(orders.WORDS, orders.judge),
    **dict.fromkeys(pairs.WORDS, pairs.judge),
    **dict.fromkeys(ranges.WORDS, ranges.judge),
    **dict.fromkeys(wholes.WORDS, wholes.judge),
    **dict.fromkeys(bounds(), shares.judge),
}
"""Who judges words that are held against a number; all others are claims, which are false or not."""


def check(scene: Scene) -> Iterator[str]:
    """Return the judgements that facts contradict. Of advice and conditions few state any."""
    running = Running(scene.sentence.tokens, scene.language)
    false = scene.evidence.contradicted
    for found in running.find(false & claims.HOWEVER if scene.advice else _asked(false)):
        judge = _JUDGES.get(found.key, claims.judge)
        if wrong := judge(found, running, scene):
            yield f'"{found.text}", but {wrong}'
    if not scene.advice:
        yield from composed.check(running, scene)


@lru_cache(maxsize=256)
def _asked(contradicted: frozenset[str]) -> frozenset[str]:
    return contradicted.union(_JUDGES)
