"""What fell short of a plan: as many sessions as the plan has more than were done."""

from typing import Final

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import NEAR, SHORT

_MISSED: Final = frozenset({"missed"})


def of_shortfall(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "you fell one session short" by what was planned. None where nothing is said to be short."""
    if mention.keys("direction") != {"down"}:
        return None
    sentence = scene.sentence
    short = next((at for at in range(mention.end, len(sentence.tokens)) if _is_short(at, scene)), None)
    if short is None or short - mention.end > NEAR or sentence.between(mention.at, short) >= APART:
        return None
    stated = [q.meanings[0].value for q in sentence.quantities if mention.end <= q.at < short and q.meanings]
    single = any(mention.end <= m.at < short for m in sentence.tagged("clause:single"))
    missed = {r.values[0] for r in scene.evidence.by_dimension.get("number", ()) if r.things >= _MISSED}
    by = set(stated) or ({1.0} if single else set[float]())
    if not by or not missed:
        return None
    return [] if by <= missed else [f'"{mention.text} … {SHORT}", but no plan was missed by as much']


def _is_short(at: int, scene: Scene) -> bool:
    return scene.sentence.tokens[at].word == SHORT
