"""A fact as readings: its number, of what it is, in which role, and in every unit in which it may be said."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from training_analyzer.analysis.grounding.labels import Label
from training_analyzer.analysis.grounding.sayable import (
    AVERAGING,
    LEVELS,
    TURNED,
    Reading,
    Role,
    Statistic,
)
from training_analyzer.analysis.grounding.units import Dimension, unit_of_fact
from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.domain.insight import Fact

CHANGES: Final = frozenset({"change", "delta", "ramp", "diff", "difference", "trend"})
EARLIER: Final = AVERAGING - {"average", "averaged", "mean"} | {"before", "previous", "prior", "earlier"}
A_WEEK: Final = re.compile(r"\baverage weekly\b|^average\b.* per week\b")
"""What labels say of what is so in a week, on average of several."""
BASELINES: Final = frozenset({"usual", "before", "ago", "compared"})
"""Words of our ids that say that others are compared with a fact."""
_ROLES: Final = CHANGES - {"ramp"} | BASELINES | {"last", "previous", "prior", "earlier", "normal"}
# Words of ids and labels that say which of many values a fact is.
_STATISTICS: Final[dict[Statistic, frozenset[str]]] = {
    "peak": frozenset({"maximum", "max", "highest", "peak", "best", "most"}),
    "normalized": frozenset({"normalized", "normalised", "weighted"}),
    "average": frozenset({"average", "averaged", "mean", "avg"}),
}
# What a fact's unit says that it measures, where its words do not.
_MEASURED: Final = {"time": "time", "speed": "speed", "pace": "speed", "power": "power"}
_EARLIER_ON: Final = re.compile(
    r"(?<!the )\blast (?:week|month|year|season)\b|\bago$|\bof the week before$|\bat the start\b"
)
_ON_A_DAY: Final = re.compile(r"\bon the morning of\b")
_PER_WAY: Final = re.compile(r"\b(?:pace|split|time)\b.*? per (100 ?m|500 ?m|km|kilometre|mile)\b")
_WAYS: Final = {"100m": "100m", "500m": "500m", "km": "km", "kilometre": "km", "mile": "mi"}
_PACED: Final = re.compile(r"\b(?:lap|split|kilometre|mile|length) times?\b")
_ONE_KILOMETRE: Final = re.compile(r"\b(?:first|last|final|fastest|slowest) (?:kilometre|km)\b")
_SPEED: Final = frozenset({"speed"})
_TIME: Final = frozenset({"time"})
WEEK_DAYS: Final = 7
_MONTHS: Final = frozenset({28.0, 30.0})
_SPANS: Final = frozenset(
    {"week", "weekly", "month", "block", "year", "season", "day", "now", "current", "yesterday", "total"}
)
_DAYS: Final = re.compile(r"\d+d")
_RANKS: Final = frozenset({"peak", "max", "high", "highest", "low", "lowest", "best", "record"})
_LASTING: Final = frozenset({"fitness", "fatigue", "form"})
"""What is so on a day, whatever built it up."""
_ONE_WEEK: Final = 7.0
_A_DAY: Final = 86_400.0


def _words(fact: Fact) -> set[str]:
    return set(fact.id.split("_")) | set(fact.label.lower().replace(",", " ").split())


def _statistic(fact: Fact) -> Statistic | None:
    words = _words(fact)
    return next((statistic for statistic, named in _STATISTICS.items() if words & named), None)


def role_of(fact: Fact) -> Role:
    """Return the role of a fact: by its id, if it is one of ours; labels say "usual" of other things, too."""
    told = set(fact.id.split("_"))
    if ENGLISH.facts.get(fact.id) == fact.label:
        if told & {*CHANGES, "gain"}:
            return "change"
        return "usual" if told & BASELINES and not _ON_A_DAY.search(fact.label) else "now"
    words = _words(fact)
    if (
        fact.direction is not None and not words & {"record", "best", "highest", "longest", "lowest"}
    ) or words & CHANGES:
        return "change"
    if told & EARLIER or words & (EARLIER - {"before"}) or A_WEEK.search(fact.label):
        return "usual"
    if _EARLIER_ON.search(fact.label) and not told & CHANGES:
        return "usual"
    return "usual" if f"{fact.label} ".find(" before ") > 0 else "now"


def _is_earlier(fact: Fact) -> bool:
    """Return whether a fact is how it was once: no average, whatever a text calls usual."""
    return "ago" in fact.id.split("_") or bool(
        _EARLIER_ON.search(fact.label) and not _words(fact) & AVERAGING
    )


def readings_of(fact: Fact, label: Label, everywhere: frozenset[str], month: float) -> Iterator[Reading]:
    """Return a fact in every unit in which it may be said."""
    base = _reading(fact, label, everywhere)
    if fact.unit.lower() in ("ratio", "fraction"):
        yield from _of_ratio(base)
    else:
        yield base
    if base.dimension == "time" and base.role == "now" and len(label.lengths) == 1 and base.values[0] > 0:
        yield from _at_what_pace(base, next(iter(label.lengths)))
    if base.dimension == "pace" and base.role == "now" and _ONE_KILOMETRE.search(fact.label):
        yield replace(base, dimension="time", concepts=_TIME, own=())  # "the last kilometre in 5:12"
    if base.dimension == "time" and base.role == "change" and _PACED.search(fact.label):
        # "lap time against the four weeks before": what took less time was faster
        yield replace(base, concepts=_SPEED, direction=TURNED.get(base.direction or "", base.direction))
    if base.dimension in ("speed", "pace") and fact.value > 0 and base.role != "change":
        other: Dimension = "pace" if base.dimension == "speed" else "speed"
        values = tuple(1000 / value for value in base.values if value)
        yield replace(base, dimension=other, values=values, own=())
    if base.dimension == "time" and "hours since the last" in fact.label:
        days = tuple(value / _A_DAY for value in base.values)
        yield replace(base, dimension="days", values=days, own=(), concepts=frozenset({"since_last"}))
    if "rest_day" in base.concepts and base.dimension == "days" and base.role in LEVELS:
        yield from _days_trained(base, month)


def _at_what_pace(time: Reading, way: float) -> Iterator[Reading]:
    """Return how fast a time over a distance is: "10 km in 45:00"."""
    pace = 1000 * time.values[0] / way
    shared = replace(time, concepts=frozenset({"speed"}), own=(), statistic=None)
    yield replace(shared, dimension="pace", values=(pace,), slack=0.5)
    yield replace(shared, dimension="speed", values=(1000 / pace,))


def _of_ratio(base: Reading) -> Iterator[Reading]:
    yield replace(base, dimension="times")
    hundredfold = tuple(100 * value for value in base.own)
    yield replace(base, dimension="percent", values=hundredfold, own=hundredfold)
    if base.role != "change" and base.own[0] > 1:
        above = (100 * (base.own[0] - 1),)
        yield replace(base, dimension="percent", values=above, own=above, role="change", direction="up")


def _reading(fact: Fact, label: Label, everywhere: frozenset[str]) -> Reading:
    dimension, factor = unit_of_fact(_unit(fact))
    shown = float(f"{fact.value:.{fact.decimals}f}")
    role = role_of(fact)
    concepts = label.concepts
    if dimension in _MEASURED and not (dimension == "time" and concepts & {"hrv"}):
        concepts |= {_MEASURED[dimension]}
    if dimension == "length" and not concepts & {"elevation", "descent"}:
        concepts |= {"distance"}
    if dimension == "beats" and "resting_heart_rate" not in concepts:
        concepts |= {"heart_rate"}
    direction = fact.direction
    if role == "change" and direction is None and fact.value:
        direction = "up" if fact.value > 0 else "down"
    if dimension == "time" and label.lengths and "best" in label.superlatives:
        concepts |= {"speed"}  # "best time over 10 km"
    if is_faster_when_lower(dimension, concepts) and direction in ("up", "down"):
        direction = "down" if direction == "up" else "up"  # kept as a direction of speed
    if role == "change" and "fitness" in concepts and label.days == {_ONE_WEEK}:
        concepts |= {"ramp"}
    base, stem = _stem(fact.id)
    return Reading(
        ids=(fact.id,),
        base=base,
        stem=stem,
        concepts=concepts,
        sports=label.own_sports | everywhere,
        role=role,
        dimension=dimension,
        values=(fact.value * factor, shown * factor),
        own=(fact.value, shown),
        direction=direction,
        against=label.against,
        days=frozenset() if role == "now" and concepts & _LASTING else label.days,
        statistic=_statistic(fact) if role == "now" else None,
        earlier=role == "usual" and _is_earlier(fact),
    )


def _unit(fact: Fact) -> str:
    """Return in what a fact is: "pace per 100 m" in seconds is one in seconds per 100 m."""
    per = _PER_WAY.search(fact.label)
    if per is None or unit_of_fact(fact.unit)[0] != "time":
        return fact.unit
    paced = f"{fact.unit}/{_WAYS[per[1].replace(' ', '')]}"
    return paced if unit_of_fact(paced)[0] == "pace" else fact.unit


def is_faster_when_lower(dimension: Dimension, concepts: frozenset[str]) -> bool:
    """Return whether it is a pace, or the time over a distance: less of it is more speed."""
    return dimension == "pace" or (dimension == "time" and "speed" in concepts)


def _stem(fact_id: str) -> tuple[str, str]:
    """Return what an id names without its role, "load_7d", and also without a span of time, "load"."""
    words = [word for word in fact_id.split("_") if word not in _ROLES]
    stem = [w for w in words if w not in _SPANS | _RANKS | AVERAGING and not _DAYS.fullmatch(w)]
    return "_".join(words), "_".join(stem)


def _days_trained(rested: Reading, month: float) -> Iterator[Reading]:
    """Return the days of training of a week, or of a month where a fact says how long it is."""
    whole = WEEK_DAYS if WEEK_DAYS in rested.days else month if rested.days & _MONTHS else 0
    if whole and 0 <= rested.values[0] <= whole:
        trained = (whole - rested.values[0],)
        yield replace(rested, concepts=frozenset({"training_day"}), values=trained, own=trained)
