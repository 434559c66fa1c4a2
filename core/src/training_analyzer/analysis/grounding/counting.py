"""What is counted: none at all, only one, all of them, most of them, and those of a kind."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise, product
from typing import Final

from training_analyzer.analysis.grounding.given_up import given_up
from training_analyzer.analysis.grounding.labels import Label
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_SESSIONS: Final = frozenset({"session"})
_COUNTABLE: Final = frozenset({"session", "intervals"})
_PLANNED: Final = frozenset({"planned"})
_HARD: Final = frozenset({"hard"})
_WEEK: Final = 7.0
_REST: Final = frozenset({"rest_day"})
_SINCE: Final = "weeks_since_"
_A_DAY: Final = 0.13
"""By what part days may be rounded: "two weeks" of 16 days."""
_A_FEW: Final = 5
_MOST: Final = 0.5
_OTHERWISE: Final = -1.0
_TELLING: Final = 4
"""How many letters a word has at least that tells one kind of session from the others."""


def check(scene: Scene) -> Iterator[str]:
    yield from _of_a_kind(scene)
    yield from _all_planned(scene)
    if not scene.advice:
        for claims in scene.sentence.calls_for(_CLAIMS):
            yield from claims(scene)


def _of_a_kind(scene: Scene) -> Iterator[str]:
    """As in "Three runs of more than 30 km", where the fact counts those of more than 25."""
    for one, other in pairwise(scene.sentence.quantities):
        if not other.meanings or "over" not in other.hedges or other.at - one.end > _A_FEW:
            continue
        labels = [scene.evidence.label_of(reading) for reading in scene.said.get(one.at, ())]
        known = frozenset(number for label in labels for number in _least(label, other.dimension))
        if other.dimension in ("length", "time") and any(label.stretches for label in labels):
            known |= {_OTHERWISE}  # "runs over 24 km", of those longer than 90 minutes
        near = scene.sentence.between(one.at, other.at) < APART
        if known and near and other.meanings[0].value not in known:
            yield f'"{one.text}" is of others than those of "{other.text}"'


def _least(label: Label, dimension: str | None) -> frozenset[float]:
    """Return from what on a fact counts something: runs over 25 km, weeks of at least four sessions."""
    if dimension is None:
        return frozenset(count for count, _ in label.counts)
    return {"length": label.lengths, "time": label.seconds}.get(dimension, frozenset())


def _nothing_at_all(scene: Scene) -> Iterator[str]:
    """As in "No rest day", "without training": a count of nothing must be a fact, too."""
    for mention in scene.sentence.tagged("negation:none"):
        counted = next(
            (
                other
                for other in scene.sentence.mentions
                if 0 <= other.at - mention.end <= CLOSE and other.tags & {"metric:rest_day", "metric:session"}
            ),
            None,
        )
        if counted is None:
            continue
        concepts = counted.keys("metric") & {"rest_day", "session"}
        if any("since_rest" in reading.concepts for said in scene.said.values() for reading in said):
            continue  # "six days without a rest day"
        if _says_since_when(scene) or _says_for_how_long(mention, scene):
            continue
        if not any(
            reading.values[0] == 0 for reading in scene.evidence.of(concepts) if reading.role != "change"
        ):
            yield f'"{mention.text} {counted.text}", but no fact says that there was none'


def _says_since_when(scene: Scene) -> bool:
    """As in "No ride has carried as much for {weeks_since_heavier}", "{days_since_previous} without one"."""
    by_id = scene.evidence.by_id
    spans = [q for q in scene.sentence.quantities if q.fact in by_id and by_id[q.fact].dimension == "days"]
    return any(q.fact.startswith(_SINCE) for q in spans)


def _says_for_how_long(none: Mention, scene: Scene) -> bool:
    """As in "A block with a week without rides", where a fact says that a gap was as long."""
    whole = scene.sentence.has_before(none.at, "unit:week", "per:week")
    days = scene.evidence.by_dimension.get("days", ()) if whole else ()
    return any(r.values[0] >= _WEEK and "without training" in _label_text(r, scene) for r in days)


def _only_one(scene: Scene) -> Iterator[str]:
    """As in "Only one session this week", "one walk fewer": a count of one must be a fact, too."""
    for mention in scene.sentence.tagged("clause:single"):
        together = (q for q in scene.sentence.quantities if scene.sentence.together(q.at, mention.at))
        if any(not scene.is_window(quantity) for quantity in together):
            continue
        if way := _way_behind(mention, scene):
            yield from _one_more_or_less(mention, _SESSIONS, way, scene)
            continue
        only = scene.sentence.has_before(mention.at, "clause:only")
        if only and not any(count.values[0] == 1 for count in _counts(scene)):
            yield f'no fact says "only {mention.text}"'


def _only_one_rest_day(scene: Scene) -> Iterator[str]:
    for mention in scene.sentence.tagged("clause:single_rest"):
        if way := _way_behind(mention, scene):
            yield from _one_more_or_less(mention, _REST, way, scene)
            continue
        rested = [r.values[0] for r in scene.evidence.of(_REST) if r.role == "now" and not r.derived]
        if 1 not in rested:
            yield f'no fact says "{mention.text}"'


def _way_behind(mention: Mention, scene: Scene) -> str:
    """As in "Only one run fewer than usual": a difference, and no count."""
    behind = scene.sentence.starting.get(mention.end)
    ways = behind.keys("direction") & {"up", "down"} if behind else frozenset[str]()
    return min(ways, default="")


def _one_more_or_less(mention: Mention, counted: frozenset[str], way: str, scene: Scene) -> Iterator[str]:
    changes = _off_plan(mention, scene) or [
        r for r in scene.evidence.of(counted) if r.role == "change" and r.dimension in ("number", "days")
    ]
    if not any(
        round(abs(r.values[0])) == 1 and r.direction in (way, "flat") and r.leans in (way, None)
        for r in changes
    ):
        yield f'no fact says "{mention.text}" more or less'


def _off_plan(mention: Mention, scene: Scene) -> list[Reading]:
    """As in "One run fewer than planned": how far what was done is from the plan, where words speak of it."""
    if not any(m.at >= mention.end and "thing:planned" in m.tags for m in scene.sentence.naming("thing")):
        return []
    counts = _counts(scene)
    return [
        replace(done, values=(by,), role="change", direction="up" if by > 0 else "down")
        for plan, done in product(counts, counts)
        if plan.things == done.things | _PLANNED and done.things.isdisjoint(_PLANNED)
        if (plan.sports, plan.days) == (done.sports, done.days)
        for by in [done.values[0] - plan.values[0]]
    ]


def _counts(scene: Scene) -> list[Reading]:
    return [
        r
        for r in scene.evidence.of(_SESSIONS)
        if r.dimension == "number" and r.role == "now" and not r.derived
    ]


def _all_or_most(scene: Scene) -> Iterator[str]:
    """As in "All four rides were on gravel", "most of your rides were outdoors", by both counts."""
    for mention in scene.sentence.naming("clause"):
        every, most = "clause:all" in mention.tags, "clause:most" in mention.tags
        if not (every or most):
            continue
        totals = _totals(mention, scene)
        parts = [count for count in _counts(scene) if _is_of_the_kind(count, mention, totals, scene)]
        if every and (short := _fewer_than_planned(totals, scene)):
            yield f'"{mention.text}", but {short.ids[0]} is {short.own[0]:g}'
        for total in totals[:1]:
            if parts and all(
                part.values[0] < total.values[0] if every else part.values[0] <= _MOST * total.values[0]
                for part in parts
            ):
                yield f'"{mention.text}", but {parts[0].ids[0]} is {parts[0].own[0]:g} of {total.own[0]:g}'


def _fewer_than_planned(totals: list[Reading], scene: Scene) -> Reading | None:
    """As in "You completed all five as planned", where four were done."""
    return next(
        (
            done
            for planned in totals
            if planned.things & _PLANNED
            for done in scene.evidence.of(planned.concepts)
            if done.role == "now"
            and not done.derived
            and done.dimension == planned.dimension
            and done.things == planned.things - _PLANNED
            and done.values[0] < planned.values[0]
        ),
        None,
    )


def _all_days_hard(scene: Scene) -> Iterator[str]:
    """As in "All of the last three days were hard", "every day was hard", where two were."""
    sentence = scene.sentence
    counts = [r.values[0] for r in scene.evidence.of(_HARD) if r.dimension == "days" and r.role == "now"]
    for mention in sentence.mentions if counts else ():
        if not mention.tags & {"clause:all", "always:day"}:
            continue
        spans = [q for q in sentence.quantities if q.dimension == "days" and 0 <= q.at - mention.end <= CLOSE]
        if not spans and "always:day" not in mention.tags:
            continue
        end = spans[0].end if spans else mention.end
        days = spans[0].meanings[0].value if spans else _WEEK
        hard = any(0 < m.at - end <= CLOSE and m.keys("metric") & _HARD for m in sentence.naming("metric"))
        if hard and max(counts) < days:
            yield f'"{mention.text}", but {max(counts):g} were hard'


def _all_planned(scene: Scene) -> Iterator[str]:
    """As in "You did all planned swims", of which there was one more."""
    for mention in scene.sentence.tagged("clause:all_planned"):
        nearly = any(m.end == mention.at and m.keys("hedge") for m in scene.sentence.mentions)
        sports = scene.sports_of(mention.end, mention.end)
        counts = [c for c in _counts(scene) if not sports or c.sports & sports]
        for plan in (c for c in counts if c.things == _PLANNED):
            done = [c for c in counts if not c.things and c.sports == plan.sports and c.days == plan.days]
            if not nearly and done and max(c.values[0] for c in done) < plan.values[0]:
                yield f'"{mention.text}", but {done[0].ids[0]} is {done[0].own[0]:g} of {plan.own[0]:g}'


def _given_up(scene: Scene) -> Iterator[str]:
    return given_up(_counts(scene), scene)


def _last_hard(scene: Scene) -> Iterator[str]:
    """As in "Your last hard day was three days ago", where it was 16, or no fact says."""
    sentence = scene.sentence
    since = [
        r.values[0]
        for r in scene.evidence.of(_HARD)
        if r.dimension == "days" and not r.derived and "since the last" in _label_text(r, scene)
    ]
    for mention in sentence.tagged("clause:last_hard"):
        ago = {
            q.meanings[0].value: q.text
            for q in sentence.quantities
            if q.dimension == "days" and sentence.between(q.at, mention.at) < APART
        } | {
            float(key): m.text
            for m in sentence.naming("period")
            if (m.keys("past") or m.tags & {"clause:since", "clause:back"})
            and sentence.between(m.at, mention.at) < APART
            for key in m.keys("period")
        }
        if ago and not any(abs(days - known) < _A_DAY * known for days in ago for known in since):
            yield f'"{mention.text}", of which no fact says "{min(ago.values())}"'


def _label_text(reading: Reading, scene: Scene) -> str:
    return scene.evidence.facts[reading.ids[0]].label


def _totals(mention: Mention, scene: Scene) -> list[Reading]:
    """Return how many there were of what a phrase says all or most."""
    counted = next((q for q in scene.sentence.quantities if 0 <= q.at - mention.end <= CLOSE), None)
    if counted:
        return [r for r in scene.said.get(counted.at, ()) if r.concepts & _COUNTABLE]
    sports = scene.sports_of(mention.end, mention.end)
    behind = any(
        0 <= m.at - mention.end <= NEAR and (m.keys("sport") or m.keys("metric") & _SESSIONS)
        for m in scene.sentence.mentions
    )
    alike = [count for count in _counts(scene) if not count.things and (not sports or count.sports == sports)]
    return sorted(alike, key=lambda count: -count.values[0]) if behind else []


def _is_of_the_kind(count: Reading, mention: Mention, totals: list[Reading], scene: Scene) -> bool:
    """Return whether a count is of those that the words behind tell from the others."""
    if not totals or count in totals or not (count.sports & totals[0].sports or not totals[0].sports):
        return False
    if count.things:
        return bool(count.things & scene.things)
    own = scene.evidence.label_of(count).words - scene.evidence.label_of(totals[0]).words
    said = {token.word for token in scene.sentence.tokens[mention.end :]}
    return any(len(word) >= _TELLING and word in said for word in own)


_CLAIMS: Final[tuple[tuple[Callable[[Scene], Iterator[str]], frozenset[str]], ...]] = (
    (_nothing_at_all, frozenset({"negation:none"})),
    (_only_one, frozenset({"clause:single"})),
    (_only_one_rest_day, frozenset({"clause:single_rest"})),
    (_all_or_most, frozenset({"clause:all", "clause:most"})),
    (_all_days_hard, frozenset({"clause:all", "always:day"})),
    (_given_up, frozenset({"clause:wholly"})),
    (_last_hard, frozenset({"clause:last_hard"})),
)
"""What a statement may claim of counts, and the tags that call for asking."""
