"""Of which sport the numbers and directions of a sentence are said to be."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.comparatives import Comparatives
from training_analyzer.analysis.grounding.lazy import lazy
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_NO: Final = frozenset[str]()


@dataclass
class Sports(Comparatives):
    """A sentence whose words for sports are bound to what is said of them."""

    @lazy
    def sports(self) -> frozenset[str]:
        """Return all sports that the sentence names."""
        named = self.sentence.naming("sport")
        return frozenset[str]().union(*(m.keys("sport") for m in named if not self.runs_on(m)))

    def sports_of(self, at: int, end: int, apart: int = APART) -> frozenset[str]:
        """Return the sports named in the same part of the sentence: right behind, or else before."""
        sentence = self.sentence
        if not sentence.naming("sport"):
            return _NO
        spans = {
            q.end for q in sentence.quantities if q.dimension in ("days", "times")
        }  # "three weeks running"
        mentions = [
            (m, keys)
            for m in sentence.naming("sport")
            if (keys := m.keys("sport"))
            and not (m.at in spans and "clause:on_end" in m.tags)
            and not self.runs_on(m)
        ]
        if len(mentions) > 1 and (own := self._sport_in_turn(at)):
            return own
        for mention, keys in mentions:
            beside = 0 <= mention.at - end <= NEAR - 1 and sentence.between(end - 1, mention.at) < APART
            if beside and not self._is_a_likeness(end, mention.at):
                return keys
        for mention, keys in reversed(mentions):
            if mention.end <= at and sentence.between(mention.at, at) < apart:
                summed = self._is_overall(mention.end, at, end, apart) or self._is_summed_up(mention, at)
                return _NO if summed else keys
        if self._is_overall(0, at, end):
            return _NO
        return (
            self._sports_before_colon(at)
            or self._sports_set_before(at)
            or self._sports_whence(end)
            or self._sports_spread(at)
        )

    def _sport_in_turn(self, at: int) -> frozenset[str]:
        """As in "Ride and run distance held at {ride_distance} and {run_distance}": one each, in order."""
        told = (
            p for p in pairwise(self.sentence.quantities) if at in (p[0].at, p[1].at) and self._joined(*p)
        )
        pair = next(told, None)
        if pair is None:
            return _NO
        named = pairwise([m for m in self.sentence.naming("sport") if m.end <= pair[0].at])
        both = next((p for p in named if self._joined(*p)), None)
        return both[at == pair[1].at].keys("sport") if both else _NO

    def _joined(self, one: Quantity | Mention, other: Quantity | Mention) -> bool:
        joint = self.sentence.starting.get(one.end)
        return joint is not None and "clause:and" in joint.tags and joint.end == other.at

    def _sports_spread(self, at: int) -> frozenset[str]:
        """As in "52.8 km of running, spread over six sessions": the one sport that is spread over them."""
        spread = next((m for m in self.sentence.tagged("clause:spread") if 0 <= at - m.end <= CLOSE), None)
        ahead = [m.keys("sport") for m in self.sentence.naming("sport") if spread and m.end <= spread.at]
        found = frozenset[str]().union(*ahead)
        return found if len(found) == 1 else _NO

    def _is_a_likeness(self, start: int, end: int) -> bool:
        """As in "Your running is up by 16 %, just like the bike": what is ahead has the number."""
        return any(start <= m.at and m.end <= end for m in self.sentence.tagged("clause:like"))

    def _sports_whence(self, end: int) -> frozenset[str]:
        """As in "Gut die Hälfte der Belastung kam vom Rad": the one sport that the clause names behind."""
        sentence = self.sentence
        behind = next((m for m in sentence.naming("sport") if m.at >= end), None)
        if behind is None or sentence.between(end - 1, behind.at) >= APART or len(self.sports) > 1:
            return _NO
        whence = sentence.has_before(behind.at, "clause:whence")
        return behind.keys("sport") if whence and not self.quantities_between(end, behind.at) else _NO

    def runs_on(self, mention: Mention) -> bool:
        """As in "Heart rate ran nine beats above usual", "the ride ran longer", "it ran to 3 h": no run."""
        ahead = self.sentence.ending.get(mention.at) if "clause:runs" in mention.tags else None
        return ahead is not None and bool(
            ahead.keys("metric") or ahead.keys("sport") or "clause:pronoun" in ahead.tags
        )

    def sports_moved(self, mention: Mention) -> frozenset[str]:
        """As in "Run distance grew alongside your riding": the sport of what stands right before the verb."""
        metric = self.sentence.ending.get(mention.at)
        ahead = self.sentence.ending.get(metric.at) if metric and metric.keys("metric") else None
        return ahead.keys("sport") if ahead else _NO

    def _is_overall(self, start: int, at: int, end: int, apart: int = APART) -> bool:
        """As in "A week on the ergometer, with overall load at 305": of no sport any more."""
        return any(
            (start <= m.at and m.end <= at and self.sentence.between(m.at, at) < apart) or m.at == end
            for m in self.sentence.tagged("clause:overall")
        )

    def _is_summed_up(self, mention: Mention, at: int) -> bool:
        """As in "Three rides, two runs and a swim: six sessions": a colon ends what is listed."""
        colon = any(token.word == ":" for token in self.sentence.tokens[mention.end : at])
        listed = (m.keys("sport") for m in self.sentence.naming("sport") if m.end <= mention.end)
        return colon and len(frozenset[str]().union(*listed)) > 1

    def _sports_set_before(self, at: int) -> frozenset[str]:
        """As in "On the ride, power and pulse drifted apart": it is said of all that the clause holds."""
        tokens, sentence = self.sentence.tokens, self.sentence
        leading = sentence.has_at(0, "article:with")
        set_before = next(iter(sentence.naming("sport")), None) if leading else None
        if set_before is None or set_before.at > CLOSE or set_before.end >= min(at, len(tokens)):
            return _NO
        ends = tokens[set_before.end].word == "," and sentence.together(set_before.at, at)
        return set_before.keys("sport") if ends else _NO

    def _sports_before_colon(self, at: int) -> frozenset[str]:
        """As in "Most of it came from the bike: 212 km": what stands before a colon is what follows."""
        colon = next((i for i in range(at - 1, 0, -1) if self.sentence.tokens[i].word == ":"), 0)
        if any(colon < m.at < at for m in self.sentence.naming("sport")):
            return _NO  # "from running to cycling: 82 km on foot, 14 km fewer"
        topic = self.sentence.ending.get(colon)
        return topic.keys("sport") if topic and not self._is_summed_up(topic, at) else _NO
