"""A sentence with what stands around its words: things, sports, zones, and how far apart they are."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from training_analyzer.analysis.grounding.events import KINDS
from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.lazy import lazy
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.sentences import APART, Mention, Sentence
from training_analyzer.analysis.grounding.windows import rests_on

if TYPE_CHECKING:
    from training_analyzer.analysis.grounding.scene import Scene

THINGS: Final = frozenset({"intervals"})
"""Metrics that are things, too."""
THRESHOLDS: Final = frozenset({"threshold", "threshold_power", "threshold_pace", "threshold_heart_rate"})
HALVES: Final = frozenset({"half1", "half2"})
THIRDS: Final = frozenset({"third1", "third3"})
AIMS: Final = frozenset({"goal", "planned", "plan"})
"""What is to be reached, whatever it is called."""
EVENTS: Final = KINDS | {"event", "group", "competition", "race"} | AIMS
"""What a day that is trained for is called: whatever it is, it is an event."""
PARTED: Final = (HALVES, THIRDS)
_SMALL: Final = frozenset({"role:by_before", "soft:small", "clause:only", "article:the"})
# How far apart, in tokens, two things stand that belong together.
ADJACENT, CLOSE, NEAR = 1, 2, 4
SHORT: Final = "short"
_PREDICTED: Final = frozenset({"predicted"})
_WEEK: Final = 7.5


@dataclass
class Surroundings:
    """What a sentence says, and where."""

    sentence: Sentence
    evidence: Evidence
    advice: bool
    before: "Scene | None" = None
    """The sentence before it."""
    cited: frozenset[str] | None = None
    language: str = "en"
    said: dict[int, list[Reading]] = field(default_factory=dict)
    """For each quantity, by its place: the readings that it may be."""
    settled: set[int] = field(default_factory=set)
    """The places of phrases that have been held against facts with a number that these imply."""
    nevers: dict[int, bool] = field(default_factory=dict)
    """Whether what was "never" beyond something is a fact, by its place: asked of every direction."""

    def is_set_before(self, mention: Mention) -> bool:
        """As in "Per week, that is six sessions": it is said of the whole sentence."""
        tokens = self.sentence.tokens
        begins = self.sentence.begins(mention.at)
        return begins and mention.end < len(tokens) and tokens[mention.end].word == ","

    def behind_measure(self, quantity: Quantity) -> int:
        """As in "35 hours of training a week": where the words end that say of what the number is."""
        behind = self.sentence.starting.get(quantity.end)
        return behind.end if behind is not None and behind.keys("metric") else quantity.end

    def gap(self, start: int, end: int) -> int:
        """Return how many tokens stand between two places that are not small words: "by just over"."""
        if start >= end:
            return end - start
        return end - start - sum(m.end - m.at for m in self._small if start <= m.at and m.end <= end)

    @lazy
    def _small(self) -> tuple[Mention, ...]:
        """Words that say little, and keep nothing apart."""
        sentence = self.sentence
        if not sentence.naming("hedge") and sentence.tags.isdisjoint(_SMALL):
            return ()
        return tuple(m for m in sentence.mentions if "hedge" in m.sections or m.tags & _SMALL)

    @lazy
    def unknown(self) -> frozenset[int]:
        """Where words stand that no entry of the lexicon has."""
        return frozenset(self.sentence.unknown)

    def is_general(self, at: int) -> bool:
        """As in "Fatigue tends to fall faster than fitness": what is so in general states no number."""
        clauses = self.sentence.clauses
        for general in self.sentence.tagged("clause:general"):
            if at < general.at and self.sentence.between(at, general.at) > APART:
                continue  # "… due to a lower stroke rate, which tends to drop when you get tired"
            low, high = sorted((clauses[general.at], clauses[at]))
            if not any(low <= clauses[quantity.at] <= high for quantity in self.sentence.quantities):
                return True
        return False

    def is_ago(self, span: Quantity) -> bool:
        """As in "Four days ago", "il y a quatre jours"."""
        behind, ahead = self.sentence.starting.get(span.end), self.sentence.ending.get(span.at)
        if behind is not None and "clause:ago" in behind.tags:
            return True
        return ahead is not None and "clause:ago_before" in ahead.tags

    def says_now(self, quantity: Quantity) -> bool:
        """Return whether a number is said to be how it is now: "now at 66", "currently 66"."""
        return any(
            m.end <= quantity.at <= m.end + CLOSE and self.sentence.between(m.at, quantity.at) < APART
            for m in self.sentence.tagged("role:now")
        )

    def against(self, at: int, end: int) -> str:
        """
        Return with what something here is compared: "past", how it was once, or "habit", what is usual.

        Empty where the sentence says neither. What stands behind counts before what stands ahead.
        """
        sentence = self.sentence
        if not (sentence.naming("past") or sentence.naming("habit") or sentence.has("role:usual")):
            return ""
        found = [
            (self._away(m.at, m.end, at, end), kind)
            for kind in ("past", "habit")
            for m in sentence.naming(kind)
            if sentence.together(m.at, at) or self._is_said_first(m)
            if not (kind == "habit" and m.keys("past"))
        ]
        for span in sentence.quantities:
            near = sentence.together(span.at, at) and not span.at <= at < span.end
            if near and span.dimension == "days" and self.is_window(span):
                behind = sentence.starting.get(span.end)
                if behind and "role:usual" in behind.tags:
                    # "Four weeks ago" is a point in time, "the four weeks before" are all of them.
                    before = span.meanings[0].value > _WEEK and not sentence.is_word(behind.at, "ago")
                    found.append((self._away(span.at, span.end, at, end), "habit" if before else "past"))
        return min(found)[1] if found else ""

    def _is_said_first(self, mention: Mention) -> bool:
        """As in "Compared with your usual week, you rode 46 km less"."""
        versus = next((m for m in self.sentence.tagged("role:versus") if m.at == 0), None)
        tokens = self.sentence.tokens
        comma = next((at for at in range(mention.end, len(tokens)) if tokens[at].word == ","), 0)
        return versus is not None and mention.at <= versus.end + 1 and comma <= mention.end + 1

    def _away(self, start: int, stop: int, at: int, end: int) -> int:
        ahead = stop <= at
        wall = self.sentence.between(start, at)
        others = self.quantities_between(stop, at) if ahead else self.quantities_between(end, start)
        return (at - stop + CLOSE if ahead else start - end) + wall + NEAR * others

    @lazy
    def ways(self) -> tuple[Mention, ...]:
        """Return the phrases for directions, in their order."""
        implied, directing = self.sentence.naming("implied"), self.sentence.naming("direction")
        if not implied:
            return tuple(directing)
        found = {m.at: m for m in (*directing, *implied)}
        return tuple(found[at] for at in sorted(found))

    def nearest(self, tags: frozenset[str], at: int) -> Mention | None:
        """Return the nearest mention that has one of the tags."""
        found = [mention for mention in self.sentence.mentions if mention.tags & tags]
        return min(found, key=lambda m: abs(m.at - at) + self.sentence.between(m.at, at), default=None)

    def spoken_of(self, *tags: str) -> bool:
        """Return whether this sentence or the one before it has one of the tags."""
        return self.sentence.has(*tags) or (self.before is not None and self.before.sentence.has(*tags))

    def _distance(self, start: int, end: int) -> int:
        """Return how far apart two things stand, in tokens: "load of 740" is as near as "load 740"."""
        of = self._of.get(start, 0)
        return 0 if of and end - start - of in (0, 1) else end - start

    def gap_of(self, start: int, end: int) -> int:
        """Return how many tokens stand between two places besides "of" and small words."""
        return self.gap(start + self._of.get(start, 0), end)

    @lazy
    def _of(self) -> dict[int, int]:
        """How many tokens a phrase for "of" has, by where it begins."""
        of = {"article:of", "article:with"}
        return {m.at: m.end - m.at for m in self.sentence.naming("article") if m.tags & of}

    def _parted(self, start: int, end: int) -> bool:
        """Return whether another number, or a comparison, stands between a number and a metric behind it."""
        return self.parts_numbers(start, end) or any(
            start <= mention.at < end and mention.keys("comparison")
            for mention in self.sentence.naming("comparison")
        )

    def _of_follows(self, end: int) -> bool:
        behind = self.sentence.starting.get(end)
        return behind is not None and "article:of" in behind.tags

    def parts_numbers(self, start: int, end: int) -> bool:
        """Return whether another number stands between two places."""
        return _count_between(start, end, self._numbers) > 0

    @lazy
    def _numbers(self) -> tuple[int, ...]:
        """Where quantities stand that are no spans of time the facts rest on."""
        return tuple(q.at for q in self.sentence.quantities if not self.is_window(q))

    def quantities_between(self, start: int, end: int) -> int:
        return _count_between(start, end, self._places)

    @lazy
    def _places(self) -> tuple[int, ...]:
        return tuple(quantity.at for quantity in self.sentence.quantities)

    @lazy
    def things(self) -> frozenset[str]:
        """Return everything that this sentence and the one before it name."""
        sentence = self.sentence
        own = frozenset[str]().union(
            *(m.keys("thing") for m in sentence.naming("thing")),
            *(m.keys("superlative") for m in sentence.naming("superlative")),
            *(m.keys("metric") & THINGS for m in sentence.naming("metric")),
        )
        if own & {"result", "record"}:
            own |= {"best"}  # "Bestzeit"
        for parts in PARTED:
            if own & parts:
                own |= parts  # "the second half was quicker than the first"
        if self.sentence.naming("effort"):
            own |= THINGS  # "three blocks of sweet spot"
        if self.sentence.has("metric:estimated"):
            own |= _PREDICTED  # "an estimated 45:18"
        if any(self.is_repeated(one, other) for one, other in pairwise(self.sentence.quantities)):
            own |= THINGS
        return own | self.before.things if self.before is not None else own

    def is_repeated(self, one: Quantity, other: Quantity) -> bool:
        """As in "Five by four minutes", "5 x 4 min": intervals, by their number and length."""
        if other.at == one.end:
            return one.dimension == "times" and other.dimension in ("length", "time")
        return other.at - one.end == 1 and self.sentence.is_word(one.end, "times")

    @property
    def own_zones(self) -> frozenset[int]:
        return frozenset[int]().union(*(zones for _, zones in self.sentence.zones))

    @lazy
    def zones(self) -> frozenset[int]:
        """Return the zones of intensity that this sentence and the one before it name."""
        return self.own_zones | (self.before.zones if self.before is not None else frozenset())

    def is_missed(self, quantity: Quantity) -> bool:
        """As in "You missed two of them", "the two runs you missed", "you fell two runs short"."""
        if quantity.dimension is not None:
            return False
        sentence = self.sentence
        ahead = sentence.ending.get(quantity.at)
        fell = ahead is not None and "direction:down" in ahead.tags
        if fell and any(t.word == SHORT for t in sentence.tokens[quantity.end : quantity.end + CLOSE]):
            return True
        if not sentence.has("thing:missed"):
            return False
        starts = {q.at for q in sentence.quantities}
        joins = [m.at for m in sentence.tagged("clause:and")]
        return any(
            m.end == quantity.at
            or (
                0 <= m.at - quantity.end <= CLOSE
                and m.end not in starts
                and sentence.between(quantity.end - 1, m.at) < APART
                and not any(quantity.end <= at < m.at for at in joins)
            )
            for m in sentence.tagged("thing:missed")
        )

    def is_window(self, quantity: Quantity) -> bool:
        """Return whether a quantity is a span of time that the facts rest on, such as "four weeks"."""
        return quantity.at in self._windows

    @lazy
    def _windows(self) -> frozenset[int]:
        return frozenset(q.at for q in self.sentence.quantities if rests_on(q, self.sentence, self.evidence))


def _count_between(start: int, end: int, places: Sequence[int]) -> int:
    return bisect_left(places, end) - bisect_left(places, start) if start < end else 0
