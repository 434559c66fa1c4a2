"""Comparisons that two numbers of a sentence decide: from one to another, equal to it, above it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import AIMS, CLOSE, EVENTS, NEAR, THRESHOLDS

_SET: Final = EVENTS | THRESHOLDS
"""What is set, and reached or not."""
_FORM: Final = frozenset({"form"})
_POINTS_ALIKE: Final = 3.0
"""How far apart two forms may be that are nearly the same: a share of what is about zero says nothing."""
_ALIKE: Final = 0.03
_NEARLY_ALIKE: Final = 0.12
"""How far apart two numbers may be that are nearly the same. Our choice."""


def from_to(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "rose from 5.1 hours to 5.8", "von 124 auf 176 gestiegen" by the numbers themselves."""
    ways = mention.keys("direction") & {"up", "down"} or _of_speed(mention)
    if not ways:
        return None
    for start, end in _from_to(scene):
        low, high = min(start.at, end.at), max(start.end, end.end)
        beside = 0 <= mention.at - high <= 1 or mention.end <= low <= mention.end + NEAR
        if not beside or scene.parts_numbers(mention.end, low) or end.dimension == "ascent":
            continue  # "monté à 480 mètres par heure contre 520"
        paced = "pace" in (start.dimension, end.dimension)
        if not paced and not mention.keys("direction") & {"up", "down"}:
            continue
        if paced:
            ways = _of_speed(mention) or frozenset({"up", "down"})  # "dropped from 5:09 to 5:21"
        if _are_turned_round(start, end, scene):
            return [f'"{start.text}" is of the second half, and "{end.text}" of the first']
        orders = {
            "up" if (one.values[0] < other.values[0]) == (one.dimension != "pace") else "down"
            for one in scene.said.get(start.at, ())
            for other in scene.said.get(end.at, ())
            if one.dimension == other.dimension
            and one.role in LEVELS
            and other.role in LEVELS
            and one.values[0] != other.values[0]
        }
        if _is_no_change(scene.said.get(start.at, []), scene.said.get(end.at, []), mention, scene):
            return [f'"{mention.text}", but it is unchanged by a fact']
        if orders and ways.isdisjoint(orders):
            return [f'"{mention.text}", but from {start.text} to {end.text} it went {min(orders)}']
        if orders:
            return []
    return None


def _is_no_change(ones: list[Reading], others: list[Reading], mention: Mention, scene: Scene) -> bool:
    """As in "Load rose to {load_month}, from {load_month_before}", where a fact says that it is unchanged."""
    if _are_shown_alike(ones, others):
        return True
    soft = any(0 <= mention.at - m.end <= 1 for m in scene.sentence.naming("soft"))
    return not (soft or mention.keys("hedge")) and _are_unchanged(ones, others, scene)


def _are_shown_alike(ones: list[Reading], others: list[Reading]) -> bool:
    """As in "Slipped from {easy_share_month_before} to {easy_share_month}", both 83 %."""
    return (
        len(ones) == len(others) == 1
        and {ones[0].role, others[0].role} == set(LEVELS)
        and ones[0].dimension == others[0].dimension == "percent"
        and ones[0].values[-1] == others[0].values[-1]
    )


def _are_unchanged(ones: list[Reading], others: list[Reading], scene: Scene) -> bool:
    """As in "{load_month} is close to {load_month_before}", which a fact of ours says."""
    bases = {one.base for one in ones if one.base} & {other.base for other in others}
    usual = {other.stem for other in others if other.role == "usual" and not other.earlier}
    stems = {one.stem for one in ones if one.stem} & usual
    return any(r.base in bases or r.stem in stems for r in scene.evidence.unchanged)


def _are_turned_round(start: Quantity, end: Quantity, scene: Scene) -> bool:
    """As in "From 5:21 to 5:09", where the first half took 5:09."""
    ones, others = scene.said.get(start.at, []), scene.said.get(end.at, [])
    second = bool(ones) and all("half2" in r.things for r in ones)
    return second and bool(others) and all("half1" in r.things for r in others)


