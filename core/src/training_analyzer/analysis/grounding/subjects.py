"""Of which metric the numbers and directions of a sentence are said to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.measured import SAID_OF
from training_analyzer.analysis.grounding.naming import HARDER, Naming, is_weak
from training_analyzer.analysis.grounding.phrased import said_by_phrase
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, NEAR

_MEASURES: Final = frozenset({"time", "distance"})
"""What is called volume."""
_TOLD_WITH: Final = frozenset({"clause:and", "clause:within"})
_NO_SHARES: Final = frozenset({"streak", "since_last", "history"})
"""Spans, of which nobody says a percentage."""
_HOURLY: Final = frozenset({"load", "session", "training_day"})
"""What is said of an hour means the intensity."""
_COUNTS: Final = frozenset({"sessions", "rest days", "hard days"})
"""Units that say what is counted."""
_STREAK: Final = frozenset({"streak"})
_DAYS_COUNTED: Final = frozenset({"rest_day", "streak", "since_last"})
_TRAINED: Final = frozenset({"training_day"})
"""As in "You trained every day, where {rest_days_usual} are normal"."""
_OCCASIONS: Final = frozenset({"session"})
_PAIR: Final = 2
_JOINING: Final = frozenset({"clause:and", "role:versus", "role:to"})
_NEVER_MOVING: Final = frozenset({"estimated", "history"})
"""What limits the trust in facts: "a week as usual, roughly estimated"."""
_NO: Final = frozenset[str]()


@dataclass
class Subjects(Naming):
    """A sentence whose words for metrics are bound to what is said of them."""

    def metrics_of(self, quantity: Quantity) -> frozenset[str]:
        """Return what a quantity is said of; empty where the sentence does not tell."""
        found = self._counted_by_code(quantity, self._said_of(quantity))
        return found - _NO_SHARES if quantity.dimension == "percent" else found

    def _counted_by_code(self, quantity: Quantity, found: frozenset[str]) -> frozenset[str]:
        """As in "{sessions_week} left no room for a rest day": code writes "7 sessions", which tells."""
        fact = self.evidence.by_id.get(quantity.fact)
        if fact is None or not found or found & fact.concepts:
            return found
        counted = self.evidence.facts[quantity.fact].unit in _COUNTS
        if counted and self._is_part_of_a_volume(quantity, found):
            return fact.concepts
        if not counted and (found != _STREAK or fact.dimension == "days"):
            return found
        named = [m for m in self.sentence.naming("metric") if m.keys("metric") & found]
        others = [q for q in self.sentence.quantities if q is not quantity]
        beside = any(
            (
                0 <= m.at - quantity.end <= CLOSE
                and not self.parts_numbers(quantity.end, m.at)
                and not (counted and self.sentence.tokens[quantity.end].word == ",")
            )
            or (
                counted
                and 0 <= self.gap_of(m.end, quantity.at) <= ADJACENT
                and not any(0 <= m.at - q.end <= CLOSE for q in others)
            )
            for m in named
        )  # "never more than {longest_gap} off in a row across {sessions_month}"
        of_others = all(any(m.at == q.end or self.gap_of(m.end, q.at) == 0 for q in others) for m in named)
        parted = counted and all(self.parts_numbers(m.end, quantity.at) for m in named if m.at < quantity.at)
        counts_days = found <= _DAYS_COUNTED or (found & _TRAINED and "rest_day" in fact.concepts)
        if (beside and not (counted and of_others)) or not (counts_days or of_others or parted):
            return found
        return fact.concepts if counted else _NO  # "a second big week in a row: {load_week}"

    def _is_part_of_a_volume(self, count: Quantity, found: frozenset[str]) -> bool:
        """As in "Der Umfang blieb gleich: {sessions_month} und {time_month}": both are the volume."""
        joint = self.sentence.starting.get(count.end)
        if joint is None or joint.tags.isdisjoint(_TOLD_WITH) or not found <= _MEASURES:
            return False
        other = next((q for q in self.sentence.quantities if q.at == joint.end), None)
        fact = self.evidence.by_id.get(other.fact) if other is not None else None
        return fact is not None and bool(fact.concepts & found)

    def _may_be_of(self, mention: Mention, quantity: Quantity) -> bool:
        """Return whether a number without a unit can be of a metric: weak words only right before it."""
        if mention.keys("role") - {"now"}:
            return False
        in_brackets = mention.end == quantity.at - 1 and self.sentence.tokens[mention.end].word == "("
        return in_brackets or not is_weak(mention) or self._moves(mention, quantity)

    def _moves(self, mention: Mention, quantity: Quantity) -> bool:
        """As in "Hours were up by 40 %": a direction stands between."""
        return any(
            0 <= m.at - mention.end <= ADJACENT and 0 <= quantity.at - m.end <= CLOSE and m.keys("direction")
            for m in self.sentence.mentions
        )

    def _said_of(self, quantity: Quantity) -> frozenset[str]:
        if told := said_by_phrase(quantity, self):
            return told
        if quantity.metrics:
            return quantity.metrics
        if opposed := self._opposed_to(quantity):
            return self.metrics_of(opposed)
        possible = self._possible(quantity)
        growing = self.sentence.has("clause:growth")
        mentions = [
            (mention, keys)
            for mention in self.sentence.naming("metric")
            if (keys := self.metrics_in(mention))
            and not (quantity.dimension == "percent" and keys <= _NO_SHARES)
            and not (quantity.dimension == "percent" and self._counts_others(mention, quantity))
            and not (growing and self._is_outgrown(mention, quantity))
            and (keys & possible if possible else self._may_be_of(mention, quantity))
        ]
        if possible is None and (respective := self._respective(quantity)):
            return respective
        whole = self.counted_out_of(quantity) if quantity.fraction else None
        if whole and whole.dimension is not None:  # "a little more than half of the 156 km"
            return self.metrics_of(whole)
        compounds = self._compounds(mentions)
        if quantity.fact and (implied := self._implied_behind(quantity)):
            return implied | self._nearest(compounds, quantity.at, quantity.end)
        beside = any(
            0 <= m.at - quantity.end <= ADJACENT and self.sentence.between(quantity.end - 1, m.at) < APART
            for m, _ in compounds
        )
        found = (
            (_NO if beside else self._meant_by_pronoun(quantity.at, compounds))
            or self._nearest(self._near(compounds, quantity.at), quantity.at, quantity.end)
            or self._nearest(compounds, quantity.at, quantity.end)
        )
        if possible is None and found <= HARDER and (implied := self._implied_behind(quantity)):
            return found | implied
        if not found and (whole := self.counted_out_of(quantity)):
            return self.metrics_of(whole)
        return self.hourly(found, quantity.at)

    def _possible(self, quantity: Quantity) -> frozenset[str] | None:
        """Return the metrics that can be in its unit: of a placeholder, those of which a fact is, too."""
        fact = self.evidence.by_id.get(quantity.fact)
        possible = SAID_OF.get(fact.dimension if fact else quantity.dimension)
        if fact is None or possible is None:
            return possible
        # "Short and easy: {session_time}", where no time is of what was easy.
        alike = self.evidence.by_dimension.get(fact.dimension, ())
        return possible & frozenset[str]().union(*(reading.concepts for reading in alike))

    def _opposed_to(self, quantity: Quantity) -> Quantity | None:
        """As in "540 statt der gewohnten 380 Höhenmeter": what the number behind it is of, it is of, too."""
        if quantity.dimension is not None or self.is_bound(quantity):
            return None
        if not self.sentence.has_at(quantity.end, "role:versus"):
            return None
        versus = self.sentence.starting[quantity.end]
        behind = next((q for q in self.sentence.quantities if q.at > quantity.at), None)
        if behind is None or not 0 <= behind.at - versus.end <= NEAR:
            return None
        return behind if behind.metrics or self.is_bound(behind) else None

    def _is_outgrown(self, mention: Mention, quantity: Quantity) -> bool:
        """As in "Climbing grew faster than distance, up 25 %", "by 25 % against 10 %": the climbing is."""
        tokens, sentence = self.sentence.tokens, self.sentence
        if not any(m.end <= mention.at for m in sentence.tagged("clause:growth")):
            return False
        apart = any(token.word in (",", ":") for token in tokens[mention.end : quantity.at])
        if apart and mention.keys("implied") and sentence.has_at(mention.end, "role:versus"):
            return True  # what grows "faster" is no pace
        mark = tokens[mention.end].word if mention.end < quantity.at else ""
        by = (*self.ways, *sentence.tagged("role:by_before"))
        way = next((m for m in by if m.end == quantity.at), None)
        if mark not in (":", "(") and (way is None or way.at - 1 != mention.end or mark != ","):
            return False  # "faster than the distance: 8,400 m, up 40 %"
        return any(0 <= mention.at - m.end <= ADJACENT for m in sentence.tagged("role:versus"))

    def _counts_others(self, mention: Mention, quantity: Quantity) -> bool:
        """As in "With 263 km on six rides you were 8 % below": the rides are what six counts."""
        return "metric:session" in mention.tags and any(
            other.end == mention.at and other.dimension is None and other is not quantity
            for other in self.sentence.quantities
        )

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
        behind = self.sentence.starting.get(quantity.end)
        implied = frozenset(key.partition(".")[0] for key in behind.keys("implied")) if behind else _NO
        return implied | {"distance"} if "time" in implied else implied  # "a third longer"

    def subject_of(self, mention: Mention) -> frozenset[str]:
        """Return the metrics that a direction is said of."""
        mentions = [
            (other, keys)
            for other in self.sentence.naming("metric")
            if other is not mention and (keys := self.metrics_in(other) - _NEVER_MOVING)
            if not other.keys("implied")
        ]
        mentions = self._without_occasions(mention, mentions)
        mentions = self._without_what_it_is_at(mention, mentions)
        compounds = self._compounds(mentions)
        found = self._nearest(self._near(compounds, mention.at), mention.at, mention.end)
        found = found or self._nearest(compounds, mention.at, mention.end)
        behind = mention.keys("direction") == {"flat"}  # "..., as usual"
        return self.hourly(found, mention.at, APART + 1 if behind else APART)

    def _without_occasions(
        self, than: Mention, named: list[tuple[Mention, frozenset[str]]]
    ) -> list[tuple[Mention, frozenset[str]]]:
        """As in "Output per heartbeat was higher than in rides of similar length": not of the rides."""
        ahead = any(m.end <= than.at and self.sentence.together(m.at, than.at) for m, _ in named)
        if not (ahead and than.keys("comparison")):
            return named
        return [(m, keys) for m, keys in named if m.at < than.end or keys != _OCCASIONS]

    def _without_what_it_is_at(
        self, verb: Mention, named: list[tuple[Mention, frozenset[str]]]
    ) -> list[tuple[Mention, frozenset[str]]]:
        """As in "Bei etwa gewohnter Dauer stieg die Belastung": of what follows the verb."""
        ahead = [m for m, _ in named if m.end == verb.at]
        behind = any(0 <= m.at - verb.end <= ADJACENT for m, _ in named)
        if not ahead or not behind or "clause:growth" not in verb.tags:
            return named
        at = next((m for m in self.sentence.tagged("role:at") if m.end <= ahead[0].at), None)
        led = at is not None and self.sentence.begins(at.at) and not self.parts_numbers(at.at, verb.at)
        return [(m, keys) for m, keys in named if m is not ahead[0]] if led else named

    def hourly(self, metrics: frozenset[str], at: int, apart: int = APART) -> frozenset[str]:
        """As in "Each hour carried a load of 66": the load of an hour is the intensity."""
        if not metrics & _HOURLY:
            return metrics
        hourly = any(
            self.sentence.between(m.at, at) < apart
            or self.is_set_before(m)
            or (
                m.end <= at and self.sentence.together(m.at, at)
            )  # "an hour carried a load of 72, 59 being usual"
            for m in self.sentence.tagged("clause:rate")
        )
        return frozenset({"intensity"}) if hourly else metrics

    def _respective(self, quantity: Quantity) -> frozenset[str]:
        """As in "Fatigue and fitness are at 63 and 61", "is above it (63 against 61)": one each, in order."""
        sentence = self.sentence
        if len(sentence.quantities) < _PAIR:
            return _NO
        joins = [m for m in sentence.mentions if m.tags & _JOINING]
        for join in joins:
            pair = [q for q in sentence.quantities if q.end == join.at or q.at == join.end]
            if len(pair) != _PAIR or quantity not in pair:
                continue
            for one, two in self._pairs_of_metrics(pair[0].at):
                return (one, two)[pair.index(quantity)].keys("metric")
        return frozenset()

    def _pairs_of_metrics(self, end: int) -> Iterator[tuple[Mention, Mention]]:
        """Yield two metrics ahead of a place that are joined, or one of which is above the other."""
        named = [m for m in self.sentence.naming("metric") if m.end <= end and m.keys("metric")]
        for one, two in pairwise(named):
            between = [m for m in self.sentence.mentions if one.end <= m.at and m.end <= two.at]
            joined = any("clause:and" in m.tags and m.end == two.at and m.at == one.end for m in between)
            beyond = any(m.keys("comparison") or "role:versus" in m.tags for m in between)
            compared = beyond and two.at - one.end <= NEAR
            if joined or (compared and not self.parts_numbers(one.end, end)):
                yield one, two
