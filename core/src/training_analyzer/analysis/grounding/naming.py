"""Which metrics the phrases of a sentence name, and which of them stands nearest to a place."""

from dataclasses import dataclass
from typing import Final

from training_analyzer.analysis.grounding.lazy import lazy
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.sports import Sports
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, NEAR

_FAR: Final = 8
HARDER: Final = frozenset({"session", "time", "training_day"})
"""What is said of these may be of another metric: "sessions were a tenth harder"."""
_RACE: Final = frozenset({"race"})
ASCENT: Final = frozenset({"elevation", "descent"})
_EVERYDAY: Final = frozenset(
    {
        "stroke_count",
        "steps",
        "energy",
        "ratio",
        "streak",
        "easy",
        "hard",
        "history",
        "threshold",
        "efficiency",
        "strain",
    }
)
"""Metrics whose words mean something else where no fact is of them."""
_KINDS: Final = frozenset({"easy", "moderate", "hard"})
_TIME: Final = frozenset({"time"})
_SPEED: Final = frozenset({"speed"})
_PER_WAY: Final = "min_per_"
_NO: Final = frozenset[str]()


def is_weak(mention: Mention) -> bool:
    """Return whether a word names a metric only beside a number in its unit: "took"."""
    return "clause:weak" in mention.tags


