"""Every number that a text states must be a fact's: of that metric, in that unit, for that period."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.implied import BETWEEN, SUMMED
from training_analyzer.analysis.grounding.quantities import Meaning, Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import CLOSE, NEAR, Scene

ABOUT: Final = 0.06
"""How far "about" reaches at most, as a share of the number. Our choice."""
ABOUT_NOTHING: Final = 2.0
"""How far "around zero" reaches, in points."""
BEYOND: Final = 0.15
"""How far "over" and "under" reach. Our choice."""
EXACT: Final = 1e-9

_DAYS_SAID_OF: Final = frozenset(
    {"metric:rest_day", "metric:training_day", "metric:since_last", "metric:history", "metric:streak"}
)
_MONTHS_ALIKE: Final = 2.5
"""Days by which four weeks and a month differ."""
_ONE_WEEK: Final = 7.0
_LASTING: Final = frozenset({"time", "distance", "session"})
_AGAINST: Final = {"-": "up", "+": "down"}
"""A sign that contradicts a direction."""
_MEASURED_IN: Final = {"percent change": "percent", "count": "number"}
_LONG: Final = frozenset({"30", "90", "365", "36500"})
_LONG_DAYS: Final = frozenset(map(float, _LONG))
_NARROW: Final = ("easy", "moderate", "hard")


def check(scene: Scene) -> Iterator[str]:
    """Return what does not hold, and note in `scene.said` what each number may be."""
    references = scene.references()
    for quantity in scene.sentence.quantities:
        if _says_nothing(quantity, scene) or _is_in_a_label(quantity, scene):
            continue
        if (scene.is_window(quantity) or quantity.dimension is None) and _is_told(quantity, scene):
            continue
        found = _candidates(quantity, scene, standard=quantity.at in references)
        if not found:
            if not quantity.fact and not _is_told(quantity, scene):
                yield f'no fact says "{quantity.text}"'
            continue
        for narrow in (_of_metric, _of_sport, _of_kind, _of_statistic, _of_period, _cited):
            left = narrow(quantity, scene, found)
            if isinstance(left, str):
                yield left
                break
            found = left
        else:
            if _of_each(quantity, scene) and not any(_is_an_average(reading) for reading in found):
                yield f'"{quantity.text} each", but no fact is of each'
            if reason := _wrong_role(quantity, scene, found, references):
                yield reason
            scene.said[quantity.at] = found
    yield from _nothing_at_all(scene)
    yield from _torn(scene)


def _says_nothing(quantity: Quantity, scene: Scene) -> bool:
    """As in "One" is an article as often as a number: it counts days of rest, and sessions behind "only"."""
    if not quantity.spelled_one or quantity.dimension is not None:
        return False
    following = next((m for m in scene.sentence.mentions if 0 <= m.at - quantity.end <= 1), None)
    preceding = next((m for m in scene.sentence.mentions if m.end == quantity.at), None)
    counted = following is not None and bool(following.tags & {"metric:rest_day", "metric:session"})
    if not counted or following is None or scene.advice:
        return True
    return "metric:session" in following.tags and not (preceding and "clause:only" in preceding.tags)


def _candidates(quantity: Quantity, scene: Scene, *, standard: bool = False) -> list[Reading]:
    if quantity.fact:
        return [reading for reading in scene.evidence.readings if reading.ids == (quantity.fact,)]
    meanings = (*quantity.meanings, *_inherited(quantity, scene))
    found = list(
        {
            id(reading): reading
            for meaning in meanings
            for reading in _possible(meaning, scene)
            if _holds(quantity, meaning, reading)
        }.values()
    )
    if not found:
        return found
    changing, part = not standard and _is_a_change(quantity, scene), _is_a_part(quantity, scene)
    implied = not standard and _is_compared(quantity, scene)
    return [
        reading
        for reading in found
        if not (reading.concepts == BETWEEN and not reading.concepts <= scene.spoken_metrics())
        and not (changing and reading.role != "change" and reading.dimension != "times")
        and not (part and reading.role == "change")
        and not (reading.derived and reading.role == "change" and not implied)
    ]


def _possible(meaning: Meaning, scene: Scene) -> Sequence[Reading]:
    """Return the readings that a meaning can be of: most are of another dimension."""
    if meaning.dimension is None:
        return scene.evidence.readings
    known = scene.evidence.by_dimension
    if meaning.dimension == "time":
        return (*known.get("time", ()), *known.get("pace", ()))
    return known.get(_MEASURED_IN.get(meaning.dimension, meaning.dimension), ())


def _inherited(quantity: Quantity, scene: Scene) -> Iterator[Meaning]:
    """As in "Longer than the four you usually ride": a number without a unit has that of one before it."""
    if quantity.dimension == "time" and ":" in quantity.text:
        for other in scene.sentence.quantities:
            if other.dimension == "pace":  # "from 1:56 to 1:52 per 100 m"
                factor = other.meanings[0].factor / 60
                seconds = quantity.meanings[-1]
                yield Meaning("pace", seconds.value * factor, seconds.half * factor)
    if quantity.dimension is None and quantity.meanings:
        for other in scene.sentence.quantities:
            if other.dimension in ("time", "length", "days", "percent", "number") and other is not quantity:
                size = {"time": 3600.0, "length": 1000.0}.get(other.dimension, 1.0)
                meaning = quantity.meanings[0]
                yield Meaning(other.dimension, meaning.value * size, meaning.half * size)


def _is_a_change(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a share or a number of points is said to be a change: "fell by 62 %", "62 % more"."""
    if quantity.dimension not in ("percent", "number", "times"):
        return False
    for mention in scene.sentence.mentions:
        if not _directs(mention) or "negation:not" in mention.tags:
            continue
        if 0 <= quantity.at - mention.end <= CLOSE and not _says_to(scene, mention.end, quantity.at):
            return scene.sentence.between(mention.end - 1, quantity.at) < APART and not _is_hedge(
                mention, quantity
            )
        if mention.at == quantity.end:
            return True
    return False


