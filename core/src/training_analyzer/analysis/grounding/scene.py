"""A sentence with what stands around it: what its parts speak of, and which words belong to which."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention, Sentence
from training_analyzer.analysis.grounding.sayable import Reading

# What a number with a unit can be said of. Numbers without one, and percentages, can be said of all.
_SAID_OF: Final[dict[str | None, frozenset[str]]] = {
    "time": frozenset({"time", "longest", "easy", "hard", "sleep", "ground_contact"}),
    "length": frozenset({"distance", "elevation", "descent", "longest"}),
    "days": frozenset(
        {"since_rest", "rest_day", "training_day", "since_last", "history", "streak", "threshold", "race"}
    ),
    "power": frozenset(
        {
            "power",
            "average_power",
            "normalized_power",
            "best_power",
            "threshold_power",
            "threshold",
            "longest",
        }
    ),
    "beats": frozenset(
        {"heart_rate", "resting_heart_rate", "max_heart_rate", "threshold_heart_rate", "threshold"}
    ),
    "speed": frozenset({"speed", "threshold_pace", "threshold"}),
    "pace": frozenset({"speed", "threshold_pace", "threshold", "intervals"}),
    "energy": frozenset({"energy"}),
    "mass": frozenset({"weight"}),
    "variability": frozenset({"hrv", "ground_contact"}),
    "steps": frozenset({"cadence"}),
    "turns": frozenset({"cadence"}),
    "power per weight": frozenset({"power", "threshold_power"}),
    "temperature": frozenset({"temperature"}),
    "oxygen": frozenset({"vo2max"}),
}
_MEASURES: Final = frozenset({"time", "distance"})
"""What the words for hours and kilometres say by themselves."""
_STREAKS: Final = frozenset({"metric:streak", "sport:run"})
"""What makes a count of weeks out of a span: "four weeks in a row", "four weeks running"."""
_FAR: Final = 8
_NO_SHARES: Final = frozenset({"streak", "since_last", "history"})
"""Spans, of which nobody says a percentage."""
_HARDER: Final = frozenset({"session", "time", "training_day"})
"""What is said of these may be of another metric: "sessions were a tenth harder"."""
_HOURLY: Final = frozenset({"load", "session", "training_day"})
"""What is said of an hour means the intensity."""
_EVERYDAY: Final = frozenset(
    {"energy", "ratio", "streak", "easy", "hard", "history", "threshold", "efficiency", "strain"}
)
"""Metrics whose words mean something else where no fact is of them."""
THINGS: Final = frozenset({"intervals"})
"""Metrics that are things, too."""
THRESHOLDS: Final = frozenset({"threshold", "threshold_power", "threshold_pace", "threshold_heart_rate"})
OPPOSITES: Final = (frozenset({"half1", "half2"}), frozenset({"indoor", "outdoor"}))
_SMALL: Final = frozenset({"role:by_before", "soft:small", "clause:only", "article:the"})
COMPARATIVES: Final = frozenset(
    {"plus", "moins", "más", "menos", "più", "meno", "mais", "mayor", "menor", "mejor", "peor", "maggiore",
     "minore", "miglior", "migliore", "migliori", "peggiore", "maior", "melhor", "pior", "melhores"}
)  # fmt: skip
TIMES: Final = frozenset({"x", "\N{MULTIPLICATION SIGN}", "by", "mal", "à", "por", "per"})
# How far apart, in tokens, two things stand that belong together.
ADJACENT, CLOSE, NEAR = 1, 2, 4
_PAIR: Final = 2
_NO: Final = frozenset[str]()
_DAYS_ALIKE, _MONTHS_ALIKE, _SECONDS_ALIKE = 0.4, 0.02, 1.0


def _is_weak(mention: Mention) -> bool:
    """Return whether a word names a metric only beside a number in its unit: "took"."""
    return "clause:weak" in mention.tags


@dataclass
class Scene:
    """One sentence of a text, and all that is needed to judge it."""

    sentence: Sentence
    evidence: Evidence
    advice: bool
    before: "Scene | None" = None
    """The sentence before it."""
    cited: frozenset[str] | None = None
    said: dict[int, list[Reading]] = field(default_factory=dict)
    """For each quantity, by its place: the readings that it may be."""

    def metrics_of(self, quantity: Quantity) -> frozenset[str]:
        """Return what a quantity is said of; empty where the sentence does not tell."""
        found = self._said_of(quantity)
        return found - _NO_SHARES if quantity.dimension == "percent" else found

    def _may_be_of(self, mention: Mention, quantity: Quantity) -> bool:
        """Return whether a number without a unit can be of a metric: weak words only right before it."""
        if mention.keys("role") - {"now"}:
            return False
        in_brackets = mention.end == quantity.at - 1 and self.sentence.tokens[mention.end].word == "("
        return in_brackets or not _is_weak(mention) or self._moves(mention, quantity)

    def _moves(self, mention: Mention, quantity: Quantity) -> bool:
        """As in "Hours were up by 40 %": a direction stands between."""
        return any(
            0 <= m.at - mention.end <= ADJACENT and 0 <= quantity.at - m.end <= CLOSE and m.keys("direction")
            for m in self.sentence.mentions
        )

    def _said_of(self, quantity: Quantity) -> frozenset[str]:
        if quantity.metrics - _MEASURES or (quantity.metrics and not self.sentence.has("metric:sleep")):
            return quantity.metrics
        fact = self.evidence.by_id.get(quantity.fact)
        possible = _SAID_OF.get(fact.dimension if fact else quantity.dimension)
        mentions = [
            (mention, keys)
            for mention in self.sentence.mentions
            if (keys := self._metrics(mention))
            and not (quantity.dimension == "percent" and keys <= _NO_SHARES)
            and (keys & possible if possible else self._may_be_of(mention, quantity))
        ]
        if possible is None and (respective := self._respective(quantity)):
            return respective
        found = self._nearest(self._compounds(mentions), quantity.at, quantity.end)
        if possible is None and found <= _HARDER and (implied := self._implied_behind(quantity)):
            return found | implied
        if not found and (whole := self._whole_of(quantity)):
            return self.metrics_of(whole)
        if not found and possible is None and self.before is not None and self._begins_with_pronoun():
            found = self.before.spoken_metrics()
        return self._hourly(found, quantity.at)

    def _implied_behind(self, quantity: Quantity) -> frozenset[str]:
        """As in "Sessions were a tenth harder": the word behind a share says of what it is."""
        behind = next((m for m in self.sentence.mentions if m.at == quantity.end), None)
        implied = frozenset(key.partition(".")[0] for key in behind.keys("implied")) if behind else _NO
        return implied | {"distance"} if "time" in implied else implied  # "a third longer"

    def spoken_metrics(self) -> frozenset[str]:
        """Return all metrics that the sentence names, or else those of its numbers."""
        named = frozenset[str]().union(*(self._metrics(m) for m in self.sentence.mentions))
        return named or frozenset[str]().union(*(r.concepts for said in self.said.values() for r in said))

    def _compounds(
        self, mentions: list[tuple[Mention, frozenset[str]]]
    ) -> list[tuple[Mention, frozenset[str]]]:
        """Give a mention what belongs to it: "longest session", "the intensity of your sessions"."""
        joined: list[tuple[Mention, frozenset[str]]] = []
        for mention, own in mentions:
            ahead = joined[-1] if joined else None
            belongs = ahead is not None and self._distance(ahead[0].end, mention.at) == 0
            joined.append((mention, own | ahead[1] if ahead is not None and belongs else own))
        return joined

    def _begins_with_pronoun(self) -> bool:
        return any("clause:pronoun" in mention.tags and mention.at == 0 for mention in self.sentence.mentions)

    def _whole_of(self, quantity: Quantity) -> Quantity | None:
        """As in "Three of your nine sessions": what nine is said of, three is."""
        of = next(
            (m for m in self.sentence.mentions if m.at == quantity.end and "article:of" in m.tags), None
        )
        return next((q for q in self.sentence.quantities if of and 0 <= q.at - of.end <= 1), None)

    def subject_of(self, mention: Mention) -> frozenset[str]:
        """Return the metrics that a direction is said of."""
        mentions = [
            (other, keys)
            for other in self.sentence.mentions
            if other is not mention and (keys := self._metrics(other)) and not other.keys("implied")
        ]
        return self._hourly(self._nearest(self._compounds(mentions), mention.at, mention.end), mention.at)

    def _metrics(self, mention: Mention) -> frozenset[str]:
        """Return what a mention names. "Climbing" is ascent only where a fact is."""
        keys = mention.keys("metric")
        if "rest_day" in keys and self._is_denied(mention):
            keys = keys - {"rest_day"} | {"since_rest"}
        ambiguous = any(tag.startswith(("direction:", "role:")) for tag in mention.tags) or keys <= _EVERYDAY
        return keys & self.evidence.concepts if ambiguous else keys

    def _is_denied(self, mention: Mention) -> bool:
        """As in "Six days without a rest day"."""
        return "since_rest" in self.evidence.concepts and any(
            0 <= mention.at - none.end <= ADJACENT or none is mention
            for none in self.sentence.tagged("negation:none")
        )

    def metrics_named(self, mention: Mention) -> frozenset[str]:
        """Return the metrics that a phrase names, where facts are of them."""
        return self._metrics(mention) & self.evidence.concepts

    def _hourly(self, metrics: frozenset[str], at: int) -> frozenset[str]:
        """As in "Each hour carried a load of 66": the load of an hour is the intensity."""
        if not metrics & _HOURLY:
            return metrics
        hourly = any(
            self.sentence.between(m.at, at) < APART or self._is_set_before(m)
            for m in self.sentence.tagged("clause:rate")
        )
        return frozenset({"intensity"}) if hourly else metrics

    def sports_of(self, at: int, end: int, apart: int = APART) -> frozenset[str]:
        """Return the sports named in the same part of the sentence: right behind, or else before."""
        sentence = self.sentence
        spans = {
            q.end for q in sentence.quantities if q.dimension in ("days", "times")
        }  # "three weeks running"
        mentions = [(m, keys) for m in sentence.mentions if (keys := m.keys("sport")) and m.at not in spans]
        for mention, keys in mentions:
            if 0 <= mention.at - end <= NEAR - 1 and sentence.between(end - 1, mention.at) < APART:
                return keys
        for mention, keys in reversed(mentions):
            if mention.end <= at and sentence.between(mention.at, at) < apart:
                return keys
        return self._sports_before_colon(at)

    def _sports_before_colon(self, at: int) -> frozenset[str]:
        """As in "Most of it came from the bike: 212 km": what stands before a colon is what follows."""
        colon = next((i for i in range(at - 1, 0, -1) if self.sentence.tokens[i].word == ":"), 0)
        topic = next((m for m in self.sentence.mentions if m.end == colon), None)
        return topic.keys("sport") if topic else _NO

    def statistic_of(self, quantity: Quantity) -> str:
        """Return whether a number is said to be an average, a peak, or normalized; empty if neither."""
        sentence = self.sentence
        said = [m for m in sentence.mentions if m.keys("statistic")]
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
        return min(nearest.keys("statistic")) if nearest else ""

    def _is_set_before(self, mention: Mention) -> bool:
        """As in "Per week, that is six sessions": it is said of the whole sentence."""
        tokens = self.sentence.tokens
        return mention.at == 0 and mention.end < len(tokens) and tokens[mention.end].word == ","

    def per_what(self, quantity: Quantity) -> str:
        """Return by what a number is divided: "8.6 hours per week", "an average of 75 minutes a session"."""
        found = [
            (max(mention.at - quantity.end, quantity.at - mention.end), min(per))
            for mention in self.sentence.mentions
            if (per := mention.keys("per"))
            and not self._quantities_between(quantity.end, mention.at)
            and (
                self._is_set_before(mention)
                or ("clause:each" in mention.tags and mention.end <= NEAR)
                or 0 <= mention.at - quantity.end <= CLOSE
                or (
                    0 <= quantity.at - mention.end <= NEAR
                    and self.sentence.between(mention.at, quantity.at) < APART
                )
            )
        ]
        return min(found)[1] if found else ""

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
        return kinds if article and not versus else _NO

    def excluded_by(self, quantity: Quantity) -> frozenset[str]:
        """Return the things of which the opposites stand nearer to a number."""
        found = set()
        for pair in OPPOSITES:
            named = [m for m in self.sentence.mentions if (m.keys("thing") | m.keys("superlative")) & pair]
            if named:
                nearest = min(
                    named,
                    key=lambda m: max(m.at - quantity.end, quantity.at - m.end)
                    + self.sentence.between(min(m.at, quantity.at), max(m.at, quantity.at)),
                )
                found |= pair - nearest.keys("thing") - nearest.keys("superlative")
        return frozenset(found)

    @cached_property
    def unknown(self) -> frozenset[int]:
        """Where words stand that no entry of the lexicon has."""
        return frozenset(self.sentence.unknown)

    @cached_property
    def is_general(self) -> bool:
        """As in "Fatigue tends to fall faster than fitness": what is so in general states no number."""
        return self.sentence.has("clause:general") and not self.sentence.quantities

    def is_bound(self, quantity: Quantity) -> bool:
        """Return whether a metric stands right before or behind a number without a unit."""
        if quantity.dimension is not None:
            return False
        return any(
            m.at == quantity.end or (m.end == quantity.at and not _is_weak(m))
            for m in self.sentence.mentions
            if self._metrics(m)
        )

    def says_now(self, quantity: Quantity) -> bool:
        """Return whether a number is said to be how it is now: "now at 66", "currently 66"."""
        return any(
            m.end <= quantity.at <= m.end + CLOSE and self.sentence.between(m.at, quantity.at) < APART
            for m in self.sentence.tagged("role:now")
        )

    def _respective(self, quantity: Quantity) -> frozenset[str]:
        """As in "Fatigue and fitness are at 63 and 61": the first number is of the first metric."""
        sentence = self.sentence
        if len(sentence.quantities) < _PAIR:
            return frozenset()
        starts = {m.at: m for m in sentence.mentions}
        joins = [m for m in sentence.mentions if "clause:and" in m.tags]
        for join in joins:
            pair = [q for q in sentence.quantities if q.end == join.at or q.at == join.end]
            if len(pair) == _PAIR and quantity in pair:
                for other in joins:
                    one = next((m for m in sentence.mentions if m.end == other.at and m.keys("metric")), None)
                    two = starts.get(other.end)
                    if one and two and two.keys("metric") and two.end <= pair[0].at:
                        return (one, two)[pair.index(quantity)].keys("metric")
        return frozenset()

    def nearest(self, tags: frozenset[str], at: int) -> Mention | None:
        """Return the nearest mention that has one of the tags."""
        found = [mention for mention in self.sentence.mentions if mention.tags & tags]
        return min(found, key=lambda m: abs(m.at - at) + self.sentence.between(m.at, at), default=None)

    def spoken_of(self, *tags: str) -> bool:
        """Return whether this sentence or the one before it has one of the tags."""
        return self.sentence.has(*tags) or (self.before is not None and self.before.sentence.has(*tags))

    def _nearest(self, mentions: list[tuple[Mention, frozenset[str]]], at: int, end: int) -> frozenset[str]:
        sentence = self.sentence
        last = len(sentence.tokens) - 1
        before = min(
            (
                (
                    self._distance(mention.end, at) + wall + 2 * self._quantities_between(mention.end, at),
                    wall,
                    keys,
                )
                for mention, keys in mentions
                if mention.end <= at
                for wall in [sentence.between(mention.end - 1, min(at, last))]
            ),
            default=None,
            key=lambda found: found[0],
        )
        after = min(
            (
                (mention.at - end, wall, keys)
                for mention, keys in mentions
                if mention.at >= end and not self._parted(end, mention.at)
                for wall in [sentence.between(end - 1, mention.at)]
            ),
            default=None,
            key=lambda found: found[0] + found[1],
        )
        if after and after[1] < APART and after[0] <= ADJACENT and not (before and before[0] <= after[0]):
            return after[2]
        if before and before[1] < APART:
            also = (
                after
                and after[1] < APART
                and after[0] <= NEAR
                and (before[0] > CLOSE or self._of_follows(end))
            )
            return before[2] | (after[2] if after and also else frozenset())
        if after and after[1] < APART and after[0] <= NEAR + 2:
            return after[2]
        near = after and after[0] + after[1] <= _FAR
        return (before[2] if before else frozenset()) | (after[2] if after and near else frozenset())

    def _distance(self, start: int, end: int) -> int:
        """Return how far apart two things stand, in tokens: "load of 740" is as near as "load 740"."""
        return 0 if end - start == self._of.get(start, 0) else end - start

    @cached_property
    def _of(self) -> dict[int, int]:
        """How many tokens a phrase for "of" has, by where it begins."""
        return {m.at: m.end - m.at for m in self.sentence.mentions if "article:of" in m.tags}

    def _parted(self, start: int, end: int) -> bool:
        """Return whether another number, or a comparison, stands between a number and a metric behind it."""
        return self._quantities_between(start, end) > 0 or any(
            start <= mention.at < end and mention.keys("comparison") for mention in self.sentence.mentions
        )

    def _of_follows(self, end: int) -> bool:
        return any(mention.at == end and "article:of" in mention.tags for mention in self.sentence.mentions)

    def _quantities_between(self, start: int, end: int) -> int:
        return sum(start <= quantity.at < end for quantity in self.sentence.quantities)

    @cached_property
    def references(self) -> dict[int, str]:
        """Return which quantities stand for what is usual, by their places: "your usual 480", "from 480"."""
        found: dict[int, str] = {}
        for one, other in pairwise(self.sentence.quantities):
            if self.sentence.tokens[other.at - 1].word == "/" and other.at - 1 == one.end:
                found[other.at] = "versus"
        for mention in self.sentence.mentions:
            for quantity, kind in self._referred_to(mention):
                if kind == "usual":
                    found[quantity.at] = kind
                else:
                    found.setdefault(quantity.at, kind)
        for one, other in pairwise(self.sentence.quantities):
            between = [m for m in self.sentence.mentions if one.end <= m.at < other.at]
            if one.at in found and len(between) == 1 and "clause:and" in between[0].tags:
                found.setdefault(other.at, found[one.at])  # "your usual 480 and 8 hours"
        return found

    @property
    def refers(self) -> bool:
        return bool(self.references)

    @cached_property
    def things(self) -> frozenset[str]:
        """Return everything that this sentence and the one before it name."""
        own = frozenset[str]().union(
            *(
                m.keys("thing") | m.keys("superlative") | m.keys("metric") & THINGS
                for m in self.sentence.mentions
            )
        )
        if any(self._is_repeated(one, other) for one, other in pairwise(self.sentence.quantities)):
            own |= THINGS
        return own | self.before.things if self.before is not None else own

    def _is_repeated(self, one: Quantity, other: Quantity) -> bool:
        """As in "Five by four minutes", "5 x 4 min": intervals, by their number and length."""
        return other.at - one.end == 1 and self.sentence.tokens[one.end].word in TIMES

    @cached_property
    def sports(self) -> frozenset[str]:
        """Return all sports that the sentence names."""
        return frozenset[str]().union(*(m.keys("sport") for m in self.sentence.mentions))

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
            for mention in self.sentence.mentions
            if mention.keys("direction") & {"up", "down"}
            and any(
                0 <= m.at - mention.end <= CLOSE and m.keys("metric") & {*THRESHOLDS, "easy", "hard"}
                for m in self.sentence.mentions
            )
        ]
        if not sides:
            return _NO
        nearest = min(sides, key=lambda m: abs(m.at - quantity.at) + self.sentence.between(m.at, quantity.at))
        return frozenset({"hard"} if "direction:up" in nearest.tags else {"easy"})

    def _referred_to(self, mention: Mention) -> Iterator[tuple[Quantity, str]]:
        """Return the number for which a phrase says that it is what others are compared with."""
        if "role:versus" in mention.tags:
            yield from (
                (quantity, "versus")
                for quantity in self._following(mention, NEAR + 1)
                if not self._has_own_metric(quantity, mention)
            )
        elif "role:from" in mention.tags:
            start = next(self._following(mention, ADJACENT), None)
            if start and any(0 <= to.at - start.end <= CLOSE for to in self.sentence.tagged("role:to")):
                yield start, "versus"
        elif "clause:back" in mention.tags and "role:usual" not in mention.tags:
            ahead = next((q for q in self.sentence.quantities if q.end == mention.at), None)
            if ahead:
                yield ahead, "usual"
        elif "role:usual" in mention.tags:
            following = self._averaged_behind(mention) or next(self._following(mention, NEAR), None)
            if following and self._is_opposed(following):
                following = None
            if following and self._leads_on(mention.end, following.at):
                following = None
            if following and self._is_where_it_stands(following, mention):
                return
            found = following or self._preceding(mention)
            if found:
                yield found, "usual"

    def _has_own_metric(self, quantity: Quantity, versus: Mention) -> bool:
        """As in "The ATL of 83 versus CTL of 54": two metrics are compared, and no usual one."""
        mentions = self.sentence.mentions
        own = {key for m in mentions if versus.end <= m.at < quantity.at for key in self._metrics(m)}
        ahead = (key for m in mentions if m.end <= versus.at for key in self._metrics(m))
        return bool(own) and own.isdisjoint(ahead)

    def _averaged_behind(self, usual: Mention) -> Quantity | None:
        """As in "The four weeks before, which averaged 480": a relative clause says what was usual."""
        averaged = next(
            (
                m
                for m in self.sentence.mentions
                if 0 <= m.at - usual.end <= NEAR and m.tags & {"statistic:average", "role:average"}
            ),
            None,
        )
        if averaged is None or not any(
            usual.end <= m.at < averaged.at for m in self.sentence.tagged("clause:but")
        ):
            return None
        return next((q for q in self.sentence.quantities if 0 <= q.at - averaged.end <= ADJACENT), None)

    def _is_opposed(self, quantity: Quantity) -> bool:
        """As in "Above your norm (287 versus 186)": what stands before "versus" is no norm."""
        return any(0 <= m.at - quantity.end <= ADJACENT for m in self.sentence.tagged("role:versus"))

    def _leads_on(self, start: int, end: int) -> bool:
        """As in "After 366 the week before, load rose to 412": a change begins behind "before"."""
        return any(
            start <= m.at and m.end <= end and ("role:to" in m.tags or m.keys("direction"))
            for m in self.sentence.mentions
        )

    def _is_where_it_stands(self, quantity: Quantity, usual: Mention) -> bool:
        """As in "Above its norm at 58 ms": what is compared has the number, not the norm."""
        return any(m.end == quantity.at for m in self.sentence.tagged("role:at")) and any(
            0 <= usual.at - m.end <= CLOSE and m.keys("comparison") for m in self.sentence.mentions
        )

    def _following(self, mention: Mention, reach: int) -> Iterator[Quantity]:
        for quantity in self.sentence.quantities:
            if 0 <= quantity.at - mention.end <= reach and not self.is_window(quantity):
                if self.sentence.between(mention.end - 1, quantity.at) < APART:
                    yield quantity
                return

    def _preceding(self, mention: Mention) -> Quantity | None:
        """Return the number that "usual" is said of behind it, unless a comparison stands between."""
        for quantity in reversed(self.sentence.quantities):
            if 0 <= mention.at - quantity.end <= 2 * NEAR and not self.is_window(quantity):
                if self.sentence.between(quantity.end - 1, mention.at) >= APART:
                    return None
                between = [m for m in self.sentence.mentions if quantity.end <= m.at < mention.at]
                compared = any(
                    tag.startswith(("role:versus", "direction:", "comparison:", "implied:"))
                    for other in (*between, mention)
                    for tag in other.tags
                )
                return None if compared else quantity
        return None

    def _is_of_the_last(self, quantity: Quantity) -> bool:
        """As in "Two hard days in the last seven": the days are not said again."""
        return any(
            ("article:last" in m.tags and m.end == quantity.at)
            or (m.tags & {"article:last", "role:usual"} and m.at == quantity.end)
            for m in self.sentence.mentions
        )

    def is_window(self, quantity: Quantity) -> bool:
        """Return whether a quantity is a span of time that the facts rest on, such as "four weeks"."""
        meaning = quantity.meanings[0] if quantity.meanings else None
        if meaning is None or quantity.upper is not None:
            return False
        if meaning.dimension is None and self._is_of_the_last(quantity):
            return 7 * meaning.value in self.evidence.days or meaning.value in self.evidence.days | self.evidence.spans
        if any(m.at == quantity.end and m.tags & _STREAKS for m in self.sentence.mentions):
            return False
        if meaning.dimension == "days":
            alike = max(_DAYS_ALIKE, _MONTHS_ALIKE * meaning.value)  # "two months" are sixty days
            return any(abs(meaning.value - days) <= alike for days in self.evidence.days)
        if meaning.dimension == "length":
            return meaning.value in self.evidence.lengths
        if meaning.dimension == "time":
            return any(abs(meaning.value - seconds) < _SECONDS_ALIKE for seconds in self.evidence.seconds)
        return False
