"""Whether a number that a text states is that of a reading: its value, as precisely as it is written."""

from collections.abc import Iterator, Sequence
from typing import Final

from training_analyzer.analysis.grounding.evidence import ByValue, Evidence
from training_analyzer.analysis.grounding.quantities import Meaning, Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.units import UNITS

ABOUT: Final = 0.06
"""How far "about" reaches at most, as a share of the number. Our choice."""
ABOUT_NOTHING: Final = 2.0
"""How far "around zero" reaches, in points."""
NEARLY: Final = 0.01
"""How far it reaches at least."""
BEYOND: Final = 0.15
"""How far "over" and "under" reach. Our choice."""
COARSE: Final = 0.15
"""What a time may be rounded by at most: nobody calls 93 minutes two hours."""
INHERITED: Final = frozenset({"time", "length", "days", "percent", "number"})
"""What a number without a unit may be of because another is; one that is compared with it, of anything."""
OFTEN: Final = 0.24
"""How far "more than twice" reaches."""
WELL_OVER: Final = 0.3
"""How far "well over half" and "well under half" reach."""
EXACT: Final = 1e-9

AGAINST: Final = {"-": "up", "+": "down"}
"""A sign that contradicts a direction."""
_COUNTED: Final = frozenset({"session", "intervals"})
_TURNED: Final = {"over": "under", "under": "over"}
"""What is more than halved is less than half."""
_MEASURED_IN: Final = {"percent change": "percent", "count": "number"}


def meanings(quantity: Quantity, scene: Scene) -> tuple[Meaning, ...]:
    """Return all that a quantity may mean here, also in a unit that another number has."""
    return (*quantity.meanings, *_inherited(quantity, scene))


def possible(meaning: Meaning, evidence: Evidence) -> Sequence[Reading]:
    """Return the readings that a meaning can be of: most are of another dimension."""
    if meaning.dimension is None:
        return evidence.without_unit
    known = evidence.by_dimension
    if meaning.dimension == "time":
        return (*known.get("time", ()), *known.get("pace", ()))
    if meaning.dimension == "beats":  # "um zwei Schläge höhere Schlagzahl"
        return (*known.get("beats", ()), *(r for r in known.get("steps", ()) if "stroke_rate" in r.concepts))
    return known.get(_MEASURED_IN.get(meaning.dimension, meaning.dimension), ())


def _inherited(quantity: Quantity, scene: Scene) -> Iterator[Meaning]:
    """As in "Longer than the four you usually ride": a number without a unit has that of one before it."""
    if quantity.dimension == "time" and ":" in quantity.text:
        ahead = scene.before.sentence.quantities if scene.before else ()
        for other in (*scene.sentence.quantities, *ahead):
            if other.dimension == "pace":  # "from 1:56 to 1:52 per 100 m"
                yield _as_pace(quantity, other.meanings[0].factor)
        yield from _per_500_m(quantity, scene)
    if quantity.dimension is None and quantity.meanings and not scene.is_bound(quantity):
        everything = quantity.at in scene.references
        for other in scene.sentence.quantities:
            inherits = (everything and other.dimension is not None) or other.dimension in INHERITED
            if inherits and other.dimension is not None and other is not quantity:
                size, meaning = other.meanings[0].factor, quantity.meanings[0]
                yield Meaning(other.dimension, meaning.value * size, meaning.half * size)


def _per_500_m(quantity: Quantity, scene: Scene) -> Iterator[Meaning]:
    """As in "A split of 1:52", where facts are of splits: nobody writes that they are per 500 m."""
    factor = UNITS["s_per_500m"][1]
    paces = (r for r in scene.evidence.by_dimension.get("pace", ()) if r.own and not r.derived)
    if any(pace.own[0] and abs(pace.values[0] - factor * pace.own[0]) < EXACT for pace in paces):
        yield _as_pace(quantity, 60 * factor)


def _as_pace(quantity: Quantity, minute: float) -> Meaning:
    """Return minutes and seconds as a pace, in the unit of which a minute is worth so much."""
    seconds = min((m for m in quantity.meanings if m.dimension == "time"), key=lambda m: m.value)
    return Meaning("pace", seconds.value * minute / 60, seconds.half * minute / 60, minute / 60)


def held(quantity: Quantity, meaning: Meaning, evidence: Evidence) -> list[Reading]:
    """Return the readings whose number this is; most have values that are far away."""
    if quantity.upper is not None:
        return [reading for reading in possible(meaning, evidence) if holds(quantity, meaning, reading)]
    known = evidence.by_value.get((meaning.dimension, meaning.way))
    if known is None:
        known = evidence.by_value[meaning.dimension, meaning.way] = _by_value(meaning, evidence)
    hedged = 2 * BEYOND * meaning.value + ABOUT_NOTHING if quantity.hedges else 0.0
    near = known.within(meaning.value, 2 * meaning.half + hedged + EXACT)
    return [reading for reading, value in near if _covers(quantity, meaning, reading, value)]


