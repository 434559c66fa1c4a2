"""What stands around a number: of what it is said to be, of which sport, period, kind and role."""

from dataclasses import dataclass
from typing import Final

from training_analyzer.analysis.grounding.averages import per_what, statistic_of
from training_analyzer.analysis.grounding.before import RELATIVE, said_before
from training_analyzer.analysis.grounding.changing import is_a_change, is_a_part, is_a_whole, is_compared
from training_analyzer.analysis.grounding.compared import compared_with, is_stated, moved_before
from training_analyzer.analysis.grounding.counted import (
    called,
    counted_by,
    is_done_at_once,
    kinds_of,
    things_beside,
)
from training_analyzer.analysis.grounding.drifting import is_drift
from training_analyzer.analysis.grounding.intensity import narrowed_to, zones_of
from training_analyzer.analysis.grounding.labels import NARROWING
from training_analyzer.analysis.grounding.lazy import lazy
from training_analyzer.analysis.grounding.limits import extremes_of, is_capped
from training_analyzer.analysis.grounding.opposites import excluded_by
from training_analyzer.analysis.grounding.periods import (
    ago,
    compared_span,
    compared_spans,
    is_averaged,
    is_habitual,
    is_now,
    is_once,
    spans,
    windows,
)
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_NO: Final = frozenset[str]()
_LONGEST: Final = frozenset({"longest"})
_EXTENT: Final = {"time": frozenset({"time"}), "length": frozenset({"distance"})}


