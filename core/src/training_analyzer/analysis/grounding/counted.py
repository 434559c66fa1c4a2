"""What a number counts, what it is called, and whether it was done at once."""

from typing import Final

from training_analyzer.analysis.grounding.intensity import NARROW
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR, THINGS

_COUNTABLE: Final = frozenset({"session", "rest_day", "training_day", "intervals", "result"})
_JOINING: Final = frozenset({"article:of", "article:one", "role:versus", "clause:within"})
_SET: Final = frozenset({"goal", "planned", "critical", "predicted", "graded"})
"""What tells a number that is set from one that was measured."""
_TELLING: Final = frozenset({"predicted", "critical", "graded"})
"""What a number is by whatever it was measured otherwise: it need not stand right beside it."""
_LEADING_AWAY: Final = frozenset({"role:versus", "role:from", "role:by", "role:by_before", "clause:and"})


def counted_by(quantity: Quantity, scene: Scene) -> Mention | None:
    """Return what a number counts: "five short outings", "three intervals"."""
    if quantity.dimension is not None or quantity.fact:
        return None
    end, sentence = quantity.end, scene.sentence
    kind = sentence.starting.get(end)
    if kind and not _is_countable(kind) and (kind.keys("thing") or _is_kind_of(kind, scene)):
        end = kind.end
    named = next((m for m in sentence.mentions if 0 <= m.at - end <= CLOSE and _may_be_counted(m)), None)
    if named is None or "clause:single" in named.tags or not _is_countable(named):
        return None
    between = sentence.tokens[end : named.at]
    joined = any(end <= m.at < named.at and m.tags & _JOINING for m in sentence.mentions)
    apart = sentence.between(quantity.end - 1, named.at) >= APART  # "from four to eight while erg rows fell"
    return None if joined or apart or any(token.kind != "word" for token in between) else named


def _may_be_counted(mention: Mention) -> bool:
    return "metric" in mention.sections or not _COUNTABLE.isdisjoint(mention.keys("thing"))


def _is_countable(mention: Mention) -> bool:
    return not _COUNTABLE.isdisjoint(mention.keys("metric") | mention.keys("thing"))


def _is_kind_of(kind: Mention, scene: Scene) -> bool:
    """As in "Easy runs", and not "harte Tage bei nur einem Ruhetag"."""
    behind = scene.sentence.starting.get(kind.end)
    return bool(kind.keys("metric") & NARROW) and behind is not None and _is_countable(behind)


def kinds_of(quantity: Quantity, counted: Mention | None, scene: Scene) -> frozenset[str]:
    """Return how hard the sessions are said to be that a number counts: "two intense sessions"."""
    if counted is None or "metric:session" not in counted.tags:
        return frozenset()
    between = (m for m in scene.sentence.naming("metric") if quantity.end <= m.at < counted.at)
    return frozenset[str]().union(*(m.keys("metric") & NARROW for m in between))


def called(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """Return what a number is called beside it: "the target of 255 W", "the 165 km of the event"."""
    at, end, sentence = quantity.at, quantity.end, scene.sentence
    return frozenset[str]().union(
        *(
            m.keys("thing") & _SET
            for m in sentence.naming("thing")
            if m.at == end
            or (m.end <= at and scene.gap_of(m.end, at) == 0)
            or (m.keys("thing") & _TELLING and _is_told_by(m, quantity, scene))
            or (
                m.end <= at
                and "thing:goal" in m.tags
                and not scene.advice
                and _is_told_by(m, quantity, scene)
            )
        )
    )


def things_beside(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """Return what is named right before or behind a number: "58 % of the time in the tempo zone"."""
    sentence, at, end = scene.sentence, quantity.at, quantity.end
    return frozenset[str]().union(
        *(
            m.keys("thing") | m.keys("metric") & THINGS
            for m in (*sentence.naming("thing"), *sentence.tagged("metric:intervals"))
            if (0 <= scene.gap(m.end, at) <= NEAR or 0 <= scene.gap(end, m.at) <= NEAR + 1)
            and sentence.between(m.at, at) < APART
            and not scene.parts_numbers(min(m.end, end), max(m.at, at))
        )
    )


def _is_told_by(mention: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "The prediction says 1:45:00", "6:12 when adjusted for the hills"."""
    ahead = mention.end <= quantity.at
    start, end = (mention.end, quantity.at) if ahead else (quantity.end, mention.at)
    return (
        0 <= scene.gap_of(start, end) <= (NEAR if ahead else CLOSE)
        and scene.sentence.between(mention.at, quantity.at) < APART
        and not scene.quantities_between(start, end)
        and not any(
            start <= m.at < end and (m in scene.ways or m.keys("comparison") or _leads_away(m))
            for m in scene.sentence.mentions
        )
    )


def _leads_away(mention: Mention) -> bool:
    """As in "The prediction and 1:45:00", and not "la prévision est de 1:45:00"."""
    return bool(mention.tags & _LEADING_AWAY) and not mention.tags & {"article:of", "clause:within"}


def is_done_at_once(quantity: Quantity, scene: Scene) -> bool:
    """Return whether it is said right behind a number that it was done at once: "38 km in one go"."""
    sentence, end = scene.sentence, quantity.end
    return any(
        0 <= m.at - end <= NEAR
        and sentence.between(end - 1, m.at) < APART
        and not scene.parts_numbers(end, m.at)
        for m in sentence.tagged("clause:at_once")
    )