def _by_value(meaning: Meaning, evidence: Evidence) -> ByValue:
    readings = possible(meaning, evidence)
    found = sorted(
        (abs(value), at, value)
        for at, reading in enumerate(readings)
        for value in set(_values(meaning, reading))
    )
    return ByValue(
        values=tuple(size for size, _, _ in found),
        readings=tuple((readings[at], value) for _, at, value in found),
        slack=max((reading.slack for reading in readings), default=0.0),
    )


def _values(meaning: Meaning, reading: Reading) -> tuple[float, ...]:
    """Return the values of a reading of which a meaning may be; none where it measures something else."""
    match meaning.dimension:
        case None:
            return reading.own
        case "percent change":
            changed = reading.dimension == "percent" and reading.role == "change"
            return reading.values if changed and meaning.way in (None, reading.direction) else ()
        case "count":
            counted = reading.concepts & _COUNTED and reading.dimension == "number"
            return reading.values if counted else ()
        case "days" if meaning.way not in (None, reading.direction):
            return ()  # "three rising weeks"
        case "time" if reading.dimension == "pace" and reading.role == "change":
            return reading.own or reading.values  # "six seconds quicker", per what the pace is
        case "beats" if reading.dimension == "steps":
            return reading.values
        case _:
            return reading.values if meaning.dimension == reading.dimension else ()


def holds(quantity: Quantity, meaning: Meaning, reading: Reading) -> bool:
    return any(_covers(quantity, meaning, reading, value) for value in _values(meaning, reading))


def reaches(quantity: Quantity, meaning: Meaning, value: float, slack: float = 0.0) -> bool:
    """Return whether a number, as precisely and as loosely as it is written, is this value."""
    half = meaning.half * 1.02 + slack * 0.5 + EXACT
    if quantity.upper is not None:
        return meaning.value - half <= value <= quantity.upper + half
    low, high = _reach(quantity.hedges, abs(meaning.value), half, meaning.factor)
    if quantity.fraction:
        low, high = _widened(quantity, meaning.value, low, high)
    return meaning.value - low <= value <= meaning.value + high


def _covers(quantity: Quantity, meaning: Meaning, reading: Reading, value: float) -> bool:
    number = meaning.value
    if reading.role == "change":
        if quantity.sign and reading.direction == AGAINST.get(quantity.sign):
            return False
        value = abs(value)
    elif quantity.sign == "-":
        number = -number
    half = meaning.half * 1.02 + reading.slack * 0.5 + EXACT
    if quantity.upper is not None:
        return number - half <= value <= quantity.upper + half and quantity.upper <= max(
            1.4 * number, number + 1
        )
    if meaning.dimension == "time":
        half = min(half, max(COARSE * abs(number), 1.0))
    hedges = _hedges(quantity, meaning) if quantity.hedges else quantity.hedges
    low, high = _reach(hedges, abs(number), half, meaning.factor) if hedges else (half, half)
    if quantity.fraction and meaning.dimension == "percent":
        low, high = _widened(quantity, number, low, high)
    if meaning.dimension == "times" and "over" in hedges:
        high = max(high, OFTEN * number)
    if number < 0:
        low = high = max(low, high)  # "below -20", "almost -20"
        if "under" in quantity.hedges:
            low = max(low, -OFTEN * number)
    return number - low <= value <= number + high


def _widened(quantity: Quantity, number: float, low: float, high: float) -> tuple[float, float]:
    """As in "Over half", "well under half"; "a little over half" is no more than that."""
    if "over" in quantity.hedges and "little" not in quantity.hedges:
        high = max(high, WELL_OVER * number)
    if quantity.hedges >= {"under", "far"}:
        low = max(low, WELL_OVER * number)
    return low, high


def _hedges(quantity: Quantity, meaning: Meaning) -> frozenset[str]:
    if meaning.dimension == "times" and meaning.way == "down":
        return frozenset(_TURNED.get(hedge, hedge) for hedge in quantity.hedges)
    return quantity.hedges


def _reach(hedges: frozenset[str], size: float, half: float, factor: float) -> tuple[float, float]:
    """Return how far below and above a number the fact may be: half its precision, or as far as hedges go."""
    low = high = half
    if "about" in hedges:
        step = _step(size / factor) * factor
        low = high = max(half, NEARLY * size, min(step / 2, ABOUT * size) if size else ABOUT_NOTHING)
    if "over" in hedges:
        low, high = half / 10, max(high, _beyond(size, factor))
    if "under" in hedges:
        low, high = max(low, _beyond(size, factor)), half / 10
    return low, high


def _beyond(size: float, factor: float) -> float:
    """Return how far "over" and "under" reach: no further than to the next number that is as round."""
    return min(BEYOND * size, _roundness(size / factor) * factor)


def _roundness(size: float) -> float:
    for step in (1000.0, 500.0, 100.0, 50.0, 10.0, 5.0, 1.0):
        if abs(size / step - round(size / step)) < EXACT:
            return step
    return size


def _step(size: float) -> float:
    """Return the step in which a round number was rounded: 740 in tens, 750 and 700 in fifties."""
    for step in (1000.0, 500.0, 100.0, 50.0, 10.0, 5.0, 1.0):
        if step <= 0.25 * size and abs(size / step - round(size / step)) < EXACT:
            return step
    return 0.0