@dataclass
class Around:
    """What stands around a number: looked up when first asked for, for all facts that it may be of."""

    quantity: Quantity
    scene: Scene

    @lazy
    def metrics(self) -> frozenset[str]:
        """Of which it is said to be; empty where nothing tells."""
        share = self._said_of if self.quantity.dimension in RELATIVE else _NO
        metrics = self._said_of - {"share"} or share
        if metrics == _LONGEST and self.quantity.dimension in _EXTENT:
            # As in "Your longest of the season, in under an hour".
            return metrics | _EXTENT[self.quantity.dimension]
        return metrics

    @lazy
    def _said_of(self) -> frozenset[str]:
        return self.scene.metrics_of(self.quantity)

    @lazy
    def shared(self) -> bool:
        """It is said to be a share."""
        return "share" in self._said_of

    @lazy
    def nearest(self) -> frozenset[str]:
        """What is named last before it, where no other number stands between."""
        sentence, at = self.scene.sentence, self.quantity.at
        ahead = [m for m in sentence.naming("metric") if m.end <= at and sentence.together(m.at, at)]
        if not ahead or self.scene.parts_numbers(ahead[-1].end, at):
            return _NO
        return frozenset[str]().union(*(m.keys("metric") for m in ahead if ahead[-1].at - m.end <= 1))

    @lazy
    def single(self) -> bool:
        """It is said right behind it that it was done at once: "38 km in one go"."""
        return is_done_at_once(self.quantity, self.scene)

    @lazy
    def counted(self) -> Mention | None:
        """What a number counts: "five short outings", "three intervals"."""
        return counted_by(self.quantity, self.scene)

    @lazy
    def kinds(self) -> frozenset[str]:
        """How hard the sessions are said to be that it counts: "two intense sessions"."""
        return kinds_of(self.quantity, self.counted, self.scene)

    @lazy
    def far(self) -> bool:
        """What it is said to be of stands in another clause."""
        return self.scene.is_far(self.metrics, self.quantity)

    @lazy
    def bound(self) -> bool:
        """A metric stands right beside it, so that it is of no other: "32 sessions"."""
        return self.scene.is_bound(self.quantity)

    @lazy
    def spoken(self) -> frozenset[str]:
        """All metrics that the sentence names."""
        return self.scene.spoken_metrics()

    @lazy
    def carried(self) -> frozenset[str]:
        """What the sentence before it speaks of."""
        return self.scene.before.spoken_metrics() if self.scene.before is not None else _NO

    @lazy
    def earlier(self) -> tuple[Reading, ...]:
        """What the number before it is, where this one is said of the same."""
        return tuple(said_before(self.quantity, self.scene, self.metrics))

    @lazy
    def sports(self) -> frozenset[str]:
        return self.scene.sports_of(self.quantity.at, self.quantity.end)

    @lazy
    def zones(self) -> frozenset[int]:
        return zones_of(self.quantity, self.scene)

    @lazy
    def narrow(self) -> frozenset[str]:
        """Of which intensity it is said to be; on which side of a threshold says more than a word."""
        return narrowed_to(self.quantity, self.zones, self.scene)

    @lazy
    def things(self) -> frozenset[str]:
        return self.scene.things.union(
            self.scene.evidence.activity,
            NARROWING if self.scene.sentence.has("role:by") else _NO,
            *(_shared_things(said) for said in self.scene.said.values()),
        )

    @lazy
    def excluded(self) -> frozenset[str]:
        """Things whose opposites stand nearer: the second half, beside "the first half"."""
        return excluded_by(self.quantity, self.scene)

    @lazy
    def named(self) -> frozenset[str]:
        """What it is called right before or behind it: "the target of 255 W", "the 165 km of the event"."""
        return called(self.quantity, self.scene)

    @lazy
    def beside(self) -> frozenset[str]:
        """The things that are named beside it, where no other number stands between."""
        return things_beside(self.quantity, self.scene)

    @lazy
    def statistic(self) -> str:
        return statistic_of(self.quantity, self.scene)

    @lazy
    def capped(self) -> bool:
        """It is said never to have been passed: "never above 139", "none lasted longer than 90 minutes"."""
        return is_capped(self.quantity, self.scene)

    @lazy
    def missed(self) -> bool:
        """It says how much was not done: "you missed two", "the two you missed"."""
        return self.scene.is_missed(self.quantity)

    @lazy
    def extremes(self) -> frozenset[str]:
        """Whether it is said to be the highest or the lowest."""
        return extremes_of(self.quantity, self.scene)

    @lazy
    def per(self) -> str:
        return per_what(self.quantity, self.scene)

    @lazy
    def spans(self) -> frozenset[float]:
        """The periods that are named not far from it."""
        return frozenset(spans(self.quantity, self.scene))

    @lazy
    def ago(self) -> frozenset[float]:
        """How long ago it is said to have been otherwise: "than four weeks ago", "since last week"."""
        back = ago(self.quantity, self.scene)
        if not self.scene.sentence.has("clause:since"):
            return back
        named = spans(self.quantity, self.scene).items()
        return back | {days for days, mention in named if "clause:since" in mention.tags}

    @lazy
    def versus(self) -> frozenset[float]:
        """With which span it is said to be compared: "up 31 % on last week"."""
        return compared_spans(self.quantity, self.scene)

    @lazy
    def versus_span(self) -> frozenset[float]:
        """The span with which it is said to be compared right behind it, if any."""
        span = compared_span(self.quantity, self.scene)
        return frozenset({span} if span else ())

    @lazy
    def windows(self) -> frozenset[float]:
        """The spans of time that its part of the sentence names, in days."""
        return windows(self.quantity, self.scene)

    @lazy
    def close_windows(self) -> frozenset[float]:
        return windows(self.quantity, self.scene, reach=CLOSE + NEAR)

    @lazy
    def averaged(self) -> bool:
        return is_averaged(self.quantity, self.scene)

    @lazy
    def in_brackets(self) -> bool:
        """It is said beside another number: "68 ms (64 over sixty days)"."""
        at = self.quantity.at
        return at > 0 and self.scene.sentence.tokens[at - 1].word == "("

    @lazy
    def now(self) -> bool:
        """It is said right before it that it is how it is now: "this week you averaged"."""
        return is_now(self.quantity, self.scene)

    @lazy
    def reference(self) -> str:
        """How it is said to be what others are compared with ("usual", "versus"); empty if it is not."""
        return self.scene.references.get(self.quantity.at, "")

    @lazy
    def changing(self) -> bool:
        drifts = is_drift(self.quantity, self.scene)
        return not (self.reference or drifts) and is_a_change(self.quantity, self.scene)

    @lazy
    def stated_so(self) -> bool:
        """As in "Decoupling was 7.4 %, a little higher": what it was, and no change."""
        return is_stated(self.quantity, self.scene)

    @lazy
    def moved(self) -> frozenset[str]:
        """Of what it is said by how much it moved, right before the verb: "form fell by 14 points"."""
        return moved_before(self.quantity, self.scene)

    @lazy
    def part(self) -> bool:
        return is_a_part(self.quantity, self.scene)

    @lazy
    def whole(self) -> bool:
        """Parts of it are spoken of: "half of your 12.6 hours"."""
        return is_a_whole(self.quantity, self.scene)

    @lazy
    def reaching(self) -> bool:
        """It is said to be where a change leads: "fell to 19"."""
        at = self.quantity.at
        return self.scene.sentence.has_before(at, "role:to")

    @lazy
    def stated(self) -> frozenset[str]:
        """The facts whose numbers the sentence has stated before."""
        return frozenset(
            fact_id for said in self.scene.said.values() for r in said if not r.derived for fact_id in r.ids
        )

    @lazy
    def compared(self) -> bool:
        return not self.reference and is_compared(self.quantity, self.scene)

    @lazy
    def compared_with(self) -> tuple[Mention, ...]:
        """What is named right behind the words that compare it: "8 % above your FTP", "than usual"."""
        return compared_with(self.quantity, self.scene)

    @lazy
    def habitual(self) -> bool:
        """It is said to be what is usual, and not merely what was before."""
        return is_habitual(self.quantity, self.scene)

    @lazy
    def once(self) -> bool:
        """It is said to be how it was once: "last week"."""
        return is_once(self.quantity, self.scene)

    @lazy
    def against(self) -> str:
        """With what it is said to be compared: "past" is how it was once, "habit" what is usual."""
        return self.scene.against(self.quantity.at, self.quantity.end)


def _shared_things(readings: list[Reading]) -> frozenset[str]:
    return frozenset.intersection(*(reading.things for reading in readings)) if readings else _NO
