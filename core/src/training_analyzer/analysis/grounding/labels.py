"""What the id and the label of a fact say: metrics, sports, periods, and what narrows it down."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.sentences import Sentence
from training_analyzer.analysis.grounding.units import unit_of_fact
from training_analyzer.domain.insight import Fact

QUALIFIERS: Final = frozenset({"easy", "moderate", "hard", "longest", "estimated"})
"""What narrows a metric down, wherever a label says it."""
MOST: Final = frozenset({"most", "hardest"})
NARROWING: Final = frozenset({"best", "lowest"})
"""Superlatives that say of which one of many a fact is: "pace of the slowest repeat"."""
_OF_MANY: Final = frozenset({"intervals"})
"""Of what a fact is, and not what it measures."""
_CAPACITY: Final = frozenset({"capacity"})
"""What an athlete can do at most, and not what was done."""
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
_ONE_ACTIVITY: Final = re.compile(
    r"\bof the (?:(?!longest|usual|last|first|second|best|average)[a-z]+[- ](?:water )?)?"
    r"(?:ride|run|swim|row|walk|hike|session|activity)(?=$|,|'| against)"
)
_SINCE_REST: Final = re.compile(r"\bsince (?:the|a|your) last (?:rest day|day off|day of rest)")
_TRAINED_IN_ROW: Final = re.compile(r"\bin a row with training\b|\btraining days in a row\b")
_TRENDS: Final = ("weeks of rising ", "weeks of falling ")
_SPANS: Final = {"week": 7.0, "weeks": 7.0, "day": 1.0, "days": 1.0}
MARATHONS: Final = {"marathon": 42_195.0, "half marathon": 21_097.5}
"""Ways that are called by a name, in metres."""
_OVER_ONE: Final = re.compile(r"\bover a ((?:half )?marathon)\b")
_IN_APPOSITION: Final = re.compile(r", an? (?=[a-z-]+$)")
"""As in "Longest session of the week, a ride": not "per ride"."""
_HIGH_IS_GOOD: Final = frozenset({"fitness", "form"})
_NONE: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Label:
    """What a fact's id and label say."""

    concepts: frozenset[str]
    sports: frozenset[str]
    efforts: frozenset[str]
    """Kinds of intervals, waters and ways of skiing, of which each is known only where a fact says it."""
    superlatives: frozenset[str]
    things: frozenset[str]
    days: frozenset[float]
    seconds: frozenset[float]
    numbers: frozenset[float]
    counts: frozenset[tuple[float, str]]
    lengths: frozenset[float]
    words: frozenset[str]
    one_activity: bool
    activity: frozenset[str]
    """What its one activity is called: an open-water swim."""
    own: frozenset[str]
    """What narrows the fact down: things and superlatives that its label names before a comma."""
    zones: frozenset[int]
    against: frozenset[float]
    """With what span of time it is compared: 28 days, "against the four weeks before"."""
    own_sports: frozenset[str]
    """Of which the fact is: "the longest session, a hike" is of no sport."""

    @property
    def stretches(self) -> frozenset[float]:
        """How long the stretches are that it names, in metres or seconds."""
        return self.lengths | self.seconds


@lru_cache(maxsize=4096)
def label_of(fact_id: str, label: str) -> Label:
    """Return what an id and a label name. They are English, whatever language is written."""
    words = lexicon("en")
    label = _IN_APPOSITION.sub(", ", label.replace("'s ", " "))
    from_id = read(fact_id.replace("_", " "), words)
    from_label = read(label, words)
    narrowing = read(label.partition(",")[0].partition(":")[0].partition(" against ")[0], words)
    both = [*from_id, *from_label]
    concepts = _told_of_days(fact_id, label, _metrics(from_id, from_label))
    if _is_of_an_event(label, from_label):
        concepts |= {"race"}
    concepts |= {kind for kind in named(from_label, "metric") if KINDS.get(kind, _NONE) & concepts}
    concepts = concepts.union(*(KINDS[concept] for concept in concepts if concept in KINDS))
    quantities = [
        (quantity, m) for sentence in both for quantity in sentence.quantities for m in quantity.meanings
    ]
    periods = {float(days) for days in named(both, "period")} | set(_of_the_last(from_label))
    return Label(
        concepts=concepts,
        sports=named(both, "sport"),
        efforts=named(both, "effort") | named(both, "variety"),
        superlatives=_superlatives(both) | _best_of(concepts, _superlatives(both)),
        things=named(both, "thing"),
        days=frozenset(
            periods | {m.value for _, m in quantities if m.dimension == "days"} | _compact(fact_id, "d")
        ),
        seconds=frozenset({m.value for _, m in quantities if m.dimension == "time"}),
        lengths=frozenset({m.value for _, m in quantities if m.dimension == "length"}).union(
            MARATHONS[way] for way in _OVER_ONE.findall(label)
        ),
        numbers=frozenset(m.value for _, m in quantities).union(
            q.upper for q, _ in quantities if q.upper is not None
        ),
        counts=frozenset(_counts(from_label)),
        words=frozenset(token.word for sentence in both for token in sentence.tokens),
        activity=_of_the_activity(label),
        one_activity=_ONE_ACTIVITY.search(label) is not None,
        own=(_CAPACITY if "of the athlete" in label else frozenset())
        | named(narrowing, "thing")
        | concepts & {"intervals"}
        | named(narrowing, "superlative") & NARROWING,
        against=_days(read(label.partition(" against ")[2], words)),
        own_sports=named(from_id, "sport") | named(narrowing, "sport"),
        zones=frozenset(zone for sentence in from_label for _, zones in sentence.zones for zone in zones),
    )


