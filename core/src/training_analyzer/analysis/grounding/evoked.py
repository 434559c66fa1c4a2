"""How clearly a stretch of a sentence means a fact: by its metric, thing, rank, sport and span."""

from typing import Final, NamedTuple

from training_analyzer.analysis.grounding.misfits.spans import overlap
from training_analyzer.analysis.grounding.naming import is_weak
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import AIMS, EVENTS

_NAMING: Final = ("metric", "thing", "superlative", "end", "statistic", "sport", "aim")
_ANY_EVENT: Final = EVENTS - AIMS
_PASSING: Final = _ANY_EVENT | {"session", "first", "last", "time", "distance", "result", "share"}
"""What may be named in passing, though no word of the fact says it."""
_EXTENTS: Final = frozenset({"time", "distance"})
"""Either may be meant by a word for both, and neither by the word for the other."""
_RANKS: Final = frozenset({"best", "record", "highest", "peak"})
"""What is the best of many, whatever it is called."""
_PARTS: Final = {"half1": "first", "third1": "first", "half2": "last", "third3": "last"}
_PLAIN: Final = frozenset({"session", "average", "time", "distance", "speed", "power", "heart_rate"})
"""What needs not be said of a fact for it to be meant."""


class Stretch(NamedTuple):
    """What a stretch of a sentence says."""

    names: tuple[frozenset[str], ...]
    """What each of its phrases may name."""
    spans: frozenset[float]
    usual: bool
    """It says that something was so, or is so as a rule."""
    habit: bool
    """It says that something is so as a rule, and not when it was."""
    last: bool = False
    """It speaks of the last one, which may be the one before."""

    lengths: frozenset[float] = frozenset()
    seconds: frozenset[float] = frozenset()

    def with_(self, other: "Stretch") -> "Stretch":
        return Stretch(
            names=self.names + other.names,
            spans=self.spans | other.spans,
            usual=self.usual or other.usual,
            habit=self.habit or other.habit,
            last=self.last or other.last,
            lengths=self.lengths | other.lengths,
            seconds=self.seconds | other.seconds,
        )

    @property
    def is_telling(self) -> bool:
        """It says more than that something is of this or that sport."""
        return self.usual or bool(self.names)

    @property
    def all(self) -> frozenset[str]:
        return frozenset[str]().union(*self.names)


def stretch(scene: Scene, start: int, end: int) -> Stretch:
    mentions = [m for m in scene.sentence.mentions if start <= m.at and m.end <= end]
    within = [q for q in scene.sentence.quantities if start <= q.at and q.end <= end and q.meanings]
    sizes = {
        dimension: frozenset(q.meanings[0].value for q in within if q.dimension == dimension)
        for dimension in ("days", "length", "time")
    }
    return Stretch(
        names=tuple(filter(None, (_names(m, scene) for m in mentions))),
        spans=sizes["days"].union(*({float(days) for days in m.keys("period")} for m in mentions)),
        lengths=sizes["length"],
        seconds=sizes["time"],
        usual=any("role:usual" in m.tags or m.keys("habit") or m.keys("past") for m in mentions),
        habit=any(m.keys("habit") and not m.keys("past") for m in mentions),
        last=any("end:last" in m.tags for m in mentions),
    )


def _names(mention: Mention, scene: Scene) -> frozenset[str]:
    if mention.keys("implied") and (ranks := scene.superlatives_of(mention)):
        return _folded(ranks)  # "la más lenta", which is the slowest, and not slower
    if is_weak(mention) or mention.keys("implied"):
        return frozenset()
    named = frozenset[str]().union(*(mention.keys(section) for section in _NAMING))
    if mention.keys("sport"):
        named -= {"session"}  # a run is a session, and six rides are no six runs
    averaged = mention.keys("habit") and "role:average" in mention.tags
    return _folded(named | {"average"} if averaged else named)


def _folded(names: frozenset[str]) -> frozenset[str]:
    if names & AIMS:
        names |= {"aim"}
    return names | {"best"} if names & _RANKS else names


def marks(reading: Reading, scene: Scene) -> frozenset[str]:
    """Return all by which a fact may be called."""
    own = scene.evidence.label_of(reading)
    named = reading.concepts | reading.things | reading.sports | own.concepts | own.things | own.superlatives
    end = {
        which
        for pair in scene.evidence.ends
        for which, one in zip(("first", "last"), pair, strict=True)
        if one.ids == reading.ids
    }
    end |= {_PARTS[part] for part in named & _PARTS.keys()}
    return _folded(named | end | ({reading.statistic} if reading.statistic else frozenset()))


def clarity(words: Stretch, reading: Reading, scene: Scene) -> int | None:
    """Return how many of the words mean a fact; None where one of them means another."""
    found, own = clarity_of(words, marks(reading, scene)), scene.evidence.label_of(reading)
    if found is None or (words.spans and not overlap(own.days, words.spans)):
        return None
    sized = not own.lengths.isdisjoint(words.lengths) or not own.seconds.isdisjoint(words.seconds)
    return found + sum(overlap(own.days, frozenset({span})) for span in words.spans) + sized


def clarity_of(words: Stretch, own: frozenset[str]) -> int | None:
    """Return how many of the words name one of these; None where one of them names another."""
    if any(names.isdisjoint(own) and not names <= _PASSING for names in words.names):
        return None
    extents = [extent for names in words.names if (extent := names & _EXTENTS)]
    if own & _EXTENTS and any(extent.isdisjoint(own) for extent in extents):
        return None
    return sum(not names.isdisjoint(own) for names in words.names)


def part_of(scene: Scene, at: int) -> Stretch:
    """Return what the clause says in which a place stands."""
    clauses = scene.sentence.clauses
    places = [place for place, clause in enumerate(clauses) if clause == clauses[at]]
    return stretch(scene, places[0], places[-1] + 1)


def unsaid(reading: Reading, said: frozenset[str], scene: Scene) -> int:
    """Return how much tells a fact from others that nobody says."""
    passing = said | _PLAIN | _ANY_EVENT | reading.sports | scene.evidence.activity
    return len(marks(reading, scene) - passing)
