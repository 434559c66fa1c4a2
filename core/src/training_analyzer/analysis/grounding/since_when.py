"""Since when something is the best: for no longer than a fact says; "never higher" is the highest."""

from typing import Final

from training_analyzer.analysis.grounding.labels import label_of
from training_analyzer.analysis.grounding.misfits.spans import overlap
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_SINCE: Final = {"weeks_since_longer": "longest", "weeks_since_heavier": "highest"}
"""Our facts that say since when a session is the longest, or carried most load."""
_NEARLY: Final = 0.95
"""25 weeks are half a year. Our choice."""
_MUCH_LONGER: Final = 1.1
"""Twelve months and a year are as long as each other."""
_BEYOND: Final = {"up": frozenset({"highest", "best", "longest", "record"}), "down": frozenset({"lowest"})}
_ALL: Final = 100.0
_LONGEST: Final = frozenset({"longest"})
_SESSIONS: Final = frozenset({"session", "distance", "time"})
_RELATIVE: Final = 3 * NEAR
"""How far a relative clause reaches that says since when."""


def is_of_a_longer_time(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "Form is the highest of the year", where it is the highest of 90 days."""
    said = _behind(mention, scene)
    known = _spans(_called(mention, kinds, scene), scene)
    return bool(said and known) and all(max(said) > _MUCH_LONGER * days for days in known)


def is_since(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "Your longest ride in {weeks_since_longer}", "the heaviest in {weeks_since_heavier}"."""
    return _is_best_in(mention, kinds, scene) or any(
        0 <= quantity.at - mention.end <= NEAR
        and scene.evidence.by_id[quantity.fact].values[0] > 0
        and not scene.quantities_between(mention.end, quantity.at)
        for quantity in scene.sentence.quantities
        if quantity.fact in scene.evidence.by_id and _SINCE.get(quantity.fact, "") in kinds
    )


def is_since_then(days: float, period: Mention, scene: Scene) -> bool:
    """As in "Your longest run in half a year", where it is that in {weeks_since_longer}, which are 25."""
    nothing = scene.sentence.has_before(period.at, "negation:not")  # "nothing in half a year comes close"
    named = (m for m in scene.sentence.naming("superlative") if 0 <= period.at - m.end <= NEAR)
    kinds = frozenset[str]().union(*(m.keys("superlative") for m in named))
    known = (
        scene.evidence.by_id.get(fact_id) for fact_id, kind in _SINCE.items() if nothing or kind in kinds
    )
    return any(fact is not None and fact.values[0] >= _NEARLY * days for fact in known)


def _is_best_in(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "Your longest run of the half year"."""
    since = (scene.evidence.by_id.get(fact_id) for fact_id, kind in _SINCE.items() if kind in kinds)
    spans = [
        float(key)
        for m in scene.sentence.naming("period")
        if 0 <= m.at - mention.end <= NEAR
        for key in m.keys("period")
    ]
    longest = max((fact.values[0] for fact in since if fact is not None), default=0.0)
    return bool(spans) and longest >= _NEARLY * max(spans)


def is_never_beyond(mention: Mention, scene: Scene) -> bool:
    """As in "In the last 180 days, fitness was never higher", of which a fact says that it is the highest."""
    if mention.at not in scene.nevers:
        scene.nevers[mention.at] = _is_never_beyond(mention, scene)
    return scene.nevers[mention.at]


def _is_never_beyond(mention: Mention, scene: Scene) -> bool:
    sentence = scene.sentence
    near = (m for m in sentence.mentions if sentence.between(m.at, mention.at) < APART)
    way = next((m for m in near if m.keys("direction") & _BEYOND.keys()), None)
    if way is None or "superlative:ever" not in mention.tags:
        return False
    called = _called(way, _BEYOND[min(way.keys("direction") & _BEYOND.keys())], scene)
    if not called or any(_is_surpassed_now(fact_id, scene) for fact_id in called):
        return False
    said = frozenset(
        q.meanings[0].value for q in sentence.quantities if q.dimension == "days" and scene.is_window(q)
    ) or frozenset(float(key) for m in sentence.naming("period") for key in m.keys("period"))
    known = _spans(called, scene)
    return not known or (bool(said) and any(max(said) <= _MUCH_LONGER * days for days in known))


def is_surpassed(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "Your fitness is the highest of the year", where it is 63.5, and the highest was 69."""
    sentence = scene.sentence
    shares = [i for i in _called(mention, kinds, scene) if _is_share_of_its_highest(scene.evidence.by_id[i])]
    if shares:
        return _is_below_its_highest(shares, mention, scene)
    is_so = any(
        m.end < mention.at <= m.end + 2 * NEAR
        and _is_or_has_become(m, scene)
        and not any(m.end <= other.at < mention.at and _puts_apart(other) for other in sentence.mentions)
        for m in sentence.naming("metric")
    )
    called = _called(mention, kinds, scene) if is_so else []
    return bool(called) and all(_is_surpassed_now(fact_id, scene) for fact_id in called)


def _is_share_of_its_highest(reading: Reading) -> bool:
    return reading.dimension == "percent" and reading.statistic == "peak" and "share" in reading.concepts


def _is_below_its_highest(shares: list[str], mention: Mention, scene: Scene) -> bool:
    """As in "Fitness is at its peak", where it is at 85 % of it, and the text does not say so."""
    sentence = scene.sentence
    if any(share in r.ids for share in shares for said in scene.said.values() for r in said):
        return False
    apart = any(
        _puts_apart(m)
        for m in sentence.mentions
        if m.end <= mention.at and sentence.together(m.at, mention.at)
    )
    return not apart and all(_is_surpassed_now(share, scene) for share in shares)


def _is_or_has_become(metric: Mention, scene: Scene) -> bool:
    """As in "Fitness is now at", "se encuentra en", "heeft … bereikt"; not "reached its peak of 69"."""
    tokens, words = scene.sentence.tokens, scene.sentence.words
    if any(token.word in words["lies"] for token in tokens[metric.end : metric.end + CLOSE]):
        return True
    peaked = any(r.statistic == "peak" for said in scene.said.values() for r in said)
    return not peaked and any(token.word in words["reached"] for token in tokens[metric.end :])


def was_bettered(mention: Mention, scene: Scene) -> bool:
    """As in "Your 276 W is a 90-day best", where 289 were the best of the 90 days before."""
    sentence = scene.sentence
    if any(m.at >= mention.end and (m.keys("past") or "role:usual" in m.tags) for m in sentence.mentions):
        return False  # "your longest of the eight weeks before"
    spans = _behind(mention, scene) | {
        q.meanings[0].value for q in sentence.quantities if q.dimension == "days" and q.end == mention.at
    }
    return any(
        overlap(before.days, spans) and _is_better(before, one) and _measure_the_same(before, one, scene)
        for readings in scene.said.values()
        for one in readings
        if one.role == "now" and not one.derived
        for before in scene.evidence.of(one.concepts)
        if before.role == "usual" and not before.derived
    )


def _is_better(one: Reading, other: Reading) -> bool:
    less_is_more = one.dimension in ("pace", "time")
    return (one.values[0] < other.values[0]) if less_is_more else (one.values[0] > other.values[0])


def _measure_the_same(one: Reading, other: Reading, scene: Scene) -> bool:
    """Return whether both are the best over as long or as far."""
    labels = scene.evidence.label_of(one), scene.evidence.label_of(other)
    alike = labels[0].seconds == labels[1].seconds and labels[0].lengths == labels[1].lengths
    bests = all(label.superlatives for label in labels)
    return alike and bests and (one.concepts, one.dimension) == (other.concepts, other.dimension)


def _puts_apart(mention: Mention) -> bool:
    """As in "Fitness is only 1.2 points below its highest", "not the highest", "close to the highest"."""
    return bool(mention.keys("direction") or mention.keys("negation") or mention.keys("hedge"))


def _behind(mention: Mention, scene: Scene) -> frozenset[float]:
    """Return the spans of time that stand in a superlative or right behind it: "the highest of the year"."""
    sentence = scene.sentence
    named = {
        float(key)
        for m in sentence.naming("period")
        if mention.at <= m.at and _is_told_of(mention, m.at, scene)
        for key in m.keys("period")
    }
    counted = {
        q.meanings[0].value
        for q in sentence.quantities
        if q.dimension == "days"
        and 0 <= q.at - mention.end <= NEAR
        and sentence.together(q.at, mention.at)
        and scene.is_window(q)
    }
    return frozenset(named | counted)


def _is_told_of(mention: Mention, at: int, scene: Scene) -> bool:
    """As in "The longest you have done since the start of the year": nothing else stands between."""
    sentence = scene.sentence
    if not sentence.together(at, mention.at):
        return False
    others = (
        m
        for m in sentence.mentions
        if mention.end <= m.at < at and (m.keys("direction") or m.keys("metric") - _SESSIONS)
    )
    near = at <= mention.end + NEAR
    return near or (
        at <= mention.end + _RELATIVE and not scene.parts_numbers(mention.end, at) and not any(others)
    )


def _called(mention: Mention, kinds: frozenset[str], scene: Scene) -> list[str]:
    """Return the facts that are called so, of what the sentence says it of."""
    evidence, by_id = scene.evidence, scene.evidence.by_id
    marked = [fact_id for fact_id, marks in evidence.superlatives_of.items() if marks & kinds]
    said = {fact_id for readings in scene.said.values() for r in readings for fact_id in r.ids}
    metrics = frozenset[str]().union(*(by_id[i].concepts for i in marked if i in said))
    metrics = metrics or (_LONGEST if kinds == _LONGEST else scene.subject_of(mention))
    of_that = [i for i in marked if by_id[i].concepts & metrics]
    return [i for i in of_that if not (by_id[i].sports and scene.sports) or by_id[i].sports & scene.sports]


def _is_surpassed_now(called: str, scene: Scene) -> bool:
    """As in "Fitness is 63.5", where the highest of the year is 69, or it is at 92 % of its highest."""
    best = scene.evidence.by_id[called]
    if _is_share_of_its_highest(best):
        return best.values[-1] < _ALL
    return any(
        other.role == "now"
        and not other.derived
        and other.concepts == best.concepts
        and other.values[0] != best.values[0]
        for other in scene.evidence.by_dimension.get(best.dimension, ())
    )


def _spans(called: list[str], scene: Scene) -> frozenset[float]:
    """Return for how long each is the best; nothing where one of them is the best of all time."""
    facts = scene.evidence.facts
    spans = [max(label_of(i, facts[i].label).days, default=0.0) for i in called]
    return frozenset(spans) if all(spans) else frozenset()
