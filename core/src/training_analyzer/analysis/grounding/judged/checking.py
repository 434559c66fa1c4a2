"""All that is asked of the judgements of a sentence, in turn."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.contradicted import bounds
from training_analyzer.analysis.grounding.judged import apart, claims, degrees, shares
from training_analyzer.analysis.grounding.phrases import Running
from training_analyzer.analysis.grounding.scene import Scene

_MEASURED: Final = apart.WORDS | degrees.WORDS | frozenset(bounds())


def check(scene: Scene) -> Iterator[str]:
    """Return the judgements that facts contradict. Advice and conditions state none."""
    if scene.advice:
        return
    running = Running(scene.sentence.tokens, scene.language)
    for found in running.find(scene.evidence.contradicted | _MEASURED):
        judge = (
            apart.judge
            if found.key in apart.WORDS
            else degrees.judge
            if found.key in degrees.WORDS
            else shares.judge
            if found.key in bounds()
            else claims.judge
        )
        if wrong := judge(found, running, scene):
            yield f'"{found.text}", but {wrong}'
