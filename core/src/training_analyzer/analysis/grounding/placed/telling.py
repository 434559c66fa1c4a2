"""What a sentence tells beside a placeholder: how far things are apart, and of what it speaks."""

from collections.abc import Iterable
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.lexicon import WordKind
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

BY_HOW_MUCH: Final = frozenset({"change", "part"})
BARE: Final = frozenset({"fitness", "fatigue", "form", "load", "monotony", "strain", "intensity"})
"""Metrics whose numbers have no unit."""
GENERAL: Final = frozenset({"session", "share"})
_DEGREES: Final = ("clause:degree", "clause:still")
_COPULAS: Final[tuple[WordKind, ...]] = ("copula", "were", "are")
_OF_TIME: Final = frozenset({"share", "easy"})
_NO: Final = frozenset[str]()


def way_behind(quantity: Quantity, scene: Scene) -> Mention | None:
    """As in "{load_change} above the usual", "{time_change} weniger": which way it is apart."""
    behind = scene.sentence.starting.get(quantity.end)
    if behind is not None and not behind.tags.isdisjoint(_DEGREES) and not behind.keys("direction"):
        behind = scene.sentence.starting.get(behind.end)  # "um {load_change} deutlich höher"
    if behind is None or not {"clause:growth", "role:to"}.isdisjoint(behind.tags):
        return None  # "auf {form} gesunken", "from {load_usual} up to"
    if "clause:ahead" in behind.tags and not scene.sentence.has_before(quantity.at, "role:by_before"):
        return None  # "die {best_run_5k_before} unterboten"
    if behind.keys("implied") and _is_how_easy(quantity, behind, scene):
        return None  # "{session_easy_share} lockerer Zeit"
    if scene.sentence.has_at(behind.end, "role:to"):
        return None  # "from {sessions_month_before} down to"
    apart = behind.keys("comparison") or behind.keys("implied") or behind.keys("direction") & {"up", "down"}
    return behind if apart else None


def _is_how_easy(quantity: Quantity, behind: Mention, scene: Scene) -> bool:
    fact = scene.evidence.by_id.get(quantity.fact)
    shares = fact is not None and fact.role == "now" and fact.concepts >= _OF_TIME
    return shares and scene.sentence.has_at(behind.end, "metric:time")


def says_how_far(quantity: Quantity, scene: Scene) -> bool:
    """As in "{load_change} above the usual", "rose by {form_change}"."""
    return scene.sentence.has_before(quantity.at, "role:by_before") or way_behind(quantity, scene) is not None


def told_beside(quantity: Quantity, scenes: Iterable[Scene]) -> frozenset[str]:
    """Return of what the other placeholders are."""
    facts = (fact for scene in scenes for q, fact in placeholders(scene) if q.fact != quantity.fact)
    return _NO.union(*(fact.concepts for fact in facts))


def own(fact: Reading) -> frozenset[str]:
    """Return what a fact is of: the load of a session, and no session."""
    return fact.concepts - GENERAL or fact.concepts


def spoken(scene: Scene) -> frozenset[str]:
    """Return what the sentence and the one before it speak of."""
    before = scene.before.spoken_metrics() if scene.before is not None else _NO
    return scene.spoken_metrics() | before


def parted(start: int, end: int, scene: Scene) -> bool:
    """Return whether a mark or a conjunction stands between two places."""
    sentence = scene.sentence
    return any(token.kind == "mark" for token in sentence.tokens[start:end]) or any(
        start <= m.at < end for m in sentence.tagged("clause:and")
    )


def is_copula(at: int, scene: Scene) -> bool:
    """As in "Form is {form}", "fitness was {fitness}"."""
    sentence = scene.sentence
    return at < len(sentence.tokens) and any(sentence.is_word(at, kind) for kind in _COPULAS)