@dataclass
class Naming(Sports):
    """A sentence whose phrases for metrics are told apart by what facts there are."""

    def metrics_named(self, mention: Mention) -> frozenset[str]:
        """Return the metrics that a phrase names, where facts are of them."""
        return self.metrics_in(mention) & self.evidence.concepts

    def metrics_in(self, mention: Mention) -> frozenset[str]:
        """Return what a mention names. "Climbing" is ascent only where a fact is."""
        return self._metrics_at.get(mention.at, _NO)

    @lazy
    def _metrics_at(self) -> dict[int, frozenset[str]]:
        return {m.at: self._named_by(m) for m in self.sentence.naming("metric")}

    def _named_by(self, mention: Mention) -> frozenset[str]:
        keys = mention.keys("metric")
        if keys == {"average_power"} and not self._is_of_power(mention):
            return _NO
        if keys == _TIME and self.per_way(mention):
            return _SPEED
        directs = mention.keys("direction")
        if directs and keys <= ASCENT and self._moves_a_metric(mention):
            return _NO
        ambiguous = directs or mention.keys("role") or keys <= _EVERYDAY
        return keys & self.evidence.concepts if ambiguous else keys

    def _is_of_power(self, mention: Mention) -> bool:
        """As in "An average of 214 W", and not "the average of all runs"."""
        if mention.end == mention.at + 1 or not self.sentence.ends_in(mention, "of"):
            return True
        behind = next((q for q in self.sentence.quantities if q.at == mention.end), None)
        return behind is not None and behind.dimension in ("power", None)

    def per_way(self, time: Mention) -> str:
        """As in "Ton temps moyen aux 500 m": the time that a way takes is the pace. Return its unit."""
        for m in self.sentence.naming("unit"):
            paced = min((unit for unit in m.keys("unit") if unit.startswith(_PER_WAY)), default="")
            beside = 0 <= m.at - time.end <= ADJACENT
            if paced and beside and not any(q.at <= m.at < q.end for q in self.sentence.quantities):
                return paced
        return ""

    def _moves_a_metric(self, mention: Mention) -> bool:
        """As in "The intensity has climbed by a fifth": no ascent, which a race has."""
        return any(
            m.end <= mention.at
            and m.end >= mention.at - NEAR
            and m.keys("metric") - ASCENT - HARDER - _RACE
            and self.sentence.between(m.at, mention.at) < APART
            for m in self.sentence.naming("metric")
        ) and not any(
            0 <= quantity.at - mention.end <= CLOSE and quantity.dimension == "length"
            for quantity in self.sentence.quantities
        )

    def spoken_metrics(self) -> frozenset[str]:
        """Return all metrics that the sentence names, or else those of its numbers."""
        return self._spoken or frozenset[str]().union(
            *(r.concepts for said in self.said.values() for r in said)
        )

    @lazy
    def _spoken(self) -> frozenset[str]:
        return frozenset[str]().union(*self._metrics_at.values())

    def named_before(self, verb: Mention) -> frozenset[str]:
        """Return the metrics right before a verb, with what belongs to them: "pulse of your runs rose"."""
        named = [(m, self.metrics_named(m)) for m in self.sentence.naming("metric") if m.end <= verb.at]
        joined = self._compounds(named)
        return joined[-1][1] if joined and joined[-1][0].end == verb.at else _NO

    def _compounds(
        self, mentions: list[tuple[Mention, frozenset[str]]]
    ) -> list[tuple[Mention, frozenset[str]]]:
        """Give a mention what belongs to it: "longest session", "the intensity of your sessions"."""
        joined: list[tuple[Mention, frozenset[str]]] = []
        for mention, own in mentions:
            ahead = joined[-1] if joined else None
            belongs = ahead is not None and self._distance(ahead[0].end, mention.at) == 0
            whole = own | ahead[1] if ahead is not None and belongs else own
            if ahead is not None and belongs and ahead[1] <= _KINDS and "session" in own:
                joined[-1] = (ahead[0], whole)  # "28 easy runs"
            joined.append((mention, whole))
        return joined

    def _near(
        self, mentions: list[tuple[Mention, frozenset[str]]], at: int
    ) -> list[tuple[Mention, frozenset[str]]]:
        """Return what stands in the same clause."""
        return [(m, keys) for m, keys in mentions if self.sentence.together(m.at, at)]

    def _nearest(self, mentions: list[tuple[Mention, frozenset[str]]], at: int, end: int) -> frozenset[str]:
        if not mentions:
            return _NO
        sentence = self.sentence
        last = len(sentence.tokens) - 1
        before = min(
            (
                (
                    self._distance(mention.end, at) + wall + 2 * self.quantities_between(mention.end, at),
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
                if wall < APART or not self._has_its_own_number(mention)
            ),
            default=None,
            key=lambda found: found[0] + found[1],
        )
        told = before and self._is_told_with(at, end)
        if after and after[1] < APART and after[0] <= ADJACENT and not (before and before[0] <= after[0]):
            return before[2] if told and before else after[2]
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

    def _is_told_with(self, at: int, end: int) -> bool:
        """As in "Da die Ermüdung mit 66,4 die Fitness von 52,9 übersteigt": the object follows."""
        preposition, article = self.sentence.ending.get(at), self.sentence.starting.get(end)
        if preposition is None or article is None or article.tags != {"article:the"}:
            return False
        named = self.sentence.ending.get(preposition.at)
        return "role:at" in preposition.tags and named is not None and bool(named.keys("metric"))

    def _has_its_own_number(self, mention: Mention) -> bool:
        """As in "At 4:10 per km, close to your threshold pace of 4:08"."""
        return any(
            q.at >= mention.end and self._distance(mention.end, q.at) == 0 for q in self.sentence.quantities
        )

    def is_far(self, metrics: frozenset[str], quantity: Quantity) -> bool:
        """Return whether other clauses alone name metrics: they say little of a number in this one."""
        named = [m for m in self.sentence.naming("metric") if self.metrics_in(m) & metrics]
        return bool(named) and not any(self.sentence.together(m.at, quantity.at) for m in named)

    def is_bound(self, quantity: Quantity) -> bool:
        """Return whether a metric stands right before or behind a number without a unit."""
        if quantity.dimension is not None:
            return False
        behind, ahead = self.sentence.starting.get(quantity.end), self.sentence.ending.get(quantity.at)
        if behind is not None and self.metrics_in(behind):
            return True
        return ahead is not None and not is_weak(ahead) and bool(self.metrics_in(ahead))

    def counted_out_of(self, quantity: Quantity) -> Quantity | None:
        """As in "Three of your nine sessions": what nine is said of, three is."""
        of = self.sentence.starting.get(quantity.end)
        if of is None or "article:of" not in of.tags:
            return None
        return next((q for q in self.sentence.quantities if 0 <= q.at - of.end <= 1), None)
