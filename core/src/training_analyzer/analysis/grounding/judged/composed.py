"""Claims that two words make in any order, "glichen sich die Tage", "the days were all much alike"."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.contradicted import claims, composed
from training_analyzer.analysis.grounding.judged.stating import is_stated
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene

WORDS: Final = frozenset(word for words in composed().values() for word in words)
_SUBJECTS: Final = frozenset(of for of, _ in composed().values())
_REACH: Final = 7
"""Words that may stand between the two. Our choice."""


def check(running: Running, scene: Scene) -> Iterator[str]:
    """Return what is called so that facts contradict it; nothing of two that may both be called so."""
    false = [claim for claim in composed() if claim in scene.evidence.contradicted]
    found = list(running.find(_asked(false)))
    subjects = [one for one in found if one.key in _SUBJECTS and not _goes_on(one, found)]
    for claim in false:
        of, called = composed()[claim]
        for word in (word for word in found if word.key == called):
            near = [one for one in subjects if _may_be(one, called) and _are_near(one, word, scene)]
            if not near or any(one.key != of for one in near):
                continue
            at, end = min(near[0].at, word.at), max(near[0].end, word.end)
            whole = Found(claim, at, end, " ".join(token.text for token in scene.sentence.tokens[at:end]))
            if all(is_stated(part, running, scene) for part in (word, whole)):
                yield f'"{whole.text}", but {claims()[claim].written}'


def _goes_on(one: Found, found: list[Found]) -> bool:
    """As in "Easy and hard time": no hard time by itself."""
    return any(other.at < one.at < other.end for other in found if other.key in _SUBJECTS)


def _may_be(subject: Found, called: str) -> bool:
    return (subject.key, called) in composed().values()


def _asked(false: list[str]) -> frozenset[str]:
    return _SUBJECTS.union(composed()[claim][1] for claim in false) if false else frozenset()


def _are_near(one: Found, other: Found, scene: Scene) -> bool:
    """Return whether two phrases stand in one part of a sentence, and are not one in the other."""
    start, end = min(one.end, other.end), max(one.at, other.at)
    return 0 <= end - start <= _REACH and not any(t.kind == "mark" for t in scene.sentence.tokens[start:end])
