"""What stands around a number: of what it is said to be, of which sport, period, kind and role."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from training_analyzer.analysis.grounding.labels import NARROWING
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_SHARED: Final = frozenset({"percent", "times"})
COPULAS: Final = frozenset(
    {"is", "was", "at", "ist", "war", "bei", "auf", "est", "était", "es", "fue", "era", "è", "é", "foi"}
)
_RELATIVE: Final = frozenset({"percent", "times"})
_EASY: Final = frozenset({"easy"})
_NARROW: Final = frozenset({"easy", "moderate", "hard"})
_NARROWING: Final = frozenset(f"metric:{name}" for name in _NARROW)
_EXTREMES: Final = frozenset({"highest", "lowest"})
_LASTING: Final = frozenset({"time", "distance", "session"})
_NO: Final = frozenset[str]()
_SINCE: Final = frozenset({"since", "seit", "depuis", "desde", "da", "dalla", "sinds"})


@dataclass
class Around:
    """What stands around a number: looked up when first asked for, for all facts that it may be of."""

    quantity: Quantity
    scene: Scene

    @cached_property
    def metrics(self) -> frozenset[str]:
        """Of which it is said to be; empty where nothing tells."""
        metrics = self.scene.metrics_of(self.quantity)
        if self.quantity.dimension not in _SHARED:
            metrics = metrics - {"share"}
        metrics = metrics - {"share"} or metrics
        if metrics and metrics <= _LASTING and self.scene.sentence.has("metric:longest", "clause:single"):
            metrics |= {"longest"}
        return metrics

    @cached_property
    def nearest(self) -> frozenset[str]:
        """What is named last before it, where no other number stands between."""
        sentence, at = self.scene.sentence, self.quantity.at
        ahead = [m for m in sentence.naming("metric") if m.end <= at and sentence.together(m.at, at)]
        if not ahead and self.scene.leads(self.quantity):
            ahead = [m for m in sentence.naming("metric") if 0 < m.at - self.quantity.end <= CLOSE]
            return ahead[0].keys("metric") if ahead else _NO
        if not ahead or self.scene.parts_numbers(ahead[-1].end, at):
            return _NO
        return frozenset[str]().union(*(m.keys("metric") for m in ahead if ahead[-1].at - m.end <= 1))

    @cached_property
    def kind(self) -> tuple[str, ...]:
        """The words between a number and what it counts: "two intense sessions"."""
        if self.quantity.dimension is not None or self.quantity.fact:
            return ()
        end, sentence = self.quantity.end, self.scene.sentence
        counted = next((m for m in sentence.naming("metric") if 0 < m.at - end <= CLOSE), None)
        if counted is None or "metric:session" not in counted.tags:
            return ()
        return tuple(token.word for token in sentence.tokens[end : counted.at] if token.kind == "word")

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
        return tuple(_said_before(self.quantity, self.scene, self.metrics))

    @cached_property
    def sports(self) -> frozenset[str]:
        return self.scene.sports_of(self.quantity.at, self.quantity.end)

    @cached_property
    def zones(self) -> frozenset[int]:
        return self.scene.zones_of(self.quantity)

    @cached_property
    def narrow(self) -> frozenset[str]:
        nearest = self.scene.nearest(_NARROWING, self.quantity.at)
        easy = _EASY if self.zones and self.zones <= {1, 2} else _NO
        return (
            (nearest.keys("metric") if nearest else _NO) | easy | self.scene.side_of_threshold(self.quantity)
        )

    @cached_property
    def things(self) -> frozenset[str]:
        return self.scene.things.union(
            NARROWING if self.scene.sentence.has("role:by") else _NO,
            *(shared_things(said) for said in self.scene.said.values()),
        )

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Things whose opposites stand nearer: the second half, beside "the first half"."""
        return self.scene.excluded_by(self.quantity)

    @cached_property
    def near_things(self) -> frozenset[str]:
        """What its part of the sentence names."""
        sentence = self.scene.sentence
        return frozenset().union(
            *(
                m.keys("thing")
                for m in sentence.naming("thing")
                if sentence.between(m.at, self.quantity.at) < APART
            )
        )

    @cached_property
    def statistic(self) -> str:
        return self.scene.statistic_of(self.quantity)

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
                and not any(n.end <= m.at <= n.end + NEAR and _sets_apart(n) for n in sentence.mentions)
            )
        )

    @cached_property
    def per(self) -> str:
        return self.scene.per_what(self.quantity)

    @cached_property
    def _spans(self) -> dict[float, Mention]:
        sentence, at = self.scene.sentence, self.quantity.at
        return {
            float(key): mention
            for mention in sentence.naming("period")
            for key in mention.keys("period")
            if sentence.between(mention.at, at) < APART + 2 and abs(mention.at - at) <= 2 * NEAR + 2
        }

    @cached_property
    def spans(self) -> frozenset[float]:
        return frozenset(self._spans)

    @cached_property
    def ago(self) -> frozenset[float]:
        since = {days for days, mention in self._spans.items() if "clause:since" in mention.tags}
        return frozenset(_ago(self.quantity, self.scene) | since)

    @cached_property
    def versus(self) -> frozenset[float]:
        """With which span it is said to be compared: "up 31 % on last week"."""
        return _compared_spans(self.scene)

    @cached_property
    def windows(self) -> frozenset[float]:
        """The spans of time that its part of the sentence names, in days."""
        return _windows(self.quantity, self.scene)

    @cached_property
    def close_windows(self) -> frozenset[float]:
        return _windows(self.quantity, self.scene, reach=CLOSE + NEAR)

    @cached_property
    def averaged(self) -> bool:
        return _is_averaged(self.quantity, self.scene)

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
        verb = (hedge.at if hedge else at) - 1
        compared = any(0 <= m.at - self.quantity.end <= CLOSE for m in self.scene.ways)
        return verb > 0 and not compared and not self.quantity.sign and tokens[verb].word in COPULAS

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
        return self.scene.named_before(verb)

    @cached_property
    def part(self) -> bool:
        return is_a_part(self.quantity, self.scene)

    @cached_property
    def whole(self) -> bool:
        """Parts of it are spoken of: "half of your 12.6 hours"."""
        return _is_a_whole(self.quantity, self.scene)

    @cached_property
    def reaching(self) -> bool:
        """It is said to be where a change leads: "fell to 19"."""
        at = self.quantity.at
        return any(m.end == at and "role:to" in m.tags for m in self.scene.sentence.naming("role")) and any(
            (m.at < at or m.at == self.quantity.end) and _directs(m) for m in self.scene.ways
        )

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
    def habitual(self) -> bool:
        """It is said to be what is usual, and not merely what was before."""
        return _is_habitual(self.quantity, self.scene)

    @cached_property
    def once(self) -> bool:
        """It is said to be how it was once: "last week"."""
        return _is_once(self.quantity, self.scene)

    @cached_property
    def against(self) -> str:
        """With what it is said to be compared: "past" is how it was once, "habit" what is usual."""
        return self.scene.against(self.quantity.at, self.quantity.end)


