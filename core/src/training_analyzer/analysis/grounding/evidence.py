"""What may be said: facts as readings of metrics, with what they imply exactly."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.implied import implied
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.reading import Sentence, read
from training_analyzer.analysis.grounding.sayable import AVERAGING, Reading, Role, Statistic
from training_analyzer.analysis.grounding.units import Dimension, unit_of_fact
from training_analyzer.domain.insight import Fact, FiredRule

QUALIFIERS: Final = frozenset({"easy", "moderate", "hard", "longest", "estimated"})
"""What narrows a metric down, wherever a label says it."""
CHANGES: Final = frozenset({"change", "delta", "ramp", "diff", "difference", "trend"})
MOST: Final = frozenset({"most", "hardest"})
NARROWING: Final = frozenset({"best", "lowest"})
"""Superlatives that say of which one of many a fact is: "pace of the slowest repeat"."""
_CAPACITY: Final = frozenset({"capacity"})
"""What an athlete can do at most, and not what was done."""
EARLIER: Final = AVERAGING - {"average", "averaged", "mean"} | {"before", "previous", "prior", "earlier"}

# Words of ids and labels that say which of many values a fact is.
_STATISTICS: Final[dict[Statistic, frozenset[str]]] = {
    "peak": frozenset({"maximum", "max", "highest", "peak", "best"}),
    "normalized": frozenset({"normalized", "normalised"}),
    "average": frozenset({"average", "averaged", "mean", "avg"}),
}
# What a metric also is: normalized power is a power.
KINDS: Final = {
    "average_power": frozenset({"power"}),
    "normalized_power": frozenset({"power"}),
    "best_power": frozenset({"power"}),
    "threshold_power": frozenset({"power", "threshold"}),
    "threshold_pace": frozenset({"speed", "threshold"}),
    "threshold_heart_rate": frozenset({"heart_rate", "threshold"}),
    "max_heart_rate": frozenset({"heart_rate"}),
    "ramp": frozenset({"fitness"}),
}
# What a fact's unit says that it measures, where its words do not.
_MEASURED: Final = {"time": "time", "speed": "speed", "pace": "speed", "power": "power"}
_ONE_ACTIVITY: Final = re.compile(
    r"\bof the (?:ride|run|swim|row|walk|hike|session|activity)(?=$|,|'| against)"
)
_SINCE_REST: Final = re.compile(r"\bsince (?:the|a|your) last (?:rest day|day off|day of rest)")
_EARLIER_ON: Final = re.compile(r"(?<!the )\blast (?:week|month|year|season)\b|\bago$|\bat the start\b")
_ALWAYS: Final = frozenset({7.0, 28.0})
"""The windows that every insight may speak of: a week, and the four weeks that it is compared with."""

_NONE: Final = frozenset[str]()
WEEK_DAYS: Final = 7
_MONTHS: Final = frozenset({28.0, 30.0})
_LASTING: Final = frozenset({"fitness", "fatigue", "form"})
"""What is so on a day, whatever built it up."""
_ONE_WEEK: Final = 7.0
SHARED: Final = 0.3
"""From this share of the facts on, what they name is what the insight is about."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a fact's id and label say."""

    concepts: frozenset[str]
    sports: frozenset[str]
    superlatives: frozenset[str]
    things: frozenset[str]
    days: frozenset[float]
    seconds: frozenset[float]
    numbers: frozenset[float]
    counts: frozenset[tuple[float, str]]
    lengths: frozenset[float]
    words: frozenset[str]
    one_activity: bool
    own: frozenset[str]
    """What narrows the fact down: things and superlatives that its label names before a comma."""
    zones: frozenset[int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a text is held against. Made once for a context."""

    facts: dict[str, Fact]
    readings: tuple[Reading, ...]
    concepts: frozenset[str]
    sports: frozenset[str]
    things: frozenset[str]
    superlatives: frozenset[str]
    days: frozenset[float]
    seconds: frozenset[float]
    counts: frozenset[tuple[float, str]]
    """Counts that labels state, and of what."""
    lengths: frozenset[float]
    """Distances that labels state: "over 10 km"."""
    spans: frozenset[float]
    """Numbers without a unit in labels: "of the last eight"."""
    zones: frozenset[int]
    numbers: frozenset[float]
    """That rules state in their texts."""
    words: frozenset[str]
    superlatives_of: dict[str, frozenset[str]] = field(default_factory=dict)
    by_dimension: dict[Dimension, tuple[Reading, ...]] = field(default_factory=dict)
    by_id: dict[str, Reading] = field(default_factory=dict)

    def of(self, concepts: frozenset[str]) -> Iterator[Reading]:
        return (reading for reading in self.readings if reading.concepts & concepts)


def evidence(
    facts: Sequence[Fact], rules: Sequence[FiredRule] = (), question: str = "", language: str = "en"
) -> Evidence:
    """
    Return what may be said from these facts and rules, whose texts are in English.

    What a question names may be named, too; its numbers are not facts.
    """
    return _evidence(tuple(facts), tuple(f"{rule.text} {rule.advice}" for rule in rules), question, language)


@lru_cache(maxsize=64)
def _evidence(facts: tuple[Fact, ...], told: tuple[str, ...], question: str, language: str) -> Evidence:
    labels = {fact.id: label_of(fact.id, fact.label) for fact in facts}
    everywhere = frozenset[str]()
    if any(label.one_activity for label in labels.values()):
        everywhere = frozenset().union(*(label.sports for label in labels.values()))
    named = frozenset[str]().union(*(label.sports for label in labels.values()))
    if len(named) == 1:
        everywhere = named
    month = max(_lengths_of_periods(facts, labels), default=0.0)
    shared = _shared([label.own | label.concepts & QUALIFIERS for label in labels.values()])
    readings = [
        replace(
            reading,
            concepts=reading.concepts - shared,
            things=labels[fact.id].own - shared,
            zones=labels[fact.id].zones,
        )
        for fact in facts
        for reading in _readings(fact, labels[fact.id], everywhere, month)
    ]
    readings += list(implied(tuple(readings)))
    rules = [label_of("", text) for text in told]
    says = [*labels.values(), *rules]
    asked = read(question, lexicon(language))
    return Evidence(
        facts={fact.id: fact for fact in facts},
        readings=tuple(readings),
        concepts=frozenset().union(*(label.concepts for label in says), *(r.concepts for r in readings)),
        sports=_named(asked, "sport").union(*(label.sports for label in says)),
        things=(_results(labels.values()) | _named(asked, "thing") | _named(asked, "metric")).union(
            *(label.things for label in says)
        ),
        superlatives=frozenset().union(*(label.superlatives for label in labels.values())),
        days=_ALWAYS.union(*(label.days for label in says), _lengths_of_periods(facts, labels)),
        seconds=frozenset().union(*(label.seconds for label in says)),
        numbers=frozenset().union(*(label.numbers for label in rules)),
        counts=frozenset().union(*(label.counts for label in says)),
        lengths=frozenset().union(*(label.lengths for label in says)),
        spans=frozenset().union(*(label.numbers for label in labels.values())),
        zones=frozenset().union(*(label.zones for label in says)),
        words=frozenset(token.word for s in asked for token in s.tokens).union(
            *(label.words for label in says)
        ),
        superlatives_of={fact_id: label.superlatives for fact_id, label in labels.items()},
        by_dimension={
            dimension: tuple(reading for reading in readings if reading.dimension == dimension)
            for dimension in {reading.dimension for reading in readings}
        },
        by_id={reading.ids[0]: reading for reading in reversed(readings) if not reading.derived},
    )


def _results(labels: Iterable[Label]) -> frozenset[str]:
    """A best time is what a "personal best" is, too."""
    best = any({"personal", "best"} <= label.words or {"best", "time"} <= label.words for label in labels)
    return frozenset({"result"}) if best else frozenset()


def _shared(things: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return what so many facts are of that it tells none from the others: all of a time trial."""
    named = Counter(thing for own in things for thing in own)
    return frozenset(thing for thing, times in named.items() if times > SHARED * len(things))


@lru_cache(maxsize=4096)
def label_of(fact_id: str, label: str) -> Label:
    """Return what an id and a label name. They are English, whatever language is written."""
    words = lexicon("en")
    label = label.replace("'s ", " ")
    from_id = read(fact_id.replace("_", " "), words)
    from_label = read(label, words)
    narrowing = read(label.partition(",")[0].partition(" against ")[0], words)
    both = [*from_id, *from_label]
    concepts = _named(from_id, "metric") or _named(from_label, "metric")
    concepts |= _named(from_label, "metric") & QUALIFIERS
    if {"share", "ratio"} & (concepts | _named(from_label, "metric")):
        concepts |= _named(from_label, "metric")
    if _SINCE_REST.search(label):
        concepts = frozenset({"since_rest"})
    concepts |= {named for named in _named(from_label, "metric") if KINDS.get(named, _NONE) & concepts}
    concepts = concepts.union(*(KINDS[concept] for concept in concepts if concept in KINDS))
    quantities = [
        (quantity, m) for sentence in both for quantity in sentence.quantities for m in quantity.meanings
    ]
    periods = {float(days) for days in _named(both, "period")}
    return Label(
        concepts=concepts,
        sports=_named(both, "sport"),
        superlatives=_superlatives(both),
        things=_named(both, "thing"),
        days=frozenset(
            periods | {m.value for _, m in quantities if m.dimension == "days"} | _compact(fact_id, "d")
        ),
        seconds=frozenset({m.value for _, m in quantities if m.dimension == "time"}),
        lengths=frozenset({m.value for _, m in quantities if m.dimension == "length"}),
        numbers=frozenset(m.value for _, m in quantities).union(
            q.upper for q, _ in quantities if q.upper is not None
        ),
        counts=frozenset(_counts(from_label)),
        words=frozenset(token.word for sentence in both for token in sentence.tokens),
        one_activity=_ONE_ACTIVITY.search(label) is not None,
        own=(_CAPACITY if "of the athlete" in label else frozenset())
        | _named(narrowing, "thing")
        | concepts & {"intervals"}
        | _named(narrowing, "superlative") & NARROWING,
        zones=frozenset(zone for sentence in from_label for _, zones in sentence.zones for zone in zones),
    )


def _lengths_of_periods(facts: Sequence[Fact], labels: Mapping[str, Label]) -> frozenset[float]:
    """Return how long a month is, where a fact says it."""
    return frozenset(
        fact.value
        for fact in facts
        if not labels[fact.id].concepts and unit_of_fact(fact.unit)[0] == "days" and fact.direction is None
    )


def _compact(fact_id: str, letter: str) -> set[float]:
    """Days in an id: `load_7d`."""
    return {float(part[:-1]) for part in fact_id.split("_") if part[-1:] == letter and part[:-1].isdigit()}


def _named(sentences: Iterable[Sentence], section: str) -> frozenset[str]:
    return frozenset().union(*(mention.keys(section) for s in sentences for mention in s.mentions))


def _counts(sentences: Iterable[Sentence]) -> Iterator[tuple[float, str]]:
    for sentence in sentences:
        for quantity in sentence.quantities:
            counted = next((m for m in sentence.mentions if m.at == quantity.end), None)
            if counted and quantity.dimension is None and quantity.meanings:
                yield from ((quantity.meanings[0].value, metric) for metric in counted.keys("metric"))


def _superlatives(sentences: Sequence[Sentence]) -> frozenset[str]:
    """Return the superlatives of a label, also where they are part of a metric's name ("best power")."""
    words = lexicon("en")
    tags = (
        tag
        for s in sentences
        for at in range(len(s.tokens))
        for tag in words.match(s.tokens[at : at + 1], 0)[1]
    )
    found = frozenset(tag.removeprefix("superlative:") for tag in tags if tag.startswith("superlative:"))
    if any(token.word in MOST for s in sentences for token in s.tokens):
        found |= {"highest"}
    return found | {"best", "highest"} if "record" in found else found


def _words(fact: Fact) -> set[str]:
    return set(fact.id.split("_")) | set(fact.label.lower().replace(",", " ").split())


def _statistic(fact: Fact) -> Statistic | None:
    words = _words(fact)
    return next((statistic for statistic, named in _STATISTICS.items() if words & named), None)


def _role(fact: Fact) -> Role:
    words = _words(fact)
    if (fact.direction is not None and not words & {"record", "best", "highest"}) or words & CHANGES:
        return "change"
    told = set(fact.id.split("_"))
    if told & EARLIER or words & (EARLIER - {"before"}) or "average weekly" in fact.label:
        return "usual"
    if _EARLIER_ON.search(fact.label) and not told & CHANGES:
        return "usual"
    return "usual" if f"{fact.label} ".find(" before ") > 0 else "now"


def _readings(fact: Fact, label: Label, everywhere: frozenset[str], month: float) -> Iterator[Reading]:
    """Return a fact in every unit in which it may be said."""
    base = _reading(fact, label, everywhere)
    if fact.unit.lower() in ("ratio", "fraction"):
        yield from _of_ratio(base)
    else:
        yield base
    if base.dimension in ("speed", "pace") and fact.value > 0 and base.role != "change":
        other: Dimension = "pace" if base.dimension == "speed" else "speed"
        values = tuple(1000 / value for value in base.values if value)
        yield replace(base, dimension=other, values=values, own=())
    if "rest_day" in base.concepts and base.dimension == "days" and base.role == "now":
        yield from _days_trained(base, month)


def _of_ratio(base: Reading) -> Iterator[Reading]:
    yield replace(base, dimension="times")
    hundredfold = tuple(100 * value for value in base.own)
    yield replace(base, dimension="percent", values=hundredfold, own=hundredfold)
    if base.role != "change" and base.own[0] > 1:
        above = (100 * (base.own[0] - 1),)
        yield replace(base, dimension="percent", values=above, own=above, role="change", direction="up")


def _reading(fact: Fact, label: Label, everywhere: frozenset[str]) -> Reading:
    dimension, factor = unit_of_fact(fact.unit)
    shown = float(f"{fact.value:.{fact.decimals}f}")
    role = _role(fact)
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
    if dimension == "pace" and direction in ("up", "down"):
        direction = "down" if direction == "up" else "up"  # kept as a direction of speed
    if role == "change" and "fitness" in concepts and label.days == {_ONE_WEEK}:
        concepts |= {"ramp"}
    return Reading(
        ids=(fact.id,),
        concepts=concepts,
        sports=label.sports | everywhere,
        role=role,
        dimension=dimension,
        values=(fact.value * factor, shown * factor),
        own=(fact.value, shown),
        direction=direction,
        days=frozenset() if role == "now" and concepts & _LASTING else label.days,
        statistic=_statistic(fact) if role == "now" else None,
    )


def _days_trained(rested: Reading, month: float) -> Iterator[Reading]:
    """Return the days of training of a week, or of a month where a fact says how long it is."""
    whole = WEEK_DAYS if WEEK_DAYS in rested.days else month if rested.days & _MONTHS else 0
    if 0 <= rested.values[0] <= whole:
        trained = (whole - rested.values[0],)
        yield replace(rested, concepts=frozenset({"training_day"}), values=trained, own=trained)
