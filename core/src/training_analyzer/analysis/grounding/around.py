"""What stands around a number: of what it is said to be, of which sport, period, kind and role."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from training_analyzer.analysis.grounding.before import RELATIVE, said_before
from training_analyzer.analysis.grounding.changing import (
    is_a_change,
    is_a_part,
    is_a_whole,
    is_compared,
)
from training_analyzer.analysis.grounding.labels import NARROWING
from training_analyzer.analysis.grounding.periods import (
    ago,
    compared_span,
    compared_spans,
    is_averaged,
    is_habitual,
    is_once,
    spans,
    windows,
)
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE, COPULAS, NEAR

_NO: Final = frozenset[str]()
_NO_SPANS: Final = frozenset[float]()
_EASY: Final = frozenset({"easy"})
NARROW: Final = frozenset({"easy", "moderate", "hard"})
_NARROWING: Final = frozenset(f"metric:{name}" for name in NARROW)
_COUNTABLE: Final = frozenset({"session", "rest_day", "training_day", "intervals", "result"})
_JOINING: Final = frozenset({"article:of", "article:one", "role:versus", "clause:within"})
_LONGEST: Final = frozenset({"longest"})
_EXTENT: Final = {"time": frozenset({"time"}), "length": frozenset({"distance"})}
_EXTREMES: Final = frozenset({"highest", "lowest"})
_SET: Final = frozenset({"goal", "planned", "critical"})
"""What tells a number that is set from one that was measured."""
NONE: Final = frozenset({"none", "no", "never", "keine", "keiner", "aucune", "aucun", "ninguna", "ninguno"})
_LASTING: Final = frozenset({"time", "distance", "session"})


@dataclass
class Around:
    """What stands around a number: looked up when first asked for, for all facts that it may be of."""

    quantity: Quantity
    scene: Scene

    @cached_property
    def metrics(self) -> frozenset[str]:
        """Of which it is said to be; empty where nothing tells."""
        metrics = self.scene.metrics_of(self.quantity)
        if self.quantity.dimension not in RELATIVE:
            metrics = metrics - {"share"}
        metrics = metrics - {"share"} or metrics
        if metrics == _LONGEST and self.quantity.dimension in _EXTENT and not self._has_a_longest:
            return (
                metrics | _EXTENT[self.quantity.dimension]
            )  # "your longest of the season, in under an hour"
        return metrics

    @cached_property
    def _has_a_longest(self) -> bool:
        """Return whether a fact of the longest is measured as this number is."""
        readings = self.scene.evidence.by_dimension.get(self.quantity.dimension or "number", ())
        return any("longest" in reading.concepts for reading in readings)

    @cached_property
    def shared(self) -> bool:
        """It is said to be a share."""
        return "share" in self.scene.metrics_of(self.quantity)

    @cached_property
    def nearest(self) -> frozenset[str]:
        """What is named last before it, where no other number stands between."""
        sentence, at = self.scene.sentence, self.quantity.at
        ahead = [m for m in sentence.naming("metric") if m.end <= at and sentence.together(m.at, at)]
        if not ahead or self.scene.parts_numbers(ahead[-1].end, at):
            return _NO
        return frozenset[str]().union(*(m.keys("metric") for m in ahead if ahead[-1].at - m.end <= 1))

    @cached_property
    def single(self) -> bool:
        """It is said right behind it that it was done at once: "38 km in one go"."""
        sentence, end = self.scene.sentence, self.quantity.end
        return any(
            0 <= m.at - end <= NEAR
            and sentence.between(end - 1, m.at) < APART
            and not self.scene.parts_numbers(end, m.at)
            for m in sentence.tagged("clause:at_once")
        )

    @cached_property
    def counted(self) -> Mention | None:
        """What a number counts: "five short outings", "three intervals"."""
        if self.quantity.dimension is not None or self.quantity.fact:
            return None
        end, sentence = self.quantity.end, self.scene.sentence
        counted = [m for m in sentence.mentions if m.keys("metric") or m.keys("thing") & _COUNTABLE]
        kind = next((m for m in sentence.naming("thing") if m.at == end and m not in counted), None)
        end = kind.end if kind else end
        named = next((m for m in counted if 0 <= m.at - end <= CLOSE), None)
        if named is None or "clause:single" in named.tags:
            return None
        if not (named.keys("metric") | named.keys("thing")) & _COUNTABLE:
            return None
        between = sentence.tokens[end : named.at]
        joined = any(end <= m.at < named.at and m.tags & _JOINING for m in sentence.mentions)
        return None if joined or any(token.kind != "word" for token in between) else named

    @cached_property
    def kind(self) -> tuple[str, ...]:
        """The words between a number and what it counts: "two intense sessions"."""
        if self.counted is None or "metric:session" not in self.counted.tags:
            return ()
        between = self.scene.sentence.tokens[self.quantity.end : self.counted.at]
        return tuple(token.word for token in between if token.kind == "word")

    @cached_property
    def far(self) -> bool:
        """What it is said to be of stands in another clause."""
        return self.scene.is_far(self.metrics, self.quantity)

    @cached_property
    def bound(self) -> bool:
        """A metric stands right beside it, so that it is of no other: "32 sessions"."""
        return self.scene.is_bound(self.quantity)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """All metrics that the sentence names."""
        return self.scene.spoken_metrics()

    @cached_property
    def carried(self) -> frozenset[str]:
        """What the sentence before it speaks of."""
        return self.scene.before.spoken_metrics() if self.scene.before is not None else _NO

    @cached_property
    def earlier(self) -> tuple[Reading, ...]:
        """What the number before it is, where this one is said of the same."""
        return tuple(said_before(self.quantity, self.scene, self.metrics))

    @cached_property
    def sports(self) -> frozenset[str]:
        return self.scene.sports_of(self.quantity.at, self.quantity.end)

    @cached_property
    def zones(self) -> frozenset[int]:
        return self.scene.zones_of(self.quantity)

    @cached_property
    def narrow(self) -> frozenset[str]:
        """Of which intensity it is said to be; on which side of a threshold says more than a word."""
        side = self.scene.side_of_threshold(self.quantity)
        nearest = self.scene.nearest(_NARROWING, self.quantity.at)
        easy = _EASY if self.zones and self.zones <= {1, 2} else _NO
        return side or (nearest.keys("metric") if nearest else _NO) | easy

    @cached_property
    def things(self) -> frozenset[str]:
        return self.scene.things.union(
            self.scene.evidence.activity,
            NARROWING if self.scene.sentence.has("role:by") else _NO,
            *(_shared_things(said) for said in self.scene.said.values()),
        )

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Things whose opposites stand nearer: the second half, beside "the first half"."""
        return self.scene.excluded_by(self.quantity)

    @cached_property
    def named(self) -> frozenset[str]:
        """What it is called right before or behind it: "the target of 255 W", "the 165 km of the event"."""
        at, end, sentence = self.quantity.at, self.quantity.end, self.scene.sentence
        return frozenset[str]().union(
            *(
                m.keys("thing") & _SET
                for m in sentence.naming("thing")
                if m.at == end or (m.end <= at and self.scene.gap_of(m.end, at) == 0)
            )
        )

    @cached_property
    def statistic(self) -> str:
        return self.scene.statistic_of(self.quantity)

    @cached_property
    def capped(self) -> bool:
        """It is said never to have been passed: "never above 139", "none lasted longer than 90 minutes"."""
        sentence, at = self.scene.sentence, self.quantity.at
        than = next((m for m in sentence.tagged("role:versus") if m.end == at), None)
        longer = than and next((m for m in sentence.naming("implied") if m.end == than.at), None)
        if longer and longer.keys("implied") & {"time.up", "distance.up"}:
            nones = (m for m in sentence.tagged("negation:not") if m.end <= longer.at <= m.end + NEAR)
            return any(sentence.between(m.at, at) < APART and m.text.lower() in NONE for m in nones)
        return "over" in self.quantity.hedges and any(
            m.end <= at <= m.end + 2 * NEAR and sentence.between(m.at, at) < APART
            for m in sentence.tagged("superlative:ever")
            if "negation:not" in m.tags
        )

    @cached_property
    def missed(self) -> bool:
        """It says how much was not done: "you missed two", "the two you missed"."""
        return self.scene.is_missed(self.quantity)

    @cached_property
    def extremes(self) -> frozenset[str]:
        """Whether it is said to be the highest or the lowest."""
        sentence, at = self.scene.sentence, self.quantity.at
        alone = len(sentence.quantities) == 1
        return frozenset().union(
            *(
                m.keys("superlative") & _EXTREMES
                for m in sentence.naming("superlative")
                if (alone or sentence.between(m.at, at) <= APART)
                and not (at < m.at and self.scene.parts_numbers(m.end, m.end + NEAR))
                and not (m.end < at and self.scene.parts_numbers(m.end, at))
                and not any(n.end <= m.at <= n.end + NEAR and _sets_apart(n) for n in sentence.mentions)
            )
        )

    @cached_property
    def per(self) -> str:
        return self.scene.per_what(self.quantity)

    @cached_property
    def spans(self) -> frozenset[float]:
        """The periods that are named not far from it."""
        return frozenset(spans(self.quantity, self.scene))

    @cached_property
    def ago(self) -> frozenset[float]:
        """How long ago it is said to have been otherwise: "than four weeks ago", "since last week"."""
        named = spans(self.quantity, self.scene).items()
        since = {days for days, mention in named if "clause:since" in mention.tags}
        return ago(self.quantity, self.scene) | since

    @cached_property
    def versus(self) -> frozenset[float]:
        """With which span it is said to be compared: "up 31 % on last week"."""
        return compared_spans(self.quantity, self.scene)

    @cached_property
    def versus_span(self) -> frozenset[float]:
        """The span with which it is said to be compared right behind it, if any."""
        span = compared_span(self.quantity, self.scene)
        return frozenset({span}) if span else _NO_SPANS

    @cached_property
    def windows(self) -> frozenset[float]:
        """The spans of time that its part of the sentence names, in days."""
        return windows(self.quantity, self.scene)

    @cached_property
    def close_windows(self) -> frozenset[float]:
        return windows(self.quantity, self.scene, reach=CLOSE + NEAR)

    @cached_property
    def averaged(self) -> bool:
        return is_averaged(self.quantity, self.scene)

    @cached_property
    def in_brackets(self) -> bool:
        """It is said beside another number: "68 ms (64 over sixty days)"."""
        at = self.quantity.at
        return at > 0 and self.scene.sentence.tokens[at - 1].word == "("

    @cached_property
    def now(self) -> bool:
        """It is said right before it that it is how it is now: "this week you averaged"."""
        at, sentence = self.quantity.at, self.scene.sentence
        return any(
            m.at == self.quantity.end
            or (
                m.end <= at and sentence.between(m.at, at) < APART and not self.scene.parts_numbers(m.end, at)
            )
            for m in sentence.tagged("role:now")
        )

    @cached_property
    def reference(self) -> str:
        """How it is said to be what others are compared with ("usual", "versus"); empty if it is not."""
        return self.scene.references.get(self.quantity.at, "")

    @cached_property
    def changing(self) -> bool:
        return not self.reference and is_a_change(self.quantity, self.scene)

    @cached_property
    def stated_so(self) -> bool:
        """As in "Decoupling was 7.4 %, a little higher": what it was, and no change."""
        at, tokens, sentence = self.quantity.at, self.scene.sentence.tokens, self.scene.sentence
        hedge = next((m for m in sentence.naming("hedge") if m.end == at), None)
        start = hedge.at if hedge else at
        compared = any(
            0 <= m.at - self.quantity.end <= CLOSE
            and not self.scene.parts_numbers(self.quantity.end, m.at)
            and not self._leads_to_another(m)
            for m in self.scene.ways
        )
        averaged = any(m.end == start for m in sentence.tagged("role:average"))
        stated = averaged or (start > 1 and tokens[start - 1].word in COPULAS)
        return stated and not compared and not self.quantity.sign

    def _leads_to_another(self, way: Mention) -> bool:
        """As in "Cadence was 184, up 4": the direction is that of the number behind it."""
        return any(
            q.at >= way.end and self.scene.gap(way.end, q.at) == 0 and not self.scene.is_window(q)
            for q in self.scene.sentence.quantities
        )

    @cached_property
    def moved(self) -> frozenset[str]:
        """Of what it is said by how much it moved, right before the verb: "form fell by 14 points"."""
        at, sentence = self.quantity.at, self.scene.sentence
        verb = next(
            (m for m in reversed(self.scene.ways) if m.end <= at and self.scene.gap(m.end, at) <= 1), None
        )
        if verb is None or not verb.keys("direction") & {"up", "down"} or self.scene.metrics_named(verb):
            return _NO
        if any(verb.end <= m.at < at for m in sentence.naming("metric")):
            return _NO  # "trotz der Ruhetage stieg die Belastung um 17 %"
        if any(verb.end <= m.at < at for m in sentence.tagged("clause:and")):
            return _NO  # "one run fewer and one day more"
        return self.scene.named_before(verb)

    @cached_property
    def part(self) -> bool:
        return is_a_part(self.quantity, self.scene)

    @cached_property
    def whole(self) -> bool:
        """Parts of it are spoken of: "half of your 12.6 hours"."""
        return is_a_whole(self.quantity, self.scene)

    @cached_property
    def reaching(self) -> bool:
        """It is said to be where a change leads: "fell to 19"."""
        at = self.quantity.at
        return any(m.end == at for m in self.scene.sentence.tagged("role:to"))

    @cached_property
    def stated(self) -> frozenset[str]:
        """The facts whose numbers the sentence has stated before."""
        return frozenset(
            fact_id for said in self.scene.said.values() for r in said if not r.derived for fact_id in r.ids
        )

    @cached_property
    def compared(self) -> bool:
        return not self.reference and is_compared(self.quantity, self.scene)

    @cached_property
    def compared_with(self) -> tuple[Mention, ...]:
        """What is named right behind the words that compare it: "8 % above your FTP", "than usual"."""
        sentence, end = self.scene.sentence, self.quantity.end
        than = next(
            (
                m
                for m in reversed(sentence.mentions)
                if (m.keys("comparison") or "role:versus" in m.tags)
                and 0 <= m.at - end <= CLOSE
                and sentence.between(end - 1, m.at) < APART
            ),
            None,
        )
        if than is None:
            return ()
        return tuple(
            m
            for m in sentence.mentions
            if 0 <= m.at - than.end <= CLOSE
            and not self.scene.parts_numbers(than.end, m.at)
            and sentence.between(than.at, m.at) < APART
        )

    @cached_property
    def habitual(self) -> bool:
        """It is said to be what is usual, and not merely what was before."""
        return is_habitual(self.quantity, self.scene)

    @cached_property
    def once(self) -> bool:
        """It is said to be how it was once: "last week"."""
        return is_once(self.quantity, self.scene)

    @cached_property
    def once_said(self) -> bool:
        """As in "Vor 28 Tagen waren es noch -6,4": the sentence says when it was so."""
        return any(self.quantity is other for other in self.scene.said_of_once())

    @cached_property
    def against(self) -> str:
        """With what it is said to be compared: "past" is how it was once, "habit" what is usual."""
        return self.scene.against(self.quantity.at, self.quantity.end)


def _sets_apart(mention: Mention) -> bool:
    """As in "Not the lowest", "nine points off the high"."""
    return bool(
        mention.tags & {"negation:not", "clause:but", "role:versus"}
        or mention.keys("direction") & {"up", "down"}
        or mention.keys("comparison")
    )


def _shared_things(readings: list[Reading]) -> frozenset[str]:
    return frozenset.intersection(*(reading.things for reading in readings)) if readings else _NO
