"""With what a number is compared, of what it is a change, and whether it only says how something was."""

from typing import Final

from training_analyzer.analysis.grounding.changing import AWAY
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE

_NO: Final = frozenset[str]()


def is_stated(quantity: Quantity, scene: Scene) -> bool:
    """As in "Decoupling was 7.4 %, a little higher": what it was, and no change."""
    at, sentence = quantity.at, scene.sentence
    hedge = next((m for m in sentence.naming("hedge") if m.end == at), None)
    start = hedge.at if hedge else at
    compared = any(
        0 <= m.at - quantity.end <= CLOSE
        and not scene.parts_numbers(quantity.end, m.at)
        and not _leads_to_another(m, scene)
        for m in scene.ways
    )
    compared = compared or sentence.has_at(quantity.end, *AWAY)
    averaged = sentence.has_before(start, "role:average")
    stated = averaged or (start > 1 and sentence.is_word(start - 1, "copula"))
    return stated and not compared and not quantity.sign


def _leads_to_another(way: Mention, scene: Scene) -> bool:
    """As in "Cadence was 184, up 4", and not "8 % below the 410": the way is of the number behind."""
    if way.keys("comparison") and scene.sentence.has_at(way.end, "article:the"):
        return False
    return any(
        q.at >= way.end and scene.gap(way.end, q.at) == 0 and not scene.is_window(q)
        for q in scene.sentence.quantities
    )


def moved_before(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """Return of what it is said, right before the verb, by how much it moved: "form fell by 14 points"."""
    at, sentence = quantity.at, scene.sentence
    ways = (m for m in reversed(scene.ways) if m.end <= at and not m.keys("hedge") & quantity.hedges)
    verb = next((m for m in ways if scene.gap(m.end, at) <= 1), None)  # not "a little over 40 %"
    if verb is None or not verb.keys("direction") & {"up", "down"} or scene.metrics_named(verb):
        return _NO
    if any(verb.end <= m.at < at for m in sentence.naming("metric")):
        return _NO  # "trotz der Ruhetage stieg die Belastung um 17 %"
    return scene.named_before(verb)


def compared_with(quantity: Quantity, scene: Scene) -> tuple[Mention, ...]:
    """Return what is named right behind the words that compare: "8 % above your FTP", "than usual"."""
    sentence, end = scene.sentence, quantity.end
    than = next(
        (
            m
            for m in reversed(sentence.mentions)
            if (m.keys("comparison") or "role:versus" in m.tags)
            and 0 <= m.at - end <= CLOSE
            and sentence.between(end - 1, m.at) < APART
        ),
        None,
    )
    if than is None:
        return ()
    return tuple(
        m
        for m in sentence.mentions
        if 0 <= m.at - than.end <= CLOSE
        and not scene.parts_numbers(than.end, m.at)
        and sentence.between(than.at, m.at) < APART
    )