def _metrics(from_id: Sequence[Sentence], from_label: Sequence[Sentence]) -> frozenset[str]:
    """Return the metrics of an id; those of its label, too, where the id says but little."""
    concepts, told = named(from_id, "metric"), named(from_label, "metric")
    if concepts <= _OF_MANY or {"share", "ratio"} & (concepts | told):
        concepts |= told  # "interval_rate", of which the label says that it is of strokes
    concepts |= told & QUALIFIERS
    if "longest" in concepts and "share" not in concepts:
        concepts -= {"session"}  # of which it is the longest
    return concepts


def _told_of_days(fact_id: str, label: str, concepts: frozenset[str]) -> frozenset[str]:
    """As in "Days in a row with training", "days since the last rest day": what is counted by days."""
    if _SINCE_REST.search(label):
        return frozenset({"since_rest"})
    if _TRAINED_IN_ROW.search(label):
        return frozenset({"streak", "since_rest"})
    if "_in_row" in fact_id or " in a row" in label or label.startswith(_TRENDS):
        concepts |= {"streak"}
    return concepts | {"since_last"} if "since the session before" in label else concepts


def _is_of_an_event(label: str, sentences: Sequence[Sentence]) -> bool:
    """As in "Ascent of the gran fondo", whatever the id says: it is of an event that is trained for."""
    if " of the " not in label or not sentences:
        return False
    last = sentences[-1].mentions[-1:]
    whole = bool(last) and last[0].end == len(sentences[-1].tokens)
    return whole and "metric:race" in last[0].tags and label.endswith(f"of the {last[0].text}")


def _of_the_activity(label: str) -> frozenset[str]:
    """As in "Pace of the open-water swim": what the one activity is."""
    activity = _ONE_ACTIVITY.search(label)
    return named(read(activity[0], lexicon("en")), "thing") if activity else _NONE


def _days(sentences: Sequence[Sentence]) -> frozenset[float]:
    spans = (m for s in sentences for q in s.quantities for m in q.meanings)
    return frozenset(m.value for m in spans if m.dimension == "days") | {
        float(d) for d in named(sentences, "period")
    }


def _of_the_last(sentences: Iterable[Sentence]) -> Iterator[float]:
    """As in "The hardest week of the last eight": eight weeks, though the label has no word behind eight."""
    for sentence in sentences:
        for quantity in sentence.quantities:
            last = sentence.has_before(quantity.at, "article:last")
            ahead = {token.word for token in sentence.tokens[: quantity.at]}
            if last and quantity.dimension is None and quantity.meanings and ahead & _SPANS.keys():
                yield max(_SPANS[word] for word in ahead & _SPANS.keys()) * quantity.meanings[0].value


def _compact(fact_id: str, letter: str) -> set[float]:
    """Days in an id: `load_7d`."""
    return {float(part[:-1]) for part in fact_id.split("_") if part[-1:] == letter and part[:-1].isdigit()}


def named(sentences: Iterable[Sentence], section: str) -> frozenset[str]:
    return frozenset().union(*(mention.keys(section) for s in sentences for mention in s.mentions))


def limits_of(facts: Iterable[Fact], labels: Mapping[str, Label]) -> frozenset[float]:
    """Return the distances that only labels of counts state: "runs of more than 25 km"."""
    counted, others = set[float](), set[float]()
    for fact in facts:
        (counted if unit_of_fact(fact.unit)[0] == "number" else others).update(labels[fact.id].lengths)
    return frozenset(counted - others)


def _counts(sentences: Iterable[Sentence]) -> Iterator[tuple[float, str]]:
    for sentence in sentences:
        for quantity in sentence.quantities:
            if quantity.dimension == "days" and "over" in quantity.hedges:
                yield quantity.meanings[0].value, "training_day"  # "with training on at least three days"
            counted = next((m for m in sentence.mentions if m.at == quantity.end), None)
            if counted and quantity.dimension is None and quantity.meanings:
                of = counted.keys("metric") | counted.keys("thing")
                yield from ((quantity.meanings[0].value, kind) for kind in of)


def _best_of(concepts: frozenset[str], superlatives: frozenset[str]) -> frozenset[str]:
    """As in "Fitness at its best": of fitness and form, the highest is."""
    return frozenset({"best"}) if concepts & _HIGH_IS_GOOD and "highest" in superlatives else _NONE


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
