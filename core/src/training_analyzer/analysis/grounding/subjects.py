"""Of what the numbers and directions of a sentence are said to be: of which metric, and of which sport."""

from dataclasses import dataclass
from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention
from training_analyzer.analysis.grounding.surroundings import _NO, ADJACENT, CLOSE, NEAR, THINGS, Surroundings

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
_AMOUNTS: Final = frozenset({"time", "distance", "session", "load"})
_FAR: Final = 8
_NO_SHARES: Final = frozenset({"streak", "since_last", "history"})
"""Spans, of which nobody says a percentage."""
_HARDER: Final = frozenset({"session", "time", "training_day"})
"""What is said of these may be of another metric: "sessions were a tenth harder"."""
_ASCENT: Final = frozenset({"elevation", "descent"})
_HOURLY: Final = frozenset({"load", "session", "training_day"})
"""What is said of an hour means the intensity."""
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
_RACE: Final = frozenset({"race"})
_PAIR: Final = 2


def _is_weak(mention: Mention) -> bool:
    """Return whether a word names a metric only beside a number in its unit: "took"."""
    return "clause:weak" in mention.tags


@dataclass
class Subjects(Surroundings):
    """A sentence whose words are bound to each other."""

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
        if told := self._said_by_what_follows(quantity):
            return told
        if quantity.metrics - _MEASURES or (quantity.metrics and not self.sentence.has("metric:sleep")):
            return quantity.metrics
        fact = self.evidence.by_id.get(quantity.fact)
        possible = _SAID_OF.get(fact.dimension if fact else quantity.dimension)
        mentions = [
            (mention, keys)
            for mention in self.sentence.naming("metric")
            if (keys := self._metrics(mention))
            and not (quantity.dimension == "percent" and keys <= _NO_SHARES)
            and not (quantity.dimension == "percent" and self._counts_others(mention, quantity))
            and (keys & possible if possible else self._may_be_of(mention, quantity))
        ]
        if possible is None and (respective := self._respective(quantity)):
            return respective
        compounds = self._compounds(mentions)
        found = (
            self._meant_by_pronoun(quantity.at, compounds)
            or self._nearest(self._near(compounds, quantity.at), quantity.at, quantity.end)
            or self._nearest(compounds, quantity.at, quantity.end)
        )
        if possible is None and found <= _HARDER and (implied := self._implied_behind(quantity)):
            return found | implied
        if not found and (whole := self._whole_of(quantity)):
            return self.metrics_of(whole)
        if not found and possible is None and self.before is not None and self._begins_with_pronoun():
            found = self.before.spoken_metrics()
        return self._hourly(found, quantity.at)

    def _said_by_what_follows(self, quantity: Quantity) -> frozenset[str]:
        if self._is_until_a_race(quantity):
            return _RACE
        if self._is_since_rest(quantity):
            return frozenset({"since_rest"})
        following = next((q for q in self.sentence.quantities if q.at == quantity.end), None)
        if following and self._is_repeated(quantity, following):
            return THINGS
        if quantity.dimension == "percent" and self._is_of_a_sport(quantity):
            return _AMOUNTS
        return self._ascent_of(quantity) if quantity.metrics else _NO

    def _is_of_a_sport(self, quantity: Quantity) -> bool:
        """As in "You rode almost 19 % less": of what was ridden."""
        sentence = self.sentence
        verb = any(
            m.end <= quantity.at and self.gap(m.end, quantity.at) <= 0 and not m.keys("metric")
            for m in sentence.naming("sport")
        )
        return verb and any(
            m.at == quantity.end and "clause:quantifier" in m.tags for m in sentence.naming("clause")
        )

    def _ascent_of(self, quantity: Quantity) -> frozenset[str]:
        """As in "Your ascent came to 9.8 km": no distance, whatever the unit says."""
        named = [m for m in self.sentence.naming("metric") if self._metrics(m)]
        beside = next((m for m in reversed(named) if 0 <= quantity.at - m.end <= CLOSE), None)
        if beside is None and self.leads(quantity):
            beside = next((m for m in named if 0 < m.at - quantity.end <= CLOSE), None)
        others = (other for other in self.sentence.quantities if other is not quantity)
        if beside is None or any(0 <= beside.at - other.end <= CLOSE for other in others):
            return _NO  # "1,620 m of climbing over 88.4 km"
        metrics = self._metrics(beside)
        return metrics if metrics <= _ASCENT else _NO

    def _has_its_own_number(self, mention: Mention) -> bool:
        """As in "At 4:10 per km, close to your threshold pace of 4:08"."""
        return any(
            q.at >= mention.end and self._distance(mention.end, q.at) == 0 for q in self.sentence.quantities
        )

    def _counts_others(self, mention: Mention, quantity: Quantity) -> bool:
        """As in "With 263 km on six rides you were 8 % below": the rides are what six counts."""
        return "metric:session" in mention.tags and any(
            other.end == mention.at and other.dimension is None and other is not quantity
            for other in self.sentence.quantities
        )

    def _is_until_a_race(self, quantity: Quantity) -> bool:
        """As in "The half marathon is 18 days off", "with five weeks to go": no days of rest."""
        if quantity.dimension not in (None, "days") or "race" not in self.evidence.concepts:
            return False
        if any(m.at == quantity.end for m in self.sentence.tagged("clause:until")):
            return True
        named = self.sentence.naming("metric")
        return any(m.at == quantity.end and "metric:rest_day" in m.tags for m in named) and any(
            0 < quantity.at - m.end <= CLOSE and "metric:race" in m.tags for m in named
        )

    def _is_since_rest(self, quantity: Quantity) -> bool:
        """As in "One rest day, and it was four days ago"."""
        return (
            quantity.dimension == "days"
            and "since_rest" in self.evidence.concepts
            and any(
                m.at == quantity.end and m.tags & {"clause:ago", "clause:since_that"}
                for m in self.sentence.naming("clause")
            )
            and self.sentence.has("metric:rest_day")
        )

    def _near(
        self, mentions: list[tuple[Mention, frozenset[str]]], at: int
    ) -> list[tuple[Mention, frozenset[str]]]:
        """Return what stands in the same clause."""
        return [(m, keys) for m, keys in mentions if self.sentence.together(m.at, at)]

    def is_far(self, metrics: frozenset[str], quantity: Quantity) -> bool:
        """Return whether other clauses alone name metrics: they say little of a number in this one."""
        named = [m for m in self.sentence.naming("metric") if self._metrics(m) & metrics]
        return bool(named) and not any(self.sentence.together(m.at, quantity.at) for m in named)

    def _meant_by_pronoun(self, at: int, mentions: list[tuple[Mention, frozenset[str]]]) -> frozenset[str]:
        """As in "Form is negative, but it recovered by 5.4 points": of what the clause before it is first."""
        between = self.sentence.between
        for pronoun in reversed(list(self.sentence.tagged("clause:pronoun"))):
            if pronoun.end > at or between(pronoun.at, at) >= APART:
                continue
            ahead = [(m, keys) for m, keys in mentions if m.end <= pronoun.at]
            if not ahead or any(pronoun.end <= m.at < at for m, _ in mentions):
                return _NO
            wall = min(between(m.at, pronoun.at) for m, _ in ahead)
            return next(keys for m, keys in ahead if between(m.at, pronoun.at) == wall)
        return _NO

    def _implied_behind(self, quantity: Quantity) -> frozenset[str]:
        """As in "Sessions were a tenth harder": the word behind a share says of what it is."""
        behind = next((m for m in self.sentence.mentions if m.at == quantity.end), None)
        implied = frozenset(key.partition(".")[0] for key in behind.keys("implied")) if behind else _NO
        return implied | {"distance"} if "time" in implied else implied  # "a third longer"

    def spoken_metrics(self) -> frozenset[str]:
        """Return all metrics that the sentence names, or else those of its numbers."""
        named = frozenset[str]().union(*(self._metrics(m) for m in self.sentence.naming("metric")))
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
        return any(
            "clause:pronoun" in mention.tags and mention.at == 0 for mention in self.sentence.naming("clause")
        )

    def _whole_of(self, quantity: Quantity) -> Quantity | None:
        """As in "Three of your nine sessions": what nine is said of, three is."""
        of = next(
            (m for m in self.sentence.naming("article") if m.at == quantity.end and "article:of" in m.tags),
            None,
        )
        return next((q for q in self.sentence.quantities if of and 0 <= q.at - of.end <= 1), None)

    def subject_of(self, mention: Mention) -> frozenset[str]:
        """Return the metrics that a direction is said of."""
        mentions = [
            (other, keys)
            for other in self.sentence.naming("metric")
            if other is not mention and (keys := self._metrics(other)) and not other.keys("implied")
        ]
        compounds = self._compounds(mentions)
        found = self._nearest(self._near(compounds, mention.at), mention.at, mention.end)
        found = found or self._nearest(compounds, mention.at, mention.end)
        behind = mention.keys("direction") == {"flat"}  # "..., as usual"
        return self._hourly(found, mention.at, APART + 1 if behind else APART)

    def _metrics(self, mention: Mention) -> frozenset[str]:
        """Return what a mention names. "Climbing" is ascent only where a fact is."""
        keys = mention.keys("metric")
        if "rest_day" in keys and self._is_denied(mention):
            keys = keys - {"rest_day"} | {"since_rest"}
        directs = mention.keys("direction")
        if directs and keys <= _ASCENT and self._moves_a_metric(mention):
            return _NO
        ambiguous = directs or mention.keys("role") or keys <= _EVERYDAY
        return keys & self.evidence.concepts if ambiguous else keys

    def named_before(self, verb: Mention) -> frozenset[str]:
        """Return the metrics right before a verb, with what belongs to them: "pulse of your runs rose"."""
        named = [(m, self.metrics_named(m)) for m in self.sentence.naming("metric") if m.end <= verb.at]
        joined = self._compounds(named)
        return joined[-1][1] if joined and joined[-1][0].end == verb.at else _NO

    def _moves_a_metric(self, mention: Mention) -> bool:
        """As in "The intensity has climbed by a fifth": no ascent."""
        return any(
            m.end <= mention.at
            and m.end >= mention.at - NEAR
            and m.keys("metric") - _ASCENT - _HARDER
            and self.sentence.between(m.at, mention.at) < APART
            for m in self.sentence.naming("metric")
        ) and not any(
            0 <= quantity.at - mention.end <= CLOSE and quantity.dimension == "length"
            for quantity in self.sentence.quantities
        )

    def _is_denied(self, mention: Mention) -> bool:
        """As in "Six days without a rest day"."""
        return "since_rest" in self.evidence.concepts and any(
            0 <= mention.at - none.end <= ADJACENT or none is mention
            for none in self.sentence.tagged("negation:none")
        )

    def metrics_named(self, mention: Mention) -> frozenset[str]:
        """Return the metrics that a phrase names, where facts are of them."""
        return self._metrics(mention) & self.evidence.concepts

    def _hourly(self, metrics: frozenset[str], at: int, apart: int = APART) -> frozenset[str]:
        """As in "Each hour carried a load of 66": the load of an hour is the intensity."""
        if not metrics & _HOURLY:
            return metrics
        hourly = any(
            self.sentence.between(m.at, at) < apart or self._is_set_before(m)
            for m in self.sentence.tagged("clause:rate")
        )
        return frozenset({"intensity"}) if hourly else metrics

    def sports_of(self, at: int, end: int, apart: int = APART) -> frozenset[str]:
        """Return the sports named in the same part of the sentence: right behind, or else before."""
        sentence = self.sentence
        spans = {
            q.end for q in sentence.quantities if q.dimension in ("days", "times")
        }  # "three weeks running"
        mentions = [
            (m, keys) for m in sentence.naming("sport") if (keys := m.keys("sport")) and m.at not in spans
        ]
        for mention, keys in mentions:
            if 0 <= mention.at - end <= NEAR - 1 and sentence.between(end - 1, mention.at) < APART:
                return keys
        for mention, keys in reversed(mentions):
            if mention.end <= at and sentence.between(mention.at, at) < apart:
                return _NO if self._is_overall(mention.end, at, end) else keys
        if self._is_overall(0, at, end):
            return _NO
        return self._sports_before_colon(at)

    def sports_moved(self, mention: Mention) -> frozenset[str]:
        """As in "Run distance grew alongside your riding": the sport of what stands right before the verb."""
        metric = next((m for m in self.sentence.naming("metric") if m.end == mention.at), None)
        ahead = metric and next((m for m in self.sentence.naming("sport") if m.end == metric.at), None)
        return ahead.keys("sport") if ahead else _NO

    def _is_overall(self, start: int, at: int, end: int) -> bool:
        """As in "A week on the ergometer, with overall load at 305": of no sport any more."""
        return any(
            (start <= m.at and m.end <= at and self.sentence.between(m.at, at) < APART) or m.at == end
            for m in self.sentence.tagged("clause:overall")
        )

    def _sports_before_colon(self, at: int) -> frozenset[str]:
        """As in "Most of it came from the bike: 212 km": what stands before a colon is what follows."""
        colon = next((i for i in range(at - 1, 0, -1) if self.sentence.tokens[i].word == ":"), 0)
        topic = next((m for m in self.sentence.mentions if m.end == colon), None)
        return topic.keys("sport") if topic else _NO

    def is_bound(self, quantity: Quantity) -> bool:
        """Return whether a metric stands right before or behind a number without a unit."""
        if quantity.dimension is not None:
            return False
        return any(
            m.at == quantity.end or (m.end == quantity.at and not _is_weak(m))
            for m in self.sentence.mentions
            if self._metrics(m)
        )

    def _respective(self, quantity: Quantity) -> frozenset[str]:
        """As in "Fatigue and fitness are at 63 and 61": the first number is of the first metric."""
        sentence = self.sentence
        if len(sentence.quantities) < _PAIR:
            return frozenset()
        starts = {m.at: m for m in sentence.mentions}
        joins = [m for m in sentence.naming("clause") if "clause:and" in m.tags]
        for join in joins:
            pair = [q for q in sentence.quantities if q.end == join.at or q.at == join.end]
            if len(pair) == _PAIR and quantity in pair:
                for other in joins:
                    one = next((m for m in sentence.mentions if m.end == other.at and m.keys("metric")), None)
                    two = starts.get(other.end)
                    if one and two and two.keys("metric") and two.end <= pair[0].at:
                        return (one, two)[pair.index(quantity)].keys("metric")
        return frozenset()

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
                if wall < APART or not self._has_its_own_number(mention)
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
