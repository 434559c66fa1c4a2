"""Every number that a text states must be that of the fact which the words around it fit best."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Final

from training_analyzer.analysis.grounding.apart import apart, says_apart
from training_analyzer.analysis.grounding.arithmetic import follows
from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.between import are_apart_otherwise
from training_analyzer.analysis.grounding.changing import is_a_part, whole_of
from training_analyzer.analysis.grounding.exempt import is_a_scale, is_in_a_label, is_told, says_nothing
from training_analyzer.analysis.grounding.fitting import cost, worst
from training_analyzer.analysis.grounding.implied import BETWEEN
from training_analyzer.analysis.grounding.matching import NEARLY, held, meanings
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.rivals import rival_of
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.shares import is_share_of_a_limit, is_share_of_two
from training_analyzer.analysis.grounding.telling import words_of

_COARSELY: Final = 0.04
_BOUNDS: Final = frozenset({"over", "under"})


def check(scene: Scene) -> Iterator[str]:
    """Return what does not hold, and note in `scene.said` what each number may be."""
    left: list[tuple[Quantity, list[Reading]]] = []
    # A multiple or a part comes behind what it is of: "three times the 2,400 m", "half of last week's 905".
    for quantity in sorted(scene.sentence.quantities, key=lambda stated: _comes_behind(stated, scene)):
        if says_nothing(quantity, scene) or is_in_a_label(quantity, scene) or is_a_scale(quantity, scene):
            if quantity.spelled_one and says_apart(quantity, scene) and apart(quantity, scene).turned:
                yield f'"{quantity.text}" is the wrong way round'  # "one interval short of the plan"
            continue
        if (scene.is_window(quantity) or quantity.dimension is None) and is_told(quantity, scene):
            continue
        if (share := is_share_of_two(quantity, scene)) is None:
            yield from _fitting(quantity, left, scene)
        elif not share:
            yield f'"{quantity.text}" is not what the number before it is of the other'
    # Parts come last: "more than half, 2,000 of 3,600 m".
    for quantity, unfit in sorted(left, key=lambda unknown: unknown[0].fraction):
        yield from _derived(quantity, unfit, scene)
    for quantity in scene.sentence.quantities:
        if is_share_of_a_limit(quantity, scene) is False:
            yield f'"{quantity.text}" is not what the number before it is of the limit'
    yield from _torn(scene)


def _comes_behind(quantity: Quantity, scene: Scene) -> bool:
    if quantity.dimension == "times":
        return True
    return quantity.fraction and is_a_part(quantity, scene) and whole_of(quantity, scene) is not None


def _fitting(quantity: Quantity, left: list[tuple[Quantity, list[Reading]]], scene: Scene) -> Iterator[str]:
    """Note which of the facts with this number the words fit best, or leave it to what facts imply."""
    words = Around(quantity, scene)
    found = _no_levels(quantity, _candidates(quantity, scene), scene)
    costs, least = [], inf
    for reading in found:
        price = cost(reading, words, scene, least)
        costs.append((price, reading))
        least = min(least, price)
    best = [reading for price, reading in costs if price <= least]
    if scene.is_window(quantity) and best:
        scene.said[quantity.at] = best
    elif least < TOO_MUCH:
        scene.said[quantity.at] = best
        yield from _unfit(least, costs, words, scene)
    elif best or not (quantity.fact or is_told(quantity, scene)):
        left.append((quantity, best))


def _no_levels(quantity: Quantity, found: list[Reading], scene: Scene) -> list[Reading]:
    """As in "Your 11 swims are four more than planned", where four were with the club."""
    counted = any("session" in reading.concepts and reading.role in LEVELS for reading in found)
    if quantity.dimension is not None or not counted or not says_apart(quantity, scene):
        return found
    return [reading for reading in found if reading.role not in LEVELS or "session" not in reading.concepts]


def _unfit(least: float, costs: list[tuple[float, Reading]], words: Around, scene: Scene) -> Iterator[str]:
    """Return why a number is not of the facts that fit best of all that have it."""
    quantity = words.quantity
    best = scene.said[quantity.at]
    if exact := _exactly(quantity, best, costs):
        yield f'"{quantity.text}" is {_names([exact])}, which is not what the sentence says'
    if scene.advice and _is_coarse(quantity, best):
        yield f'"{quantity.text}" is advice, and more or less than {_names(best)}'
    if rival := rival_of(least, [reading for _, reading in costs], words, scene):
        yield f'"{quantity.text}" is {_names(best)}, but the words speak of {_names([rival])}'
    if scene.sentence.has_at(quantity.end, "clause:each") and not (
        any(_is_of_one(reading, scene) for reading in best) or _counts_each(quantity, best, scene)
    ):
        yield f'"{quantity.text} each", but no fact is of each'
    if all(reading.role == "change" for reading in best) and are_apart_otherwise(quantity, scene):
        yield f'"{quantity.text}" is {_names(best)}, and not how far the extremes are apart'
    if all(reading.derived and reading.role == "change" for reading in best):
        held = apart(quantity, scene)
        if held.turned:
            yield f'"{quantity.text}" is right, but the wrong way round'
        elif held.otherwise:
            yield f'no fact says "{quantity.text}"'


def _derived(quantity: Quantity, unfit: list[Reading], scene: Scene) -> Iterator[str]:
    """Note what a number may be that no fact has, or none that fits the words."""
    words, held = Around(quantity, scene), apart(quantity, scene)
    found = held.found or ([] if held.turned or held.otherwise else _following(words, scene))
    if held.turned:
        yield f'"{quantity.text}" is right, but the wrong way round'
    elif not found and unfit:
        yield _misfit(unfit, words, scene)
    elif not found:
        yield f'no fact says "{quantity.text}"'
    scene.said[quantity.at] = found or unfit


def _exactly(quantity: Quantity, best: list[Reading], costs: list[tuple[float, Reading]]) -> Reading | None:
    """Return the fact that has exactly the number which others have but coarsely: "3 hours", and 2.6."""
    value = quantity.meanings[0].value if quantity.meanings and not quantity.hedges else 0.0
    if (
        not value
        or quantity.dimension == "percent"
        or quantity.upper is not None
        or min(_off(value, r) for r in best) < _COARSELY
    ):
        return None
    return next(
        (
            other
            for _, other in costs
            if not other.derived and _off(value, other) < NEARLY
            if any(other.concepts == one.concepts and other.dimension == one.dimension for one in best)
        ),
        None,
    )


def _is_coarse(quantity: Quantity, best: list[Reading]) -> bool:
    """As in "Aim for 11 hours", where 10.5 are usual: what somebody is to do is said as it is."""
    bounds = quantity.hedges <= _BOUNDS  # "at most 1,500 m", where 1,320 are usual
    value = quantity.meanings[0].value if quantity.meanings and bounds else 0.0
    measured = best[0].dimension == quantity.dimension in ("time", "length") and best[0].role != "change"
    measured = measured and quantity.upper is None and not quantity.fraction and ":" not in quantity.text
    return measured and value > 0 and min(_off(value, reading) for reading in best) > _COARSELY


def _off(value: float, reading: Reading) -> float:
    return min(abs(abs(own) - value) / value for own in reading.values)


def _candidates(quantity: Quantity, scene: Scene) -> list[Reading]:
    """Return the readings whose number this is, of whatever they are."""
    if quantity.fact:
        return [fact] if (fact := scene.evidence.by_id.get(quantity.fact)) else []
    found = {
        id(reading): reading
        for meaning in meanings(quantity, scene)
        for reading in held(quantity, meaning, scene.evidence)
    }
    return [
        reading
        for reading in found.values()
        if reading.concepts != BETWEEN or reading.concepts <= scene.spoken_metrics()
    ]


def _following(words: Around, scene: Scene) -> list[Reading]:
    """Return what the number may be that follows from facts, and fits the words."""
    return [reading for reading in follows(words.quantity, scene) if cost(reading, words, scene) < TOO_MUCH]


def _misfit(best: list[Reading], words: Around, scene: Scene) -> str:
    text, names = words.quantity.text, _names(best)
    match worst(best[0], words, scene):
        case "metric" if not words.metrics:
            return f'nothing says of what "{text}" is'
        case "metric" if all(reading.derived for reading in best):
            return f'no fact says "{text}"'
        case "metric":
            return f'"{text}" is said of {what(words.metrics)}, but is {names}'
        case "sport" if words.sports:
            return f'"{text}" is said of {what(words.sports)}, but is {names}'
        case "period":
            return f'"{text}" is {names}, which is not of that period'
        case "role" if words.reference:
            return f'"{text}" is {names}, not what is usual'
        case "role":
            return f'"{text}" is {names}, and not how it is now'
        case "citation":
            return f'"{text}" is {names}, which is not cited'
        case _:
            return f'"{text}" is {names}, which is not what the sentence says'


def _is_of_one(reading: Reading, scene: Scene) -> bool:
    """Return whether a fact is of one of many: of a usual one, of one on average, "of each lap"."""
    each = "each" in words_of(reading, scene)
    return each or reading.role == "usual" or reading.statistic == "average"


def _counts_each(quantity: Quantity, best: list[Reading], scene: Scene) -> bool:
    """As in "You rode and ran four times each": as many of every sport that the clause names."""
    sentence = scene.sentence
    named = [
        m for m in sentence.naming("sport") if m.end <= quantity.at and sentence.together(m.at, quantity.at)
    ]
    counts = [
        r
        for r in scene.evidence.of(best[0].concepts)
        if (r.role, r.dimension, r.per) == ("now", "number", "")
    ]
    value = quantity.meanings[0].value if quantity.meanings else None
    return len(named) > 1 and all(
        any(r.sports == m.keys("sport") and r.values[0] == value for r in counts) for m in named
    )


def _torn(scene: Scene) -> Iterator[str]:
    """As in "3 h 200 min" is no time, and "ta9ke" no number."""
    tokens = scene.sentence.tokens
    for quantity in scene.sentence.quantities:
        behind = tokens[quantity.end] if quantity.end < len(tokens) else None
        ahead = tokens[quantity.at - 1] if quantity.at and tokens[quantity.at].glued else None
        for token in (behind if behind and behind.glued else None, ahead):
            if token and token.kind in ("word", "number") and tokens[quantity.end - 1].kind == "number":
                yield f'"{quantity.text}" is torn from "{token.text}"'
    times = [quantity for quantity in scene.sentence.quantities if quantity.dimension == "time"]
    for one, other in pairwise(times):
        if one.end == other.at and not any(m.at == other.end for m in scene.ways):
            yield f'"{one.text} {other.text}" is no time'


def _names(found: list[Reading]) -> str:
    return " or ".join(sorted({"/".join(reading.ids) for reading in found})[:3])
