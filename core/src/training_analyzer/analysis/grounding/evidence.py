"""What may be said: facts as readings of metrics, with what they imply exactly."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Final, Literal

from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.reading import Sentence, read
from training_analyzer.analysis.grounding.units import Dimension, unit_of_fact
from training_analyzer.domain.insight import Fact, FiredRule

Direction = Literal["up", "down", "flat"]
Role = Literal["now", "usual", "change", "part"]
"""Part: what one number is of another, as a percentage or a multiple."""

QUALIFIERS: Final = frozenset({"easy", "hard", "longest", "estimated"})
"""What narrows a metric down, wherever a label says it."""
CHANGES: Final = frozenset({"change", "delta", "ramp", "diff", "difference", "trend"})
AVERAGING: Final = frozenset(
    {"usual", "usually", "average", "averaged", "typical", "normal", "baseline", "mean", "norm"}
)
EARLIER: Final = AVERAGING - {"average", "averaged", "mean"} | {"before", "previous", "prior", "earlier"}

# What a metric also is: normalized power is a power.
_KINDS: Final = {
    "average_power": "power",
    "normalized_power": "power",
    "best_power": "power",
    "threshold_power": "power",
    "threshold_pace": "speed",
}
# What a fact's unit says that it measures, where its words do not.
_MEASURED: Final = {"time": "time", "speed": "speed", "pace": "speed", "power": "power"}
_ONE_ACTIVITY: Final = re.compile(r"\bof the (?:ride|run|swim|row|walk|hike|session|activity)\b")
_ALWAYS: Final = frozenset({7.0, 28.0})
"""The windows that every insight may speak of: a week, and the four weeks that it is compared with."""

WEEK_DAYS: Final = 7
SMALL_POINTS: Final = 20.0
"""Below it, a change is judged by its points: a percentage of little means little."""
FLAT_PERCENT: Final = 3.0
FLAT_POINTS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that may be said, of what it may be said, and in which role."""

    ids: tuple[str, ...]
    concepts: frozenset[str]
    sports: frozenset[str]
    role: Role
    dimension: Dimension
    values: tuple[float, ...]
    """In the unit of the dimension: as it is, and as it is shown."""
    own: tuple[float, ...]
    """In the fact's own unit, for numbers without one."""
    slack: float = 0.0
    """What rounding before a calculation may have changed."""
    direction: Direction | None = None
    days: frozenset[float] = frozenset()

    @property
    def derived(self) -> bool:
        return len(self.ids) > 1


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
    words: frozenset[str]
    one_activity: bool


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
    readings = [reading for fact in facts for reading in _readings(fact, labels[fact.id], everywhere)]
    readings += _implied(readings)
    rules = [label_of("", text) for text in told]
    says = [*labels.values(), *rules]
    asked = read(question, lexicon(language))
    return Evidence(
        facts={fact.id: fact for fact in facts},
        readings=tuple(readings),
        concepts=frozenset().union(*(label.concepts for label in says), *(r.concepts for r in readings)),
        sports=_named(asked, "sport").union(*(label.sports for label in says)),
        things=(_named(asked, "thing") | _named(asked, "metric")).union(*(label.things for label in says)),
        superlatives=frozenset().union(*(label.superlatives for label in labels.values())),
        days=_ALWAYS.union(*(label.days for label in says)),
        seconds=frozenset().union(*(label.seconds for label in says)),
        numbers=frozenset().union(*(label.numbers for label in rules)),
        counts=frozenset().union(*(label.counts for label in says)),
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


@lru_cache(maxsize=4096)
def label_of(fact_id: str, label: str) -> Label:
    """Return what an id and a label name. They are English, whatever language is written."""
    words = lexicon("en")
    from_id = read(fact_id.replace("_", " "), words)
    from_label = read(label, words)
    both = [*from_id, *from_label]
    concepts = _named(from_id, "metric") or _named(from_label, "metric")
    concepts |= _named(from_label, "metric") & QUALIFIERS
    if {"share", "ratio"} & (concepts | _named(from_label, "metric")):
        concepts |= _named(from_label, "metric")
    concepts |= {_KINDS[concept] for concept in concepts if concept in _KINDS}
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
        numbers=frozenset(m.value for _, m in quantities).union(
            q.upper for q, _ in quantities if q.upper is not None
        ),
        counts=frozenset(_counts(from_label)),
        words=frozenset(token.word for sentence in both for token in sentence.tokens),
        one_activity=_ONE_ACTIVITY.search(label) is not None,
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


def _superlatives(sentences: Iterable[Sentence]) -> frozenset[str]:
    """Return the superlatives of a label, also where they are part of a metric's name ("best power")."""
    words = lexicon("en")
    tags = (
        tag
        for s in sentences
        for at in range(len(s.tokens))
        for tag in words.match(s.tokens[at : at + 1], 0)[1]
    )
    return frozenset(tag.removeprefix("superlative:") for tag in tags if tag.startswith("superlative:"))


def _role(fact: Fact) -> Role:
    words = set(fact.id.split("_")) | set(fact.label.lower().replace(",", " ").split())
    if (fact.direction is not None and not words & {"record", "best", "highest"}) or words & CHANGES:
        return "change"
    told = set(fact.id.split("_"))
    if told & EARLIER or words & (EARLIER - {"before"}) or "average weekly" in fact.label:
        return "usual"
    return "usual" if f"{fact.label} ".find(" before ") > 0 else "now"


def _readings(fact: Fact, label: Label, everywhere: frozenset[str]) -> Iterator[Reading]:
    dimension, factor = unit_of_fact(fact.unit)
    ratio = fact.unit.lower() in ("ratio", "fraction")
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
    base = Reading(
        ids=(fact.id,),
        concepts=concepts,
        sports=label.sports | everywhere,
        role=role,
        dimension=dimension,
        values=(fact.value * factor, shown * factor),
        own=(fact.value, shown),
        direction=direction,
        days=label.days,
    )
    if ratio:
        yield replace(base, dimension="times")
        hundredfold = (100 * fact.value, 100 * shown)
        yield replace(base, dimension="percent", values=hundredfold, own=hundredfold)
        if role != "change" and fact.value > 1:
            above = (100 * (fact.value - 1),)
            yield replace(base, dimension="percent", values=above, own=above, role="change", direction="up")
    else:
        yield base
    if dimension in ("speed", "pace") and fact.value > 0 and role != "change":
        other: Dimension = "pace" if dimension == "speed" else "speed"
        values = tuple(1000 / value for value in base.values if value)
        yield replace(base, dimension=other, values=values, own=())
    if (
        "rest_day" in concepts
        and dimension == "days"
        and 0 <= fact.value <= WEEK_DAYS
        and role == "now"
        and WEEK_DAYS in label.days
    ):
        trained = (WEEK_DAYS - fact.value,)
        yield replace(base, concepts=frozenset({"training_day"}), values=trained, own=trained)


def _implied(readings: Sequence[Reading]) -> Iterator[Reading]:
    """What two readings of one metric imply exactly: their difference, and the one as a part of the other."""
    now = [reading for reading in readings if reading.role == "now" and reading.values]
    usual = [reading for reading in readings if reading.role == "usual" and reading.values]
    for one, other in product(now, usual):
        if _comparable(one, other):
            yield from _compared(one, other)
    changes = [r for r in readings if r.role == "change" and r.dimension == "number" and r.direction]
    for one, change in product(now, changes):
        if one.dimension == "number" and one.concepts == change.concepts and one.sports == change.sports:
            step = abs(change.values[0]) * (-1 if change.direction == "down" else 1)
            before = (one.values[0] - step,)
            yield replace(
                one,
                ids=(*one.ids, *change.ids),
                role="usual",
                values=before,
                own=before,
                slack=1.0,
                days=change.days,
            )
    yield from _per_weight(now)
    yield from _between_metrics(now)


def _comparable(one: Reading, other: Reading) -> bool:
    if one.dimension != other.dimension or one.sports != other.sports or one.concepts != other.concepts:
        return False
    averaged = any(set(part.split("_")) & (AVERAGING | {"28d", "60d", "90d"}) for part in other.ids)
    return (
        averaged
        or "longest" in one.concepts
        or (bool(one.days & other.days) and one.days >= other.days - {28.0})
    )


def _compared(one: Reading, other: Reading) -> Iterator[Reading]:
    now, usual = one.values[0], other.values[0]
    both = (*one.ids, *other.ids)
    difference = now - usual
    differences = tuple(abs(a - b) for a, b in zip(one.values, other.values, strict=False))
    unit = (one.own[0] / now) if one.own and now else 1.0
    percent = 100 * difference / abs(usual) if usual else 0.0
    small = (
        abs(percent) < FLAT_PERCENT
        if one.dimension != "number" or abs(usual) > SMALL_POINTS
        else abs(difference) < FLAT_POINTS
    )
    direction: Direction = "flat" if small else "up" if difference > 0 else "down"
    if one.dimension == "pace" and not small:
        direction = "down" if direction == "up" else "up"
    shared = replace(one, ids=both, role="change", direction=direction, days=one.days | other.days)
    yield replace(shared, values=differences, own=tuple(value * abs(unit) for value in differences))
    if usual > 0 and now >= 0 and one.dimension != "percent":
        parts = tuple(100 * a / b for a, b in zip(one.values, other.values, strict=False) if b)
        changes = tuple(abs(part - 100) for part in parts)
        yield replace(shared, dimension="percent", values=changes, own=())
        yield replace(shared, role="part", dimension="percent", values=parts, own=())
        yield replace(shared, role="part", dimension="times", values=(now / usual,), own=(), slack=0.005)


def _per_weight(now: Sequence[Reading]) -> Iterator[Reading]:
    for power in now:
        for weight in now:
            if power.dimension == "power" and weight.dimension == "mass" and weight.values[0] > 0:
                value = (power.values[0] / weight.values[0],)
                yield replace(
                    power,
                    ids=(*power.ids, *weight.ids),
                    dimension="power per weight",
                    values=value,
                    own=value,
                )


def _between_metrics(now: Sequence[Reading]) -> Iterator[Reading]:
    """Fitness less fatigue may be said: the two are made to be compared."""
    fitness = next((r for r in now if r.concepts == {"fitness"}), None)
    fatigue = next((r for r in now if r.concepts == {"fatigue"}), None)
    if fitness and fatigue:
        gap = (abs(fitness.values[0] - fatigue.values[0]),)
        yield replace(
            fitness,
            ids=(*fitness.ids, *fatigue.ids),
            concepts=frozenset({"fitness", "fatigue"}),
            role="change",
            values=gap,
            own=gap,
            slack=1.0,
        )
