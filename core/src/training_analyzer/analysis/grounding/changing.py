"""Whether a number is said to be a change, a part, a whole, or a comparison."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_BY: Final = frozenset({"role:by", "role:by_before"})
_NO_CHANGE: Final = frozenset({"negation:not", "role:versus", "role:from", "role:to"})
AWAY: Final = ("clause:missing", "clause:off")
"""As in "Five minutes behind your goal", "five minutes away from it"."""
_COMPARING: Final = frozenset({"direction", "implied", "comparison"})

_MOVING: Final = frozenset({"direction:up", "direction:down", "direction:better", "direction:worse"})


def is_a_change(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a share or a number of points is said to be a change: "fell by 62 %", "62 % more"."""
    if scene.sentence.has_before(quantity.at, "role:by_before") and any(
        m.end <= quantity.at and scene.gap(m.end, quantity.at) == 0 and directs(m) for m in scene.ways
    ):
        return True  # "rose by 2.4 hours"
    if _is_by_how_much(quantity, scene) and any(
        m.at == quantity.end and directs(m) and m.keys("comparison") for m in scene.ways
    ):
        return True  # "um 62 % über den üblichen 480"
    if verb_at_the_end(quantity, scene):
        return True
    if quantity.dimension not in ("percent", "number", "times"):
        # "it dropped 860 m"
        return any(
            m.end == quantity.at
            and _moves_by(m, scene)
            and directs(m)
            and not (m.tags & _NO_CHANGE or _stands_off(m, quantity, scene) or _is_height(m, quantity, scene))
            for m in scene.ways
        )
    for mention in scene.ways:
        if not directs(mention) or mention.tags & _NO_CHANGE or _stands_off(mention, quantity, scene):
            continue
        if (
            quantity.at - mention.end >= 0
            and scene.gap(mention.end, quantity.at) <= CLOSE
            and not _says_to(scene, mention.end, quantity.at)
        ):
            return scene.sentence.between(mention.end - 1, quantity.at) < APART and not (
                mention.keys("hedge") & quantity.hedges
            )
        if mention.at == quantity.end:
            return not _says_to(scene, quantity.at - 1, quantity.at)
    return False


def _is_height(way: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "The longest climb gained 410 m": how high it is, and not how much higher than another."""
    won = way.tags >= {"clause:won", "direction:up"} and quantity.dimension == "length"
    return won and "elevation" in scene.metrics_of(quantity)


def _is_by_how_much(quantity: Quantity, scene: Scene) -> bool:
    """As in "Um 62 %", and not "met 79,8 vlak onder", "la charge de 94 dépasse"."""
    by = scene.sentence.ending.get(quantity.at)
    return by is not None and "role:by_before" in by.tags and by.tags.isdisjoint({"role:at", "article:of"})


def _stands_off(way: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "A minute and a half off your 1:45:00 goal": the number ahead is how far off it is."""
    return way.end == quantity.at and any(q.end == way.at for q in scene.sentence.quantities)


def verb_at_the_end(quantity: Quantity, scene: Scene) -> Mention | None:
    """As in "Um 9,4 Punkte auf 71,6 gesunken": the verb of a change, behind where it leads to."""
    sentence = scene.sentence
    if not sentence.has_before(quantity.at, "role:by_before"):
        return None
    end = next((q for q in sentence.quantities if q.at > quantity.at), None)
    reached = end and any(m.at == quantity.end and m.end == end.at for m in sentence.tagged("role:to"))
    verb = next((m for m in scene.ways if end and m.at == end.end), None) if reached else None
    return verb if verb and verb.keys("direction") & {"up", "down"} else None


def _moves_by(mention: Mention, scene: Scene) -> bool:
    """As in "Dropped", "gained": no verb that leads to where something is, nor a comparison."""
    leads = "role:to" in mention.tags or scene.sentence.ends_in(mention, "leading")
    others = mention.keys("hedge") or mention.keys("metric") or mention.keys("comparison")
    return bool(mention.keys("direction")) and not leads and not others


def is_a_part(quantity: Quantity, scene: Scene) -> bool:
    if quantity.dimension != "percent":
        return False
    sentence = scene.sentence
    noun = sentence.has_before(quantity.at, "article:the")
    if noun and quantity.fraction and sentence.has_at(quantity.end, "role:versus"):
        return True  # "la mitad que la semana pasada"
    behind = sentence.starting.get(quantity.end)
    return behind is not None and "article:of" in behind.tags and not directs(behind)


def whole_of(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the number that one is a part of: 905, of "half of last week's 905"."""
    end, sentence = quantity.end, scene.sentence
    behind = (q for q in sentence.quantities if q.at > end and not scene.is_window(q))
    return next((q for q in behind if sentence.between(end, q.at) < APART), None)


def is_a_whole(quantity: Quantity, scene: Scene) -> bool:
    of = scene.sentence.ending.get(quantity.at)
    if of is None or "article:of" not in of.tags:
        return False
    return any(other.end == of.at for other in scene.sentence.quantities)


def is_compared(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a number is said to be a difference: what is only implied must be."""
    return (
        quantity.dimension in ("percent", "times")
        or quantity.fraction
        or _stands_between(quantity, scene)
        or scene.sentence.has_at(quantity.end, *AWAY)
        or any(
            mention.tags & _BY or not mention.sections.keys().isdisjoint(_COMPARING)
            for mention in scene.sentence.mentions
            if 0 <= mention.at - quantity.end <= CLOSE or 0 <= quantity.at - mention.end < NEAR
        )
    )


def _stands_between(quantity: Quantity, scene: Scene) -> bool:
    """As in "Zwischen der schnellsten und der langsamsten Runde lagen nur vier Minuten"."""
    return any(
        m.end <= quantity.at
        and m.end == m.at + 1
        and scene.sentence.ends_in(m, "between")
        and scene.sentence.together(m.at, quantity.at)
        and not scene.parts_numbers(m.end, quantity.at)
        for m in scene.sentence.tagged("role:by")
    )


def directs(mention: Mention) -> bool:
    return "implied" in mention.sections or not _MOVING.isdisjoint(mention.tags)


def _says_to(scene: Scene, start: int, end: int) -> bool:
    return any("role:to" in m.tags for m in scene.sentence.naming("role") if start <= m.at < end)
