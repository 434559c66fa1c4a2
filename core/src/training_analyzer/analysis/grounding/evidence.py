"""What may be said: facts as readings of metrics, with what they imply exactly."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.contradicted import contradicted
from training_analyzer.analysis.grounding.implied import implied, leaning
from training_analyzer.analysis.grounding.inherited import inherited
from training_analyzer.analysis.grounding.labels import QUALIFIERS, Label, label_of, limits_of, named
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.quoting import Quotes
from training_analyzer.analysis.grounding.ranges import ends_of_ranges, sides_of_ranges
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.readings import readings_of, role_of
from training_analyzer.analysis.grounding.rules_told import Told, told_by_rule
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.units import Dimension, unit_of_fact
from training_analyzer.domain.insight import Fact, FiredRule, Stance
from training_analyzer.domain.sport import Sport

_ALWAYS: Final = frozenset({7.0, 28.0})
"""The windows that every insight may speak of: a week, and the four weeks that it is compared with."""
SHARED: Final = 0.4
"""From this share of the facts on, what they name is what the insight is about."""


@dataclass(frozen=True, slots=True)
class ByValue:
    """Readings in the order of their values."""

    values: tuple[float, ...]
    readings: tuple[tuple[Reading, float], ...]
    """With the value that each of them has there, which may be below zero."""
    slack: float

    def within(self, value: float, reach: float) -> tuple[tuple[Reading, float], ...]:
        reach += self.slack
        return self.readings[
            bisect_left(self.values, value - reach) : bisect_right(self.values, value + reach)
        ]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a text is held against. Made once for a context."""

    facts: dict[str, Fact]
    labels: dict[str, Label]
    """What their labels say."""
    readings: tuple[Reading, ...]
    concepts: frozenset[str]
    sports: frozenset[str]
    things: frozenset[str]
    names: frozenset[str]
    """All metrics, sports and things that they name."""
    efforts: frozenset[str]
    superlatives: frozenset[str]
    days: frozenset[float]
    seconds: frozenset[float]
    counts: frozenset[tuple[float, str]]
    """Counts that labels state, and of what."""
    lengths: frozenset[float]
    """Distances that labels state: "over 10 km"."""
    limits: frozenset[float]
    """Those that only labels of counts state: "runs of more than 25 km"."""
    spans: frozenset[float]
    """Numbers without a unit in labels: "of the last eight"."""
    zones: frozenset[int]
    told: frozenset[Told]
    """Numbers that rules state in their texts."""
    words: frozenset[str]
    activity: frozenset[str]
    """What the one activity is called, if they are of one: it need not be said again."""
    quotes: Quotes
    contradicted: frozenset[str]
    """What somebody could claim of them that is false: `contradicted`."""
    sports_of: dict[str, frozenset[str]] = field(default_factory=dict)
    """All that the label of a fact names, also behind a comma: "the longest session, a hike"."""
    superlatives_of: dict[str, frozenset[str]] = field(default_factory=dict)
    by_dimension: dict[Dimension, tuple[Reading, ...]] = field(default_factory=dict)
    without_unit: tuple[Reading, ...] = ()
    """What may be said without its unit; of percentages, shares alone."""
    levels: tuple[Reading, ...] = ()
    """How something is or usually is, also what that comes to per week or session."""
    by_id: dict[str, Reading] = field(default_factory=dict)
    unchanged: tuple[Reading, ...] = ()
    """Facts that say that something has not changed."""
    ends: tuple[tuple[Reading, Reading], ...] = ()
    """The facts of a first and of a last one, whose labels say the same besides."""
    ends_of_ranges: frozenset[str] = frozenset()
    in_ranges: tuple[tuple[Reading, int], ...] = ()
    """What has a usual range, and whether it is below (-1), within, or above."""
    by_value: dict[tuple[Dimension | None, str | None], ByValue] = field(default_factory=dict)
    by_concepts: dict[frozenset[str], tuple[Reading, ...]] = field(default_factory=dict)
    """Both are filled as they are asked for."""

    def of(self, concepts: frozenset[str]) -> tuple[Reading, ...]:
        """Return the readings of any of these metrics."""
        found = self.by_concepts.get(concepts)
        if found is None:
            found = tuple(reading for reading in self.readings if reading.concepts & concepts)
            self.by_concepts[concepts] = found
        return found

    def label_of(self, reading: Reading) -> Label:
        """Return what the label of a fact says, of several that of the first."""
        return self.labels[reading.ids[0]]


