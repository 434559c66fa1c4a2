"""A sentence with what stands around its words: things, sports, zones, spans of time, and distances."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention, Sentence
from training_analyzer.analysis.grounding.sayable import Reading

if TYPE_CHECKING:
    from training_analyzer.analysis.grounding.scene import Scene

_STREAKS: Final = frozenset({"metric:streak", "sport:run"})
"""What makes a count of weeks out of a span: "four weeks in a row", "four weeks running"."""
THINGS: Final = frozenset({"intervals"})
"""Metrics that are things, too."""
THRESHOLDS: Final = frozenset({"threshold", "threshold_power", "threshold_pace", "threshold_heart_rate"})
HALVES: Final = frozenset({"half1", "half2"})
THIRDS: Final = frozenset({"third1", "third3"})
EVENTS: Final = frozenset(
    {
        "event",
        "group",
        "competition",
        "race",
        "marathon",
        "half_marathon",
        "ironman",
        "goal",
        "planned",
        "plan",
    }
)
"""What a day that is trained for is called: whatever it is, it is an event."""
PARTED: Final = (HALVES, THIRDS)
OPPOSITES: Final = (*PARTED, frozenset({"indoor", "outdoor"}))
_OPPOSED: Final = tuple(
    f"{kind}:{one}" for pair in OPPOSITES for one in pair for kind in ("thing", "superlative")
)
_SMALL: Final = frozenset({"role:by_before", "soft:small", "clause:only", "article:the"})
COMPARATIVES: Final = frozenset(
    {"plus", "moins", "más", "menos", "più", "meno", "mais", "mayor", "menor", "mejor", "peor", "maggiore",
     "minore", "miglior", "migliore", "migliori", "peggiore", "maior", "melhor", "pior", "melhores"}
)  # fmt: skip
COPULAS: Final = frozenset(
    {"is", "was", "at", "ist", "war", "bei", "auf", "est", "était", "es", "fue", "era", "è", "é", "foi"}
)
WERE: Final = frozenset(
    {"was", "were", "war", "waren", "lag", "lagen", "était", "étaient", "era", "eran", "erano", "eram",
     "estaba", "estaban", "estava", "estavam", "stond", "stand", "standen", "stood", "valait"}
)  # fmt: skip
TIMES: Final = frozenset({"x", "\N{MULTIPLICATION SIGN}", "by", "mal", "à", "por", "per"})
# How far apart, in tokens, two things stand that belong together.
ADJACENT, CLOSE, NEAR = 1, 2, 4
SHORT: Final = "short"
_NO: Final = frozenset[str]()
_WEEK: Final = 7.5
_AGO: Final = frozenset({"ago", "earlier", "geleden", "eerder", "zuvor"})
"""What a span of time needs to be a point in time; "four weeks before" are all of them."""
_DAYS_ALIKE, _MONTHS_ALIKE, _SECONDS_ALIKE = 0.4, 0.02, 1.0


@dataclass
class Surroundings:
    """What a sentence says, and where."""

    sentence: Sentence
    evidence: Evidence
    advice: bool
    before: "Scene | None" = None
    """The sentence before it."""
    cited: frozenset[str] | None = None
    said: dict[int, list[Reading]] = field(default_factory=dict)
    """For each quantity, by its place: the readings that it may be."""

    def statistic_of(self, quantity: Quantity) -> str:
        """Return whether a number is said to be an average, a peak, or normalized; empty if neither."""
        sentence = self.sentence
        said = [m for m in sentence.naming("statistic") if m.keys("statistic")]
        before = [
            m
            for m in said
            if m.end <= quantity.at
            and sentence.between(m.at, quantity.at) < APART
            and not self._quantities_between(m.end, quantity.at)
        ]
        after = [
            m
            for m in said
            if 0 <= m.at - quantity.end <= NEAR
            and sentence.between(quantity.end - 1, m.at) < APART
            and not self._quantities_between(quantity.end, m.at)
        ]
        nearest = before[-1] if before else after[0] if after else None
        if nearest is None:
            return "average" if self._is_averaged_ahead(quantity) else ""
        return min(nearest.keys("statistic"))

    def _is_averaged_ahead(self, quantity: Quantity) -> bool:
        """As in "Your average power was 201 W"."""
        sentence = self.sentence
        return any(
            m.keys("habit")
            and m.end <= quantity.at
            and any(metric.at == m.end for metric in sentence.naming("metric"))
            and sentence.between(m.at, quantity.at) < APART
            and not self._quantities_between(m.end, quantity.at)
            for m in sentence.tagged("role:average")
        )

    def _is_set_before(self, mention: Mention) -> bool:
        """As in "Per week, that is six sessions": it is said of the whole sentence."""
        tokens = self.sentence.tokens
        begins = self.sentence.begins(mention.at)
        return begins and mention.end < len(tokens) and tokens[mention.end].word == ","

    def _leads(self, mention: Mention) -> bool:
        """As in "On average each hike came to 14.3 km": near where a part of the sentence begins."""
        begins = self.sentence.begins
        return any(begins(at) for at in range(max(0, mention.end - NEAR), mention.at + 1))

    def leads(self, quantity: Quantity) -> bool:
        """As in "At 34.6 km, your longest run": what it is of follows."""
        tokens, first = self.sentence.tokens, self.sentence.mentions[:1]
        at = bool(first) and first[0].at == 0 and "role:at" in first[0].tags and first[0].end == quantity.at
        return at and quantity.end < len(tokens) and tokens[quantity.end].word == ","

    def per_what(self, quantity: Quantity) -> str:
        """Return by what a number is divided: "8.6 hours per week", "an average of 75 minutes a session"."""
        found = [
            (max(mention.at - quantity.end, quantity.at - mention.end), min(per))
            for mention in self.sentence.naming("per")
            if (per := mention.keys("per"))
            and not self._quantities_between(quantity.end, mention.at)
            and (
                self._is_set_before(mention)
                or ("clause:each" in mention.tags and self._leads(mention))
                or (
                    0 <= mention.at - self._behind_measure(quantity) <= CLOSE
                    and self.sentence.between(quantity.end - 1, mention.at) < APART
                )
                or (
                    0 <= quantity.at - mention.end <= NEAR
                    and self.sentence.between(mention.at, quantity.at) < APART
                )
            )
        ]
        return min(found)[1] if found else ""

    def _behind_measure(self, quantity: Quantity) -> int:
        """As in "35 hours of training a week": where the words end that say of what the number is."""
        return next((m.end for m in self.sentence.naming("metric") if m.at == quantity.end), quantity.end)

    def gap(self, start: int, end: int) -> int:
        """Return how many tokens stand between two places that are not small words: "by just over"."""
        small = sum(
            m.end - m.at
            for m in self.sentence.mentions
            if start <= m.at and m.end <= end and (m.keys("hedge") or m.tags & _SMALL)
        )
        return end - start - small

    def superlatives_of(self, mention: Mention) -> frozenset[str]:
        """
        Return which superlatives a phrase states.

        Romance languages have one word for "longer" and "longest": it is the latter behind an article,
        where nothing is compared with it.
        """
        kinds = mention.keys("superlative")
        tokens = self.sentence.tokens
        if not kinds or tokens[mention.at].word not in COMPARATIVES:
            return kinds
        versus = any(0 <= m.at - mention.end <= ADJACENT for m in self.sentence.tagged("role:versus"))
        article = any(0 <= mention.at - m.end <= CLOSE for m in self.sentence.tagged("article:the"))
        article = article or self._is_of_a_span(mention)
        return kinds if article and not versus else _NO

    def _is_of_a_span(self, mention: Mention) -> bool:
        """As in "A tua natação em águas abertas mais longa da época": the noun is far ahead."""
        return any(m.at == mention.end and not m.keys("unit") for m in self.sentence.naming("period"))

    def excluded_by(self, quantity: Quantity) -> frozenset[str]:
        """Return the things of which the opposites stand nearer to a number."""
        found: set[str] = set()
        for pair in OPPOSITES if self.sentence.has(*_OPPOSED) else ():
            named = [
                m
                for m in self.sentence.mentions
                if (m.keys("thing") | m.keys("superlative")) & pair and not m.keys("pacing")
            ]
            told = len(named) > 1 or quantity.at < self.sentence.quantities[-1].at
            behind = self._parts_behind(quantity, named) if pair in PARTED and told else []
            if named and (behind or pair not in PARTED or not self._is_an_end(quantity)):
                nearest = min(
                    behind or named,
                    key=lambda m: (
                        max(m.at - quantity.end, quantity.at - m.end)
                        + self.sentence.between(m.at, quantity.at)
                    ),
                )
                found |= pair - nearest.keys("thing") - nearest.keys("superlative")
        return frozenset(found)

    def _parts_behind(self, quantity: Quantity, parts: list[Mention]) -> list[Mention]:
        """As in "From 178 W in the first half to 164 W in the second"."""
        between = self.sentence.between
        return [
            part
            for part in parts
            if 0 <= part.at - quantity.end <= CLOSE and between(quantity.end - 1, part.at) < APART
        ]

    def _is_an_end(self, quantity: Quantity) -> bool:
        """As in "In the second half you slowed from 5:09 to 5:21": the one end of a change is the first."""
        ends = {
            m.end for m in self.sentence.naming("role") if m.tags & {"role:from", "role:to"} or _says_from(m)
        }
        return quantity.at in ends and len(self.sentence.quantities) > 1

    @cached_property
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
        found = [
            (self._away(m.at, m.end, at, end), kind)
            for kind in ("past", "habit")
            for m in self.sentence.naming(kind)
            if self.sentence.together(m.at, at) and not (kind == "habit" and m.keys("past"))
        ]
        for span in self.sentence.quantities:
            near = self.sentence.together(span.at, at) and not span.at <= at < span.end
            if near and span.dimension == "days" and self.is_window(span):
                behind = next((m for m in self.sentence.mentions if m.at == span.end), None)
                if behind and "role:usual" in behind.tags:
                    before = span.meanings[0].value > _WEEK and behind.text.lower() not in _AGO
                    found.append((self._away(span.at, span.end, at, end), "habit" if before else "past"))
        return min(found)[1] if found else ""

    def _away(self, start: int, stop: int, at: int, end: int) -> int:
        ahead = stop <= at
        wall = self.sentence.between(start, at)
        others = self._quantities_between(stop, at) if ahead else self._quantities_between(end, start)
        return (at - stop + CLOSE if ahead else start - end) + wall + NEAR * others

    @cached_property
    def ways(self) -> tuple[Mention, ...]:
        """Return the phrases for directions, in their order."""
        naming = self.sentence.naming
        found = {m.at: m for section in ("direction", "implied") for m in naming(section)}
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

    @cached_property
    def _of(self) -> dict[int, int]:
        """How many tokens a phrase for "of" has, by where it begins."""
        of = {"article:of", "article:with"}
        return {m.at: m.end - m.at for m in self.sentence.naming("article") if m.tags & of}

    def _parted(self, start: int, end: int) -> bool:
        """Return whether another number, or a comparison, stands between a number and a metric behind it."""
        return self._numbers_between(start, end) > 0 or any(
            start <= mention.at < end and mention.keys("comparison")
            for mention in self.sentence.naming("comparison")
        )

    def _of_follows(self, end: int) -> bool:
        return any(
            mention.at == end and "article:of" in mention.tags for mention in self.sentence.naming("article")
        )

    def _numbers_between(self, start: int, end: int) -> int:
        """Return how many quantities stand between that are no spans of time the facts rest on."""
        return sum(start <= q.at < end and not self.is_window(q) for q in self.sentence.quantities)

    def parts_numbers(self, start: int, end: int) -> bool:
        """Return whether another number stands between two places."""
        return self._numbers_between(start, end) > 0

    def _quantities_between(self, start: int, end: int) -> int:
        return sum(start <= quantity.at < end for quantity in self.sentence.quantities)

    @cached_property
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
        if any(self._is_repeated(one, other) for one, other in pairwise(self.sentence.quantities)):
            own |= THINGS
        return own | self.before.things if self.before is not None else own

    def _is_repeated(self, one: Quantity, other: Quantity) -> bool:
        """As in "Five by four minutes", "5 x 4 min": intervals, by their number and length."""
        if other.at == one.end:
            return one.dimension == "times" and other.dimension in ("length", "time")
        return other.at - one.end == 1 and self.sentence.tokens[one.end].word in TIMES

    @cached_property
    def sports(self) -> frozenset[str]:
        """Return all sports that the sentence names."""
        return frozenset[str]().union(*(m.keys("sport") for m in self.sentence.naming("sport")))

    @property
    def own_zones(self) -> frozenset[int]:
        return frozenset[int]().union(*(zones for _, zones in self.sentence.zones))

    @cached_property
    def zones(self) -> frozenset[int]:
        """Return the zones of intensity that this sentence and the one before it name."""
        return self.own_zones | (self.before.zones if self.before is not None else frozenset())

    def zones_of(self, quantity: Quantity) -> frozenset[int]:
        """Return the zones in which a number is said to be; those of the sentence before if it names none."""
        named = self.sentence.zones
        if not named:
            return self.zones
        at = quantity.at
        return min(named, key=lambda zone: abs(zone[0] - at) + self.sentence.between(zone[0], at))[1]

    def side_of_threshold(self, quantity: Quantity) -> frozenset[str]:
        """As in "19 minutes above threshold": on which side of it the training was."""
        sides = [
            mention
            for mention in self.sentence.naming("direction")
            if mention.keys("direction") & {"up", "down"}
            and any(
                0 <= m.at - mention.end <= CLOSE
                and m.keys("metric")
                & (THRESHOLDS if "clause:quantifier" in mention.tags else {*THRESHOLDS, "easy", "hard"})
                and not self.sentence.between(mention.at, m.at)
                for m in self.sentence.mentions
            )
        ]
        if not sides:
            return _NO
        nearest = min(sides, key=lambda m: abs(m.at - quantity.at) + self.sentence.between(m.at, quantity.at))
        return frozenset({"hard"} if "direction:up" in nearest.tags else {"easy"})

    def _is_as_long(self, quantity: Quantity) -> bool:
        """As in "Over the first 5 km and over the last five", of which labels speak."""
        value = quantity.meanings[0].value
        lengths = (q for q in self.sentence.quantities if q.dimension == "length" and q.at < quantity.at)
        last = any(m.end == quantity.at for m in self.sentence.tagged("article:last"))
        return last and any(
            q.meanings[0].value == value * q.meanings[0].factor
            and q.meanings[0].value in self.evidence.lengths
            for q in lengths
        )

    def _is_of_the_last(self, quantity: Quantity) -> bool:
        """As in "Two hard days in the last seven": the days are not said again."""
        return any(
            ("article:last" in m.tags and m.end == quantity.at)
            or (m.tags & {"article:last", "role:usual"} and m.at == quantity.end)
            for m in self.sentence.mentions
        )

    def is_missed(self, quantity: Quantity) -> bool:
        """As in "You missed two of them", "the two runs you missed", "you fell two runs short"."""
        if quantity.dimension is not None:
            return False
        sentence, starts = self.sentence, {q.at for q in self.sentence.quantities}
        fell = any(m.end == quantity.at and "direction:down" in m.tags for m in sentence.mentions)
        if fell and any(t.word == SHORT for t in sentence.tokens[quantity.end : quantity.end + CLOSE]):
            return True
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

    @cached_property
    def _windows(self) -> frozenset[int]:
        return frozenset(q.at for q in self.sentence.quantities if self._rests_on(q))

    def _rests_on(self, quantity: Quantity) -> bool:
        meaning = quantity.meanings[0] if quantity.meanings else None
        if meaning is None or quantity.upper is not None:
            return False
        if meaning.dimension is None and self._is_as_long(quantity):
            return True
        if meaning.dimension is None and self._is_of_the_last(quantity):
            return (
                7 * meaning.value in self.evidence.days
                or meaning.value in self.evidence.days | self.evidence.spans
            )
        if "streak" in quantity.metrics:
            return False
        spans = meaning.dimension == "days"
        if spans and any(m.at == quantity.end and m.tags & _STREAKS for m in self.sentence.mentions):
            return False
        if meaning.dimension == "days":
            alike = max(_DAYS_ALIKE, _MONTHS_ALIKE * meaning.value)  # "two months" are sixty days
            return any(abs(meaning.value - days) <= alike for days in self.evidence.days)
        if meaning.dimension == "length":
            return meaning.value in self.evidence.lengths
        if meaning.dimension == "time":
            return any(abs(meaning.value - seconds) < _SECONDS_ALIKE for seconds in self.evidence.seconds)
        return False


def _says_from(mention: Mention) -> bool:
    return "role:versus" in mention.tags and mention.text.lower().split()[-1] == "from"
