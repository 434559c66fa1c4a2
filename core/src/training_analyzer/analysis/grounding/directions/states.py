"""What a text says of how somebody, or a week, is: fresh, calm, at a new high."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.directions.moving import directions_of
from training_analyzer.analysis.grounding.directions.of_shares import share_beside
from training_analyzer.analysis.grounding.labels import named
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.sayable import UP_OR_DOWN, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_STATES: Final = frozenset({"state", "sign"})
_STREAK: Final = frozenset({"streak"})
_SHARE_OF_DAYS: Final = frozenset({"form", "share"})
_MOST: Final = 50.0
_FORM: Final = frozenset({"form"})
_SIGNS: Final = {"positive": "up", "negative": "down"}
_ALIKE: Final = 0.005
_NEUTRAL: Final = 5.0
"""Within so many points of zero, form makes nobody fresh or tired. Our choice."""


def states(scene: Scene) -> Iterator[str]:
    """Return what the text says of how somebody is ("fresh") that the sign of a fact does not show."""
    if _STATES.isdisjoint(scene.sentence.by_section):
        return
    for mention in scene.sentence.mentions:
        if _STATES.isdisjoint(mention.sections) or is_conditional(mention, scene):
            continue
        one_of_several = scene.sentence.has_before(mention.at, "clause:or")  # "a warm day or tired legs"
        if not one_of_several and not (mention.keys("state") and share_beside(mention, scene)):
            yield from _states_not_shown(mention, scene)
        yield from _signs_not_shown(mention, mention.keys("sign"), scene)


def _states_not_shown(mention: Mention, scene: Scene) -> Iterator[str]:
    for key in mention.keys("state"):
        metric, _, sign = key.partition(".")
        readings = _levels_and_changes(frozenset({metric}), scene, before=_was_so_before(mention, scene))
        if scene.sentence.has_at(mention.end, "role:versus"):  # "no more tired than of late"
            readings = [r for r in readings if r.role == "change"] or readings
        negated = is_negated(mention, scene) != _is_said_to_be_less(mention, scene)
        if _is_than_on_days(mention, scene):
            continue
        if negated and readings and all(_is_neutral(r) for r in readings if r.role == "now"):
            continue  # "neither fresh nor tired"
        shown = any(
            (r.values[0] > 0) == (sign == "positive") if r.role == "now" else r.direction == _SIGNS[sign]
            for r in readings
        )
        shown = shown or (not negated and _shows_by_days(sign, scene))
        if shown == negated:
            yield f'"{mention.text}", which no fact of {metric} shows'


def _is_said_to_be_less(mention: Mention, scene: Scene) -> bool:
    """As in "In balance, though less rested than usual"."""
    ahead = scene.sentence.ending.get(mention.at)
    return ahead is not None and ahead.tags >= {"clause:quantifier", "direction:down"}


def _is_than_on_days(mention: Mention, scene: Scene) -> bool:
    """As in "Fresher than on most days": of how many days, a fact of its own tells, and claims ask of it."""
    than = scene.sentence.starting.get(mention.end)
    if than is None or "role:versus" not in than.tags or not scene.evidence.of(_SHARE_OF_DAYS):
        return False
    days = (m for m in scene.sentence.naming("unit") if "unit:day" in m.tags)
    return any(0 <= m.at - than.end <= NEAR and not scene.sentence.has_at(m.end, "role:usual") for m in days)


def _signs_not_shown(mention: Mention, signs: frozenset[str], scene: Scene) -> Iterator[str]:
    if other := _state_of_another_sign(mention, signs, scene):
        yield f'"{mention.text}" is not where somebody is "{other}"'
    if not signs or "form" not in scene.subject_of(mention) or _is_where_it_was(mention, scene):
        return
    if _is_sign_of_a_number(mention, signs, scene):
        return
    below = {r.values[0] < 0 for r in scene.evidence.of(_FORM) if r.role == "now"}
    if below and ("negative" in signs) not in below and not is_negated(mention, scene):
        yield f'"{mention.text}", which form is not'


def _state_of_another_sign(mention: Mention, signs: frozenset[str], scene: Scene) -> str:
    """As in "Below zero you are rested"."""
    for state in scene.sentence.naming("state"):
        told = {key.partition(".")[2] for key in state.keys("state") if key.startswith("form.")}
        near = scene.sentence.together(state.at, mention.at) and not scene.quantities_between(
            *sorted((state.at, mention.at))
        )
        if signs and told and told.isdisjoint(signs) and near and not is_negated(state, scene):
            return state.text
    return ""


def _was_so_before(mention: Mention, scene: Scene) -> bool:
    """As in "You carry some fatigue now, where you were slightly rested": how it usually was."""
    sentence = scene.sentence
    were = [at for at in range(max(0, mention.at - NEAR), mention.at) if sentence.is_word(at, "were")]
    return any(0 <= were[-1] - m.end <= 1 for m in sentence.tagged("role:versus")) if were else False


def _levels_and_changes(metrics: frozenset[str], scene: Scene, *, before: bool = False) -> list[Reading]:
    """Return how something is, or was at last, and how it moved: no share of days, nor its lowest."""
    known = [r for r in scene.evidence.of(metrics) if r.dimension == "number" and "lowest" not in r.things]
    if before and (usual := [replace(r, role="now") for r in known if r.role == "usual" and not r.derived]):
        return usual
    levels = [r for r in known if r.role == "now"] or [replace(r, role="now") for r in known if not r.derived]
    return [*levels, *(r for r in scene.evidence.of(metrics) if r.role == "change")]


def _shows_by_days(sign: str, scene: Scene) -> bool:
    """As in "Lower on 68 % of the days, so you are rather fresh": fresher than on most of them."""
    shares = {r.ids[0]: r for said in scene.said.values() for r in said if r.concepts >= _SHARE_OF_DAYS}
    return any((r.values[0] > _MOST) == (sign == "positive") for r in shares.values())


def _is_neutral(reading: Reading) -> bool:
    return "form" in reading.concepts and abs(reading.values[0]) < _NEUTRAL


def _is_where_it_was(mention: Mention, scene: Scene) -> bool:
    """As in "Form has swung from just below zero to 15.6"."""
    return scene.sentence.has_before(mention.at, "role:from", "role:versus")


def _is_sign_of_a_number(mention: Mention, signs: frozenset[str], scene: Scene) -> bool:
    """As in "From slightly positive, 2.4, to -8.7": of the number behind it, whenever that was."""
    stated = [at for at in scene.said if 0 < at - mention.end <= 1]
    return any(
        (r.values[0] < 0) == ("negative" in signs)
        for at in stated
        for r in scene.said[at]
        if r.role in ("now", "usual") and "form" in r.concepts
    )


def for_weeks(scene: Scene) -> Iterator[str]:
    """As in "After three weeks of falling load", where it rose in three weeks in a row."""
    for span in scene.sentence.quantities:
        if span.dimension != "days":
            continue
        if "streak" not in scene.evidence.concepts:
            return
        beside = [
            m
            for m in scene.ways
            if m.end <= span.at <= m.end + CLOSE
            or 0 <= m.at - span.end <= 1
            or _is_right_behind(m, span, scene)
        ]
        ways = frozenset[str]().union(*(m.keys("direction") & UP_OR_DOWN for m in beside))
        streaks = scene.evidence.of(_STREAK)
        shown = {way for reading in streaks if _lasts(reading, span) for way in _way(reading, scene)}
        others = [r for r in streaks if r.dimension == "days" and _way(r, scene) & ways]
        if not shown and others and any(_is_right_behind(m, span, scene) for m in beside):
            yield f'"{span.text}" of it going {min(ways)}, but {others[0].ids[0]} is not as long'
        if len(ways) == 1 and shown and ways.isdisjoint(shown):
            yield f'"{span.text}" of it going {min(ways)}, but it went {min(shown)}'


def _is_right_behind(way: Mention, span: Quantity, scene: Scene) -> bool:
    """As in "Four weeks of rising load", "quatre semaines de charge croissante"."""
    of = any(m.at == span.end and m.tags & {"article:of", "role:at"} for m in scene.sentence.mentions)
    return way.at == span.end or (of and 0 < way.at - span.end <= CLOSE)


def _lasts(reading: Reading, span: Quantity) -> bool:
    return reading.dimension == "days" and any(abs(m.value - reading.values[0]) < 1 for m in span.meanings)


def _way(reading: Reading, scene: Scene) -> frozenset[str]:
    return _went_each_time(scene.evidence.facts[reading.ids[0]].label)


@lru_cache(maxsize=256)
def _went_each_time(label: str) -> frozenset[str]:
    """As in "Weeks in a row in which load rose": in which direction it went each time."""
    return named(read(label, lexicon("en")), "direction") & UP_OR_DOWN


def calls_calm(scene: Scene) -> Iterator[str]:
    """As in "A quiet week": no more than usual."""
    for mention in scene.sentence.tagged("calm:any"):
        shown = directions_of(frozenset({"load"}), mention, scene)
        if shown == {"up"} and not is_negated(mention, scene) and not is_conditional(mention, scene):
            yield f'"{mention.text}", but load went up'


def calls_new(scene: Scene) -> Iterator[str]:
    """As in "Fitness has hit a new high of 81", where that is the highest, and it is lower now."""
    for mention in scene.sentence.tagged("clause:new"):
        for at, said in scene.said.items():
            together = scene.sentence.together(at, mention.at)
            values = [r.values[0] for r in said if r.role == "now" and together]
            others = [
                other.values[0]
                for reading in said
                for other in scene.evidence.by_dimension.get(reading.dimension, ())
                if other.role == "now" and not other.derived and other.concepts == reading.concepts
            ]
            if values and any(
                abs(other - values[0]) > abs(values[0]) * _ALIKE and (other > values[0] or said[0].statistic)
                for other in others
            ):
                yield f'"{mention.text}", but {said[0].ids[0]} is not new'