def _of_speed(mention: Mention) -> frozenset[str]:
    """As in "Slowed from 5:09 to 5:21", "improved from 2:04 to 2:00"."""
    ways = {"better": "up", "worse": "down", "speed.up": "up", "speed.down": "down"}
    return frozenset(ways[key] for key in mention.keys("direction") | mention.keys("implied") if key in ways)


def _from_to(scene: Scene) -> Iterator[tuple[Quantity, Quantity]]:
    """Return the numbers between which something moved, in whichever order they stand."""
    sentence = scene.sentence
    for pair in pairwise(sentence.quantities):
        ahead = [sentence.ending.get(quantity.at) for quantity in pair]
        if None in ahead or not sentence.together(pair[0].at, pair[1].at):
            continue
        one, other = (mention for mention in ahead if mention)
        if _is_from(one) and "role:to" in other.tags:
            yield pair
        elif "role:to" in one.tags and (_is_from(other) or "role:versus" in other.tags):
            yield pair[1], pair[0]


def _is_from(mention: Mention) -> bool:
    versus = "role:versus" in mention.tags and mention.text.lower().split()[-1] == "from"
    return versus or "role:from" in mention.tags


def of_equality(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "your pace of 4:14 matches the target", "412, in line with the planned 405" by both numbers."""
    nearly = "flat:nearly" in mention.tags
    if not nearly and "clause:equal" not in mention.tags:
        return None
    sentence = scene.sentence
    ahead = [at for at in scene.said if at < mention.at and sentence.together(at, mention.at)]
    ones = [r for r in scene.said[max(ahead)] if r.role in LEVELS] if ahead else []
    behind = [at for at in scene.said if mention.end <= at <= mention.end + NEAR + CLOSE]
    others = scene.said[min(behind)] if behind else _named_behind(mention, ones, scene)
    pairs = [(one, other) for one in ones for other in others if one.dimension == other.dimension]
    if nearly and not (behind and pairs):
        return None
    if behind and not any(r.role in LEVELS for r in others):
        return []  # "equals 82 % of your threshold"
    within = _NEARLY_ALIKE if nearly else _ALIKE
    if _are_unchanged(ones, others, scene):
        return []
    if not pairs or any(_is_alike(one, other, within) for one, other in pairs):
        return [] if pairs or behind else None
    return [f'"{mention.text}", but {others[0].ids[0]} is another number']


def of_target(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "just below your target for the bike leg" by what was, and what was meant to be."""
    ways = mention.keys("comparison") or _of_than(mention, scene)
    behind = [m for m in scene.sentence.naming("thing") if 0 <= m.at - mention.end <= NEAR]
    aims = behind[0].keys("thing") & AIMS if behind else frozenset[str]()
    if len(ways) != 1 or not aims:
        return None
    metrics = scene.subject_of(mention) - EVENTS
    ones = [r for r in scene.evidence.of(metrics) if r.role == "now" and not r.derived]
    orders = {
        (one.values[0] > other.values[0]) == (("above" in ways) != (one.dimension == "pace"))
        for one in ones
        for other in ones
        if other.things & aims and not one.things & AIMS and one.stem in other.stem
        if one.dimension == other.dimension and one.values[0] != other.values[0]
    }
    return [f'"{mention.text}" is the wrong way round'] if orders == {False} else [] if orders else None


def _of_than(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Fewer sessions than planned": on which side of it."""
    than = scene.sentence.ends_in(mention, "than") or any(
        0 <= m.at - mention.end <= CLOSE for m in scene.sentence.tagged("role:versus")
    )
    sides = {"up": "above", "down": "below"}
    return frozenset(sides[way] for way in mention.keys("direction") & sides.keys()) if than else frozenset()


def _named_behind(mention: Mention, ones: list[Reading], scene: Scene) -> list[Reading]:
    """Return what the words behind tell from all others: the race, the plan, the target, the threshold."""
    named = frozenset[str]().union(
        *(m.keys("thing") | m.keys("metric") for m in scene.sentence.mentions if m.at >= mention.end)
    )
    known = {fact_id for one in ones for fact_id in one.ids}
    return [
        other
        for one in ones
        for other in scene.evidence.by_dimension.get(one.dimension, ())
        if other.role in LEVELS
        and not other.derived
        and known.isdisjoint(other.ids)
        and other.concepts & (one.concepts | named)
        and (other.things | other.concepts) & named & _SET
    ]


def _is_alike(one: Reading, other: Reading, within: float) -> bool:
    apart = abs(one.values[0] - other.values[0])
    if within == _NEARLY_ALIKE and one.concepts == other.concepts == _FORM:
        return apart <= _POINTS_ALIKE
    return apart <= within * abs(other.values[0])


def of_numbers(mention: Mention, scene: Scene) -> list[str] | None:
    """
    Check "69 %, up from 77 %", "296 W, well above your average (214 W)" by the numbers themselves.

    None where it stands between no two numbers of one kind.
    """
    if _is_than_usual(mention, scene):
        return None
    above = bool(mention.tags & {"comparison:above", "direction:up"})
    if not (above or "direction:down" in mention.tags):
        return None
    ahead = [at for at in sorted(scene.said, reverse=True) if at < mention.at]
    ranked = any(0 <= m.at - mention.end <= CLOSE for m in scene.sentence.naming("superlative"))
    reach = (
        len(scene.sentence.tokens) if ranked else NEAR + CLOSE
    )  # "just below the highest of the year, 81.0"
    behind = [
        at
        for at in scene.said
        if mention.end <= at <= mention.end + reach
        and (mention.keys("comparison") or scene.sentence.between(mention.at, at) < APART)
        and not _is_joined(mention, at, scene)
    ]
    if not ahead or not behind or _leads_to(min(behind), mention, scene):
        return None
    others = scene.said[min(behind)]
    ones = _alike_ahead(ahead, others, scene)
    if mention.keys("comparison") and _is_no_change(ones, others, mention, scene):
        return [f'"{mention.text}", but they are the same by a fact']
    pairs = [
        (one, other)
        for one in ones
        for other in others
        if one.dimension == other.dimension
        and one.role in LEVELS
        and other.role in LEVELS
        and one.values[0] != other.values[0]
        and (mention.keys("comparison") or not one.concepts.isdisjoint(other.concepts))
    ]
    if any((one.values[0] > other.values[0]) == above for one, other in pairs):
        return []
    against = "role:versus" in mention.tags or mention.keys("comparison")
    if pairs and against and all(one.dimension != "pace" for one, _ in pairs):
        return [f'"{mention.text}", but the numbers are the other way round']
    return None


def _leads_to(at: int, mention: Mention, scene: Scene) -> bool:
    """As in "Gegenüber den {load_week_ago} stieg die Belastung auf {load_week}": not the first above it."""
    if mention.keys("comparison"):
        return False
    return any(mention.end <= to.at and to.end == at for to in scene.sentence.tagged("role:to"))


def _is_joined(mention: Mention, at: int, scene: Scene) -> bool:
    """As in "Unter deinem Schnitt und nahe am Tiefstwert von -39": of what is said next."""
    joins = [m for m in scene.sentence.tagged("clause:and") if mention.end <= m.at < at]
    ranked = (m for m in scene.sentence.naming("superlative") if m.end <= at)
    return bool(joins) and any(joins[0].end <= m.at for m in ranked)


def _is_than_usual(mention: Mention, scene: Scene) -> bool:
    """As in "94 rpm, six more than usual, and 128 in the sprints": what is usual has no number here."""
    tokens = scene.sentence.tokens
    usual = next((m for m in scene.sentence.tagged("role:usual") if m.at == mention.end), None)
    return usual is not None and usual.end < len(tokens) and tokens[usual.end].word == ","


def _alike_ahead(ahead: list[int], behind: list[Reading], scene: Scene) -> list[Reading]:
    """Return what the nearest number ahead is that measures the same as the one behind."""
    dimensions = {reading.dimension for reading in behind}
    levels = ([r for r in scene.said[at] if r.role in LEVELS] for at in ahead)
    return next((found for found in levels if dimensions & {r.dimension for r in found}), [])