def _is_compared(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a number is said to be a difference: what is only implied must be."""
    return (
        quantity.dimension in ("percent", "times")
        or quantity.fraction
        or any(
            any(tag.startswith(("direction:", "implied:", "comparison:", "role:by")) for tag in mention.tags)
            for mention in scene.sentence.mentions
            if 0 <= mention.at - quantity.end <= CLOSE or 0 <= quantity.at - mention.end < NEAR
        )
    )


def _is_hedge(mention: Mention, quantity: Quantity) -> bool:
    return bool(mention.keys("hedge") & quantity.hedges)


def _directs(mention: Mention) -> bool:
    return any(tag.startswith(("direction:up", "direction:down", "implied:")) for tag in mention.tags)


def _says_to(scene: Scene, start: int, end: int) -> bool:
    return any("role:to" in m.tags for m in scene.sentence.mentions if start <= m.at < end)


def _is_a_part(quantity: Quantity, scene: Scene) -> bool:
    if quantity.dimension != "percent":
        return False
    return any(
        m.at == quantity.end and "article:of" in m.tags and not _directs(m) for m in scene.sentence.mentions
    )


def _holds(quantity: Quantity, meaning: Meaning, reading: Reading) -> bool:
    values: Sequence[float]
    if meaning.dimension is None:
        values = () if reading.dimension == "percent" and "share" not in reading.concepts else reading.own
    elif meaning.dimension == "percent change":
        if reading.dimension != "percent" or reading.role != "change":
            return False
        values = reading.values
    elif meaning.dimension == "count":
        if "session" not in reading.concepts or reading.dimension != "number":
            return False
        values = reading.values
    elif meaning.dimension == "time" and reading.dimension == "pace" and reading.role == "change":
        values = (*reading.values, *reading.own)  # "six seconds quicker"
    elif meaning.dimension != reading.dimension:
        return False
    else:
        values = reading.values
    if quantity.upper is None:  # most are far away: no need to look closer
        furthest = 2 * BEYOND * meaning.value + 2 * meaning.half + reading.slack + ABOUT_NOTHING
        values = [value for value in values if abs(abs(value) - meaning.value) <= furthest]
    return bool(values) and any(_covers(quantity, meaning, reading, value) for value in values)


def _covers(quantity: Quantity, meaning: Meaning, reading: Reading, value: float) -> bool:
    number = meaning.value
    if reading.role == "change":
        if quantity.sign and reading.direction == _AGAINST.get(quantity.sign):
            return False
        value = abs(value)
    elif quantity.sign == "-":
        number = -number
    half = meaning.half * 1.02 + reading.slack * 0.5 + EXACT
    if quantity.upper is not None:
        return number - half <= value <= quantity.upper + half and quantity.upper <= max(
            1.4 * number, number + 1
        )
    low, high = _reach(quantity.hedges, abs(number), half, meaning.factor)
    if number < 0:
        low, high = high, low
    return number - low <= value <= number + high


def _reach(hedges: frozenset[str], size: float, half: float, factor: float) -> tuple[float, float]:
    """Return how far below and above a number the fact may be: half its precision, or as far as hedges go."""
    low = high = half
    if "about" in hedges:
        step = _step(size / factor) * factor
        low = high = max(half, min(step / 2, ABOUT * size) if size else ABOUT_NOTHING)
    if "over" in hedges:
        low, high = half / 10, max(high, BEYOND * size)
    if "under" in hedges:
        low, high = max(low, BEYOND * size), half / 10
    return low, high


def _step(size: float) -> float:
    """Return the step in which a round number was rounded: 740 in tens, 750 and 700 in fifties."""
    for step in (1000.0, 500.0, 100.0, 50.0, 10.0, 5.0, 1.0):
        if step <= 0.25 * size and abs(size / step - round(size / step)) < EXACT:
            return step
    return 0.0


def _is_in_a_label(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a count belongs to what a fact measures: "weeks with at least three sessions"."""
    if quantity.dimension is not None or not quantity.meanings or "over" not in quantity.hedges:
        return False
    value = quantity.meanings[0].value
    return any((value, metric) in scene.evidence.counts for metric in scene.metrics_of(quantity))


def _is_told(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a span is one that the facts rest on, or a number is one that a rule states."""
    if scene.is_window(quantity):
        metric = scene.nearest(_DAYS_SAID_OF, quantity.at)
        if any("article:of" in m.tags and m.end == quantity.at for m in scene.sentence.mentions):
            return True  # "two of the seven days"
        return metric is None or quantity.window or not _touches(metric, quantity) or "history" in metric.tags
    if quantity.dimension is None and quantity.meanings and quantity.meanings[0].value in scene.evidence.days:
        within = {"clause:within", "article:of"}
        if any(m.end == quantity.at and m.tags & within for m in scene.sentence.mentions):
            return scene.sentence.has("metric:rest_day", "metric:training_day")  # "no rest day in seven"
    numbers = scene.evidence.numbers
    return (
        bool(quantity.meanings)
        and quantity.meanings[0].value in numbers
        and (quantity.upper is None or quantity.upper in numbers)
    )


def _touches(mention: Mention, quantity: Quantity) -> bool:
    return 0 <= mention.at - quantity.end <= 1 or 0 <= quantity.at - mention.end <= CLOSE


def _of_metric(quantity: Quantity, scene: Scene, found: list[Reading]) -> list[Reading] | str:
    metrics = scene.metrics_of(quantity)
    metrics = metrics - {"share"} or metrics
    if metrics <= _LASTING and scene.sentence.has("metric:longest", "clause:single"):
        metrics |= {"longest"} if metrics else metrics
    left = [
        reading
        for reading in found
        if (reading.concepts & metrics if metrics else _goes_without_unit(quantity, reading, scene))
    ]
    if (not metrics or (not left and _is_a_difference(quantity, scene))) and (
        earlier := _said_before(quantity, scene)
    ):
        left = [r for r in found if any(r.concepts & e.concepts and r.sports == e.sports for e in earlier)]
    if left or scene.is_window(quantity):
        return left or found
    if not metrics:
        return f'nothing says of what "{quantity.text}" is'
    return f'"{quantity.text}" is said of {_list(metrics)}, but is {_names(found)}'


def _goes_without_unit(quantity: Quantity, reading: Reading, scene: Scene) -> bool:
    """Return whether a number that nothing is said of may be this: one with a unit needs the unit nearby."""
    if quantity.dimension is not None or quantity.fact or reading.dimension in ("number", "times"):
        return True
    if scene.before is not None and reading.concepts & scene.before.spoken_metrics():
        return True
    if quantity.dimension == "percent" and reading.role == "change":
        return bool(reading.sports & scene.sports_of(quantity.at, quantity.end))  # "running was up 8 %"
    return any(
        other.dimension == reading.dimension and not scene.is_window(other)
        for other in scene.sentence.quantities
    )


def _is_a_difference(quantity: Quantity, scene: Scene) -> bool:
    """As in "46 more than the week before": the word behind a number compares, and names no metric."""
    behind = next((m for m in scene.sentence.mentions if m.at == quantity.end), None)
    return behind is not None and bool(behind.keys("direction")) and not behind.keys("metric")


def _said_before(quantity: Quantity, scene: Scene) -> list[Reading]:
    """As in "You ran 28 km, 31 % less than usual": a number of no metric is of the one before it."""
    difference = _is_a_difference(quantity, scene)
    if not difference and (quantity.dimension != "percent" or scene.sports_of(quantity.at, quantity.end)):
        return []
    earlier = [
        other for other in scene.sentence.quantities if other.at < quantity.at and other.at in scene.said
    ]
    if difference and quantity.dimension != "percent":
        return [reading for other in earlier for reading in scene.said[other.at]]
    return scene.said[earlier[-1].at] if earlier else []


def _of_sport(quantity: Quantity, scene: Scene, found: list[Reading]) -> list[Reading] | str:
    sports = scene.sports_of(quantity.at, quantity.end)
    left = [reading for reading in found if not sports or reading.sports & sports]
    return left or f'"{quantity.text}" is said of {_list(sports)}, but is {_names(found)}'


def _of_kind(quantity: Quantity, scene: Scene, found: list[Reading]) -> list[Reading] | str:
    """Keep easy apart from hard, estimates from the rest, and the longest session from all of them."""
    narrow = scene.nearest(frozenset(f"metric:{name}" for name in _NARROW), quantity.at)
    left = []
    for reading in found:
        wanted = frozenset() if "intervals" in reading.concepts else reading.concepts & {*_NARROW}
        if wanted and not (narrow and narrow.keys("metric") & wanted):
            continue
        if "estimated" in reading.concepts and not scene.spoken_of("metric:estimated"):
            continue
        if "longest" in reading.concepts and not scene.spoken_of(
            "metric:longest", "superlative:longest", "metric:session", "clause:long"
        ):
            continue
        left.append(reading)
    return left or f'"{quantity.text}" is {_names(found)}, which the sentence does not speak of'


def _of_statistic(quantity: Quantity, scene: Scene, found: list[Reading]) -> list[Reading] | str:
    """Keep what is on average apart from the highest, and a sum from what it is per week or session."""
    said = scene.statistic_of(quantity)
    per = scene.per_what(quantity)
    left = [
        reading
        for reading in found
        if reading.per in ("", per)
        and not (per == "week" and not reading.per and _is_a_sum(reading, averaged=said == "average"))
        and (reading.statistic in (None, said) if said else not _is_a_peak_among_others(reading, scene))
    ]
    return left or f'"{quantity.text}" is {_names(found)}, which is not what the sentence says'


def _is_a_sum(reading: Reading, *, averaged: bool) -> bool:
    """Return whether a reading is a sum that is not per week: of a longer time, or of one week alone."""
    if reading.role != "now" or not reading.concepts <= SUMMED or reading.statistic is not None:
        return False
    return min(reading.days, default=0) > _ONE_WEEK or averaged


def _is_a_peak_among_others(reading: Reading, scene: Scene) -> bool:
    """Return whether a reading is the highest of what another reading says: that has to be said."""
    return reading.statistic == "peak" and any(
        other.role == "now"
        and other.statistic != "peak"
        and other.dimension == reading.dimension
        and other.concepts <= reading.concepts
        for other in scene.evidence.of(reading.concepts)
    )


def _of_period(quantity: Quantity, scene: Scene, found: list[Reading]) -> list[Reading] | str:
    sentence = scene.sentence
    spans = {
        float(key): mention
        for mention in sentence.mentions
        for key in mention.keys("period")
        if sentence.between(mention.at, quantity.at) < APART + 2
        and abs(mention.at - quantity.at) <= 2 * NEAR + 2
    }
    long = {days for days in spans if f"{days:g}" in _LONG}
    ago = _ago(scene) | {days for days, mention in spans.items() if "clause:since" in mention.tags}
    left = []
    for reading in found:
        if long and reading.days and not _overlap(reading.days, long) and reading.role != "part":
            continue
        if ago and reading.role == "change" and reading.days and not _overlap(reading.days, ago):
            continue
        if spans.keys() == {7.0} and _is_only_of(reading, _LONG_DAYS):
            continue
        left.append(reading)
    return left or f'"{quantity.text}" is not of that period'


def _is_only_of(reading: Reading, spans: frozenset[float]) -> bool:
    return reading.role == "now" and not reading.per and bool(reading.days) and reading.days <= spans


def _ago(scene: Scene) -> set[float]:
    """Return the spans with which a change is compared: "than four weeks ago"."""
    found = set()
    for quantity in scene.sentence.quantities:
        if quantity.dimension == "days" and any(
            (m.at == quantity.end and "clause:ago" in m.tags)
            or (m.end == quantity.at and "clause:ago_before" in m.tags)
            for m in scene.sentence.mentions
        ):
            found.add(quantity.meanings[0].value)
    return found


def _overlap(days: frozenset[float], others: set[float]) -> bool:
    return any(abs(one - other) <= _MONTHS_ALIKE for one in days for other in others)


def _cited(quantity: Quantity, scene: Scene, found: list[Reading]) -> list[Reading] | str:
    if scene.cited is None or quantity.fact:
        return found
    cited = scene.cited
    left = [reading for reading in found if cited.issuperset(reading.ids)]
    return left or f'"{quantity.text}" is {_names(found)}, which is not cited'


def _is_an_average(reading: Reading) -> bool:
    return reading.role == "usual" or reading.statistic == "average"


def _of_each(quantity: Quantity, scene: Scene) -> bool:
    return any(mention.at == quantity.end for mention in scene.sentence.tagged("clause:each"))


def _wrong_role(
    quantity: Quantity, scene: Scene, found: list[Reading], references: dict[int, str]
) -> str | None:
    """Keep what is now apart from what is usual."""
    roles = {reading.role for reading in found}
    if scene.advice or not roles <= {"now", "usual"} or scene.is_window(quantity):
        return None
    if quantity.at in references:
        if "usual" in roles or not _has_usual(scene, found):
            return None
        return f'"{quantity.text}" is {_names(found)}, not what is usual'
    if "now" in roles:
        return None
    if not references and _may_be_usual(quantity, scene):
        return None
    if not _has_now(scene, found):
        return None
    return f'"{quantity.text}" is {_names(found)}, and not how it is now'


def _may_be_usual(quantity: Quantity, scene: Scene) -> bool:
    """Return whether the sentence speaks of what is usual, and does not compare the number with it."""
    sentence = scene.sentence
    compared = any(
        0 <= usual.at - versus.end <= CLOSE
        for versus in sentence.tagged("role:versus")
        if versus.at >= quantity.end
        for usual in sentence.tagged("role:usual")
    )
    return not compared and sentence.has("role:usual", "role:versus", "role:average", "role:from")


def _has_usual(scene: Scene, found: list[Reading]) -> bool:
    concepts = frozenset().union(*(reading.concepts for reading in found))
    return any(reading.role == "usual" for reading in scene.evidence.of(concepts))


def _has_now(scene: Scene, found: list[Reading]) -> bool:
    return any(
        reading.role == "now" and reading.concepts == other.concepts
        for other in found
        for reading in scene.evidence.of(other.concepts)
    )


def _nothing_at_all(scene: Scene) -> Iterator[str]:
    """As in "No rest day", "without training": a count of nothing must be a fact, too."""
    if scene.advice:
        return
    for mention in scene.sentence.tagged("negation:none"):
        counted = next(
            (
                other
                for other in scene.sentence.mentions
                if 0 <= other.at - mention.end <= CLOSE and other.tags & {"metric:rest_day", "metric:session"}
            ),
            None,
        )
        if counted is None:
            continue
        concepts = counted.keys("metric") & {"rest_day", "session"}
        if not any(
            reading.values[0] == 0 for reading in scene.evidence.of(concepts) if reading.role != "change"
        ):
            yield f'"{mention.text} {counted.text}", but no fact says that there was none'


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
        if one.end == other.at:
            yield f'"{one.text} {other.text}" is no time'


def _names(found: list[Reading]) -> str:
    return " or ".join(sorted({"/".join(reading.ids) for reading in found})[:3])


def _list(concepts: frozenset[str]) -> str:
    return " or ".join(sorted(concepts)).replace("_", " ")
