"""What a placeholder's fact is called, where no metric tells it from others: "{longest_gap} off"."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.lexicon import fits, lexicon
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.language.texts import ENGLISH

_NO: Final = frozenset[str]()


def has_words(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a placeholder is of a fact that has words of its own."""
    return bool(_own_keys(quantity, scene))


def is_called(quantity: Quantity, scene: Scene, *, in_its_clause: bool = False) -> bool:
    """
    Return whether a word of a placeholder's fact stands in its sentence or the one before it.

    As in "{session_shorter_share} of your rides were shorter".
    """
    if not (keys := _own_keys(quantity, scene)):
        return False
    scenes = (scene, scene.before) if scene.before is not None and not in_its_clause else (scene,)
    return any(
        not keys.isdisjoint(_keys_of(word, scene.language))
        for one in scenes
        for at, word in _words(one)
        if not in_its_clause or one.sentence.together(at, quantity.at)
    )


def _words(scene: Scene) -> Iterator[tuple[int, str]]:
    """Return the words of a sentence, each with its place; the id in a placeholder says nothing."""
    ids = {q.at for q in scene.sentence.quantities if q.fact}
    return ((at, token.word) for at, token in enumerate(scene.sentence.tokens) if at not in ids)


def _own_keys(quantity: Quantity, scene: Scene) -> frozenset[str]:
    fact = scene.evidence.facts.get(quantity.fact)
    own = fact is not None and ENGLISH.facts.get(fact.id) == fact.label
    return _keys_of_id(quantity.fact, scene.language) if own else _NO


@lru_cache(maxsize=2048)
def _keys_of_id(fact_id: str, language: str) -> frozenset[str]:
    words = set(fact_id.split("_"))
    return frozenset(key for key in lexicon(language).own if words.issuperset(key.split("_")))


@lru_cache(maxsize=8192)
def _keys_of(word: str, language: str) -> frozenset[str]:
    return frozenset(_of(word, language))


def _of(word: str, language: str) -> Iterator[str]:
    for key, patterns in lexicon(language).own.items():
        if any(fits(pattern, word) for pattern in patterns):
            yield key
