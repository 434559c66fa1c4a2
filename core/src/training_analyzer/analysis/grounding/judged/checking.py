"""All that is asked of the judgements of a sentence, in turn."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.contradicted import bounds
from training_analyzer.analysis.grounding.judged import apart, causes, claims, degrees, pairs, shares
from training_analyzer.analysis.grounding.phrases import Running
from training_analyzer.analysis.grounding.scene import Scene

_JUDGES: Final = {
    **dict.fromkeys(apart.WORDS, apart.judge),
    **dict.fromkeys(causes.WORDS, causes.judge),
    **dict.fromkeys(degrees.WORDS, degrees.judge),
    **dict.fromkeys(pairs.WORDS, pairs.judge),
    **dict.fromkeys(bounds(), shares.judge),
}
"""Who judges words that are held against a number; all others are claims, which are false or not."""


def check(scene: Scene) -> Iterator[str]:
    """Return the judgements that facts contradict. Advice and conditions state none."""
    if scene.advice:
        return
    running = Running(scene.sentence.tokens, scene.language)
    for found in running.find(_asked(scene.evidence.contradicted)):
        judge = _JUDGES.get(found.key, claims.judge)
        if wrong := judge(found, running, scene):
            yield f'"{found.text}", but {wrong}'


@lru_cache(maxsize=256)
def _asked(contradicted: frozenset[str]) -> frozenset[str]:
    return contradicted.union(_JUDGES)