def evidence(
    facts: Sequence[Fact],
    rules: Sequence[FiredRule] = (),
    question: str = "",
    language: str = "en",
    sport: Sport | None = None,
    *,
    eased: bool = False,
) -> Evidence:
    """
    Return what may be said from these facts and rules, whose texts are in English.

    What a question names may be named, too; its numbers are not facts. `sport`: of all sessions.
    `eased`: the day tells to ease off, if no rule of these does.
    """
    told = tuple(f"{rule.text} {rule.advice}" for rule in rules)
    eased = eased or any(rule.stance is Stance.EASE for rule in rules)
    return _evidence(tuple(facts), told, question, language, sport, eased=eased)


@lru_cache(maxsize=64)
def _evidence(
    facts: tuple[Fact, ...],
    told: tuple[str, ...],
    question: str,
    language: str,
    sport: Sport | None,
    *,
    eased: bool,
) -> Evidence:
    labels = {fact.id: label_of(fact.id, fact.label) for fact in facts}
    of_all = named(read(sport.replace("_", " "), lexicon("en")), "sport") if sport else frozenset[str]()
    stated = list(_stated(facts, labels, of_all or _sport_of_all(labels.values())))
    readings = list(inherited(stated))
    of_ranges = ends_of_ranges(facts)
    compared = tuple(reading for reading in readings if reading.ids[0] not in of_ranges)
    readings = list(leaning([*readings, *implied(compared)]))
    by_id = {reading.ids[0]: reading for reading in reversed(readings) if not reading.derived}
    rules = [label_of("", text) for text in told]
    says = [*labels.values(), *rules]
    asked = read(question, lexicon(language))
    concepts = frozenset[str]().union(*(label.concepts for label in says), *(r.concepts for r in readings))
    sports = of_all | named(asked, "sport").union(*(label.sports for label in says))
    things = (_results(labels.values()) | named(asked, "thing") | named(asked, "metric")).union(
        *(label.things for label in says)
    )
    return Evidence(
        facts={fact.id: fact for fact in facts},
        labels=labels,
        readings=tuple(readings),
        concepts=concepts,
        sports=sports,
        things=things,
        names=concepts | sports | things,
        efforts=(named(asked, "effort") | named(asked, "variety")).union(*(label.efforts for label in says)),
        superlatives=frozenset().union(*(label.superlatives for label in labels.values())),
        days=_ALWAYS.union(*(label.days for label in says), _lengths_of_periods(facts, labels)),
        seconds=frozenset().union(*(label.seconds for label in says)),
        told=frozenset(number for text in told for number in told_by_rule(text, facts, labels)),
        counts=frozenset().union(*(label.counts for label in says)),
        lengths=frozenset().union(*(label.lengths for label in says)),
        limits=limits_of(facts, labels),
        spans=frozenset().union(*(label.numbers for label in labels.values())),
        zones=frozenset().union(*(label.zones for label in says)),
        words=frozenset(token.word for s in asked for token in s.tokens).union(
            *(label.words for label in says)
        ),
        activity=frozenset().union(*(label.activity for label in labels.values())),
        quotes=Quotes.of(facts),
        contradicted=contradicted({fact.id: fact for fact in facts}, eased=eased),
        sports_of={fact_id: label.sports for fact_id, label in labels.items()},
        superlatives_of={fact_id: label.superlatives for fact_id, label in labels.items()},
        by_dimension={
            dimension: tuple(reading for reading in readings if reading.dimension == dimension)
            for dimension in {reading.dimension for reading in readings}
        },
        without_unit=tuple(
            reading
            for reading in readings
            if reading.own and (reading.dimension != "percent" or "share" in reading.concepts)
        ),
        levels=tuple(
            reading
            for reading in readings
            if reading.role in LEVELS and reading.values and (not reading.derived or reading.per)
        ),
        by_id=by_id,
        unchanged=tuple(r for r in by_id.values() if r.role == "change" and r.direction == "flat"),
        ends=tuple(_ends(facts, by_id)),
        ends_of_ranges=of_ranges,
        in_ranges=tuple(sides_of_ranges(by_id, of_ranges)),
    )