def shared_things(readings: list[Reading]) -> frozenset[str]:
    return frozenset.intersection(*(reading.things for reading in readings)) if readings else _NO


def is_a_change(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a share or a number of points is said to be a change: "fell by 62 %", "62 % more"."""
    if any(m.end == quantity.at for m in scene.sentence.tagged("role:by_before")) and any(
        m.end <= quantity.at and scene.gap(m.end, quantity.at) == 0 and _directs(m) for m in scene.ways
    ):
        return True  # "rose by 2.4 hours"
    everything = quantity.dimension in ("percent", "number", "times")
    for mention in scene.ways:
        if not _directs(mention) or mention.tags & {"negation:not", "role:versus", "role:from"}:
            continue
        if not everything:
            if mention.at == quantity.end and quantity.dimension is not None and mention.keys("implied"):
                return True
            continue
        if (
            quantity.at - mention.end >= 0
            and scene.gap(mention.end, quantity.at) <= CLOSE
            and not _says_to(scene, mention.end, quantity.at)
        ):
            return scene.sentence.between(mention.end - 1, quantity.at) < APART and not (
                mention.keys("hedge") & quantity.hedges
            )
        if mention.at == quantity.end:
            return not _says_to(scene, quantity.at - 1, quantity.at)
    return False


def is_a_part(quantity: Quantity, scene: Scene) -> bool:
    if quantity.dimension != "percent":
        return False
    return any(
        m.at == quantity.end and "article:of" in m.tags and not _directs(m)
        for m in scene.sentence.naming("article")
    )


def _is_a_whole(quantity: Quantity, scene: Scene) -> bool:
    ends = {other.end for other in scene.sentence.quantities}
    return any(
        m.end == quantity.at and "article:of" in m.tags and m.at in ends
        for m in scene.sentence.naming("article")
    )


def is_compared(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a number is said to be a difference: what is only implied must be."""
    return (
        quantity.dimension in ("percent", "times")
        or quantity.fraction
        or any(
            any(tag.startswith(("direction:", "implied:", "comparison:", "role:by")) for tag in mention.tags)
            for mention in scene.sentence.mentions
            if 0 <= mention.at - quantity.end <= CLOSE or 0 <= quantity.at - mention.end < NEAR
        )
    )


def _directs(mention: Mention) -> bool:
    return any(tag.startswith(("direction:up", "direction:down", "implied:")) for tag in mention.tags)


def _says_to(scene: Scene, start: int, end: int) -> bool:
    return any("role:to" in m.tags for m in scene.sentence.naming("role") if start <= m.at < end)


def _said_before(quantity: Quantity, scene: Scene, metrics: frozenset[str]) -> list[Reading]:
    """As in "You ran 28 km, 31 % less than usual": a number of no metric is of the one before it."""
    behind = next((m for m in scene.sentence.mentions if m.at == quantity.end), None)
    if quantity.dimension is None and quantity.at in scene.references:
        ahead = [other for other in scene.sentence.quantities if other.at < quantity.at]
        if ahead and any(ahead[-1].end <= m.at < quantity.at for m in scene.sentence.tagged("role:versus")):
            return scene.said.get(ahead[-1].at, [])  # "91 rpm instead of 86"
    difference = behind is not None and bool(behind.keys("direction")) and not behind.keys("metric")
    if metrics and not difference:
        return []
    if not difference and (quantity.dimension not in _RELATIVE or scene.sports_of(quantity.at, quantity.end)):
        return []
    earlier = [
        other for other in scene.sentence.quantities if other.at < quantity.at and other.at in scene.said
    ]
    if difference and quantity.dimension != "percent":
        return [reading for other in earlier for reading in scene.said[other.at]]
    together = [other for other in earlier if scene.sentence.together(other.at, quantity.at)]
    return [reading for other in together or earlier[-1:] for reading in scene.said[other.at]]


def _windows(quantity: Quantity, scene: Scene, reach: int = 100) -> frozenset[float]:
    sentence = scene.sentence
    spans = {
        other.meanings[0].value
        for other in sentence.quantities
        if other.dimension in ("days", None)
        and other is not quantity
        and scene.is_window(other)
        and not _is_compared_with(quantity, other.at, scene)
        and not _is_parted(quantity, other.at, scene)
        and -reach <= other.at - quantity.at <= reach
        and sentence.between(other.at, quantity.at) <= APART
    }
    named = {
        float(key)
        for mention in sentence.naming("period")
        for key in mention.keys("period")
        if not mention.keys("per")
        and not _is_compared_with(quantity, mention.at, scene)
        and not _is_parted(quantity, mention.at, scene)
        and -reach <= mention.at - quantity.at <= reach
        and sentence.between(mention.at, quantity.at) < APART
    }
    return frozenset(spans | named)


def _compared_spans(scene: Scene) -> frozenset[float]:
    """Return the periods that stand right behind "than", "compared with"."""
    return frozenset(
        float(key)
        for mention in scene.sentence.naming("period")
        for key in mention.keys("period")
        if any(0 <= mention.at - m.end <= 1 for m in scene.sentence.tagged("role:versus"))
        or (mention.at and scene.sentence.tokens[mention.at - 1].word in _SINCE)
    )


def _is_parted(quantity: Quantity, at: int, scene: Scene) -> bool:
    """Return whether another number stands between a number and a span of time."""
    low, high = min(quantity.end, at), max(quantity.at, at)
    return any(
        low <= other.at < high and other.at not in (quantity.at, at) and not scene.is_window(other)
        for other in scene.sentence.quantities
    )


def _is_compared_with(quantity: Quantity, at: int, scene: Scene) -> bool:
    """Return whether a comparison parts a number from what is behind it: "49, above the 60-day mean"."""
    return any(
        (
            quantity.end <= m.at < at
            and (m.keys("comparison") or m.keys("direction") or "role:versus" in m.tags)
        )
        or (at < m.at < quantity.at and "role:versus" in m.tags)
        for m in scene.sentence.mentions
    )


def _is_averaged(quantity: Quantity, scene: Scene) -> bool:
    return any(
        scene.sentence.between(m.at, quantity.at) < APART and not _is_compared_with(quantity, m.at, scene)
        for m in scene.sentence.mentions
        if "role:average" in m.tags or "statistic:average" in m.tags
    )


def _is_habitual(quantity: Quantity, scene: Scene) -> bool:
    return any(
        scene.sentence.between(m.at, quantity.at) < APART and not _is_compared_with(quantity, m.at, scene)
        for m in scene.sentence.naming("habit")
    )


def _is_once(quantity: Quantity, scene: Scene) -> bool:
    return any(
        scene.sentence.between(m.at, quantity.at) <= APART and not _is_compared_with(quantity, m.at, scene)
        for m in scene.sentence.naming("past")
    )


def _ago(said: Quantity, scene: Scene) -> set[float]:
    """Return the spans with which a change is compared: "than four weeks ago"."""
    found = set()
    for quantity in scene.sentence.quantities:
        together = scene.sentence.together(said.at, quantity.at)
        if (
            together
            and quantity.dimension == "days"
            and any(
                (m.at == quantity.end and "clause:ago" in m.tags and not _before_something(m, scene))
                or (m.end == quantity.at and "clause:ago_before" in m.tags)
                for m in scene.sentence.mentions
            )
        ):
            found.add(quantity.meanings[0].value)
    return found


def _before_something(mention: Mention, scene: Scene) -> bool:
    """As in "Four days before the race": no change since then."""
    return any(
        mention.end <= other.at <= mention.end + 2 and (other.keys("thing") or other.keys("metric"))
        for other in scene.sentence.mentions
    )


def _sets_apart(mention: Mention) -> bool:
    """As in "Not the lowest", "nine points off the high"."""
    return bool(
        mention.tags & {"negation:not", "clause:but", "role:versus"}
        or mention.keys("direction") & {"up", "down"}
        or mention.keys("comparison")
    )