def _sport_of_all(labels: Collection[Label]) -> frozenset[str]:
    """Return the sport of facts that are all of one sport or activity; empty where they are of several."""
    sports = frozenset[str]().union(*(label.sports for label in labels if "share" not in label.concepts))
    if len(sports) == 1:
        return sports
    activities = {label.own_sports for label in labels if label.one_activity and label.own_sports}
    others = {label.own_sports for label in labels if label.own_sports} - activities
    if others or len(activities) > 1 or not any(label.one_activity for label in labels):
        return frozenset()
    return frozenset().union(*(label.sports for label in labels))


def _stated(
    facts: Sequence[Fact], labels: Mapping[str, Label], everywhere: frozenset[str]
) -> Iterator[Reading]:
    """Return what the facts say themselves: none of it names what all of them share."""
    month = max(_lengths_of_periods(facts, labels), default=0.0)
    shared = _shared([label.own | label.concepts & QUALIFIERS for label in labels.values()])
    shared -= _telling(shared, [(labels[fact.id], fact) for fact in facts])
    for fact in facts:
        label = labels[fact.id]
        for reading in readings_of(fact, label, everywhere, month):
            yield replace(
                reading,
                concepts=reading.concepts - shared or reading.concepts,
                things=label.own - shared,
                zones=label.zones,
            )


def _ends(facts: Sequence[Fact], by_id: Mapping[str, Reading]) -> Iterator[tuple[Reading, Reading]]:
    ids = {fact.label: fact.id for fact in facts}
    for fact in facts:
        last = ids.get(fact.label.replace("first", "last"), fact.id)
        if last != fact.id:
            yield by_id[fact.id], by_id[last]


def _results(labels: Iterable[Label]) -> frozenset[str]:
    """A best time is what a "personal best" is, too."""
    best = any({"personal", "best"} <= label.words or {"best", "time"} <= label.words for label in labels)
    return frozenset({"result"}) if best else frozenset()


def _shared(things: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return what so many facts are of that it tells none from the others: all of a time trial."""
    named = Counter(thing for own in things for thing in own)
    many = max(SHARED * len(things), min(1, len(things) - 1))  # one of two is told from the other
    return frozenset(thing for thing, times in named.items() if times > many)


def _telling(shared: frozenset[str], labelled: Sequence[tuple[Label, Fact]]) -> frozenset[str]:
    """Return what tells two facts apart all the same: the pulse of the intervals, and that of the run."""
    measured = {
        (label.concepts - shared, label.own_sports, fact.unit, role_of(fact), label.own & shared)
        for label, fact in labelled
    }
    alone = {key[:-1] for key in measured if not key[-1]}
    return frozenset[str]().union(*(key[-1] for key in measured if key[-1] and key[:-1] in alone))


def _lengths_of_periods(facts: Sequence[Fact], labels: Mapping[str, Label]) -> frozenset[float]:
    """Return how long a month is, where a fact says it."""
    return frozenset(
        fact.value
        for fact in facts
        if not labels[fact.id].concepts and unit_of_fact(fact.unit)[0] == "days" and fact.direction is None
    )
