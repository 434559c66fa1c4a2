"""Every word for a direction must agree with a fact: rose, fell, more, lighter, unchanged, above."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.comparisons import (
    carried_over,
    from_to,
    lies,
    more_of_one,
    of_both,
    of_equality,
    of_growth,
    of_halves,
    of_numbers,
    of_sports,
    regions,
    two_metrics,
    what,
)
from training_analyzer.analysis.grounding.implied import FLAT_PERCENT, FLAT_POINTS
from training_analyzer.analysis.grounding.reading import APART, Mention
from training_analyzer.analysis.grounding.sayable import Direction, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE, EVENTS, NEAR, THRESHOLDS

_OPPOSITE: Final = {"up": "down", "down": "up"}
_OF_LOAD: Final = frozenset({"load.up", "load.down"})
_FORM: Final = frozenset({"form"})
_SIGNS: Final = {"positive": "up", "negative": "down"}
HARDNESS: Final = frozenset({"load", "heart_rate", "power", "hard", "speed"})
COUNTED: Final = frozenset({"session", "time", "distance", "rest_day", "training_day"})
"""What is named in passing, and need not be what is said to be unchanged."""
BETTER_WHEN_LOWER: Final = frozenset(
    {"resting_heart_rate", "decoupling", "fatigue", "monotony", "strain", "swolf", "ground_contact"}
)
NEARLY_FLAT_PERCENT: Final = 12.0
NEARLY_FLAT_POINTS: Final = 2.0
"""What may be called nearly the same. Our choice."""
_NARROWED: Final = frozenset({"longest", "share", "easy", "moderate", "hard", "sleep", "ratio"})
"""What a change of a metric is not of, unless the sentence says so."""
_OF_NO_SPORT: Final = frozenset(
    {
        "fitness",
        "fatigue",
        "form",
        "ramp",
        "monotony",
        "strain",
        "hrv",
        "resting_heart_rate",
        "weight",
        "sleep",
    }
)
_ALIKE: Final = 0.005
_FINE: Final = frozenset({"monotony", "ratio", "intensity_factor", "efficiency"})
"""Numbers about one, of which a point is much."""
_OF: Final = frozenset({"article:of", "article:out_of"})
_TOLD: Final = ("direction:", "implied:", "comparison:")


def check(scene: Scene) -> Iterator[str]:
    """Return the directions that no fact shows. Advice and conditions state none."""
    if scene.advice:
        return
    yield from _states(scene)
    yield from _calls_calm(scene)
    yield from _calls_new(scene)
    yield from regions(scene)
    yield from carried_over(scene)
    yield from of_both(scene)
    for mention in scene.sentence.mentions:
        if not any(tag.startswith(_TOLD) for tag in mention.tags) or _is_something_else(mention, scene):
            continue
        order = next(
            (
                found
                for judge in (
                    of_equality,
                    two_metrics,
                    more_of_one,
                    from_to,
                    of_halves,
                    of_growth,
                    of_sports,
                    of_numbers,
                )
                if (found := judge(mention, scene)) is not None
            ),
            None,
        )
        if order is not None:
            yield from order
            continue
        claimed, metrics = _claim(mention, scene)
        if not claimed:
            continue
        if _looks_back(mention, scene):
            claimed = _OPPOSITE.get(claimed, claimed)
        yield from _judge(mention, claimed, metrics, scene)
        if other := _joined_to(metrics, mention, scene):
            yield from _judge(mention, claimed, other, scene)


def _joined_to(metrics: frozenset[str], mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Pulse and power rose": the other one of two of which a direction is said."""
    sentence = scene.sentence
    named = [m for m in sentence.naming("metric") if scene.metrics_named(m)]
    for one, other in pairwise(named):
        joined = any(
            m.at == one.end and m.end in (other.at, other.at - 1) for m in sentence.tagged("clause:and")
        )
        beside = other.end == mention.at or mention.end == one.at or mention.end == one.at - 1
        if joined and beside and metrics in (scene.metrics_named(one), scene.metrics_named(other)):
            both = scene.metrics_named(one) | scene.metrics_named(other)
            rest = both - metrics
            return rest if _directions(rest, mention, scene) - {None} else frozenset()
    return frozenset()


def _is_something_else(mention: Mention, scene: Scene) -> bool:
    """A hedge ("more than half"), a metric ("climbing"), a condition, or what is so in general."""
    sentence = scene.sentence
    if (
        _is_of_what_no_fact_is(mention, scene)
        or _describes_a_session(mention, scene)
        or scene.is_general(mention.at)
    ):
        return True
    if scene.superlatives_of(mention) or _is_beside_a_region(mention, scene):
        return True
    for quantity in sentence.quantities:
        hedge = mention.keys("hedge") & quantity.hedges
        if hedge and 0 <= quantity.at - mention.end <= 1:
            return True
        if (
            quantity.end == mention.at
            and quantity.dimension == "length"
            and mention.tags & {"metric:elevation"}
        ):
            return True
    if mention.keys("direction") and scene.metrics_named(mention):
        return True
    if _is_of_some_weeks(mention, scene) or _is_of_an_unknown(mention, scene):
        return True
    if mention.keys("metric") & {"time", "distance"} and not mention.keys("implied"):
        return True
    return any(
        condition.end <= mention.at and sentence.between(condition.at, mention.at) < APART
        for tag in ("clause:if", "clause:general", "advice:anywhere")
        for condition in sentence.tagged(tag)
    )


def _is_of_what_no_fact_is(mention: Mention, scene: Scene) -> bool:
    """As in "More effort", "a little more out of each stroke": what is said to be more is no metric."""
    if "clause:quantifier" not in mention.tags:
        return False
    of = next((m for m in scene.sentence.mentions if m.at == mention.end and m.tags & _OF), None)
    vague = of and not any(0 <= m.at - of.end <= CLOSE and m.keys("metric") for m in scene.sentence.mentions)
    if not vague and mention.end not in scene.unknown:
        return False
    return not any(quantity.end == mention.at for quantity in scene.sentence.quantities)


def _is_of_some_weeks(mention: Mention, scene: Scene) -> bool:
    """As in "After three weeks of rising load": how it was, and no change of now."""
    return any(
        quantity.dimension == "days" and quantity.end == of.at and of.end == mention.at
        for of in scene.sentence.tagged("article:of")
        for quantity in scene.sentence.quantities
    )


def _is_of_an_unknown(mention: Mention, scene: Scene) -> bool:
    """As in "A sign that efficiency slipped", where no fact is of efficiency."""
    metric = next((m for m in scene.sentence.naming("metric") if m.end == mention.at), None)
    return metric is not None and metric.keys("metric") == {"efficiency"} and not scene.metrics_named(metric)


def _describes_a_session(mention: Mention, scene: Scene) -> bool:
    """As in "Your steady rides": which rides they were, and no change."""
    return mention.keys("direction") == {"flat"} and any(
        m.at == mention.end and (m.keys("sport") or m.keys("metric") & {"session"})
        for m in scene.sentence.mentions
    )


def _is_beside_a_region(mention: Mention, scene: Scene) -> bool:
    """As in "Above threshold", "over zone 2": where the training was, and no change."""
    if not mention.keys("direction") & {"up", "down"} or not lies(mention, scene):
        return False
    if any(0 <= at - mention.end <= CLOSE for at, _ in scene.sentence.zones):
        return True
    beside = [
        q for q in scene.sentence.quantities if q.end == mention.at and q.dimension in ("percent", "beats")
    ]
    if any(r.role == "change" for q in beside for r in scene.said.get(q.at, ())):
        return False
    return any(
        0 <= m.at - mention.end <= CLOSE and m.keys("metric") & {*THRESHOLDS, "easy"}
        for m in scene.sentence.mentions
    )


def _looks_back(mention: Mention, scene: Scene) -> bool:
    """As in "A week ago it was 18 points lower": what was lower has risen."""
    return any(
        back.end <= mention.at and scene.sentence.between(back.at, mention.at) < APART
        for back in scene.sentence.tagged("clause:back")
        if not any(versus.end == back.at for versus in scene.sentence.tagged("role:versus"))
    )


def _claim(mention: Mention, scene: Scene) -> tuple[str, frozenset[str]]:
    """Return which direction is claimed, and of which metrics."""
    implied = sorted(mention.keys("implied"))
    metrics = _told_from(mention, scene) or scene.subject_of(mention)
    if implied:
        metric, direction = implied[0].split(".")
        if metric == "time" and not _directions(frozenset({metric}), mention, scene):
            metric = "distance"  # "longer than usual", of a run whose way is known
        own = frozenset({metric})
        known = _directions(own, mention, scene) if metric == "intensity" else {metric}
        if not known or (known == {"flat"} and not _is_negated(mention, scene)):
            own = HARDNESS  # whatever made it hard
        if not (metrics & {metric, "longest"} and _directions(metrics, mention, scene)):
            metrics = own
        if metric == "time" and any(
            0 <= m.at - mention.end <= 1 for m in scene.sentence.tagged("clause:long")
        ):
            metrics = frozenset({"longest"})
        if metric == "speed" and not _directions(metrics, mention, scene):
            metrics |= {"cadence"}  # "you pedalled a little faster"
        if metric == "time" and "longest" in scene.subject_of(mention):
            metrics = frozenset({"longest"})
        return direction, metrics
    metrics = metrics or _stated_before(mention, scene)
    keys = mention.keys("direction")
    if keys & {"better", "worse"}:
        lower = metrics & BETTER_WHEN_LOWER or (metrics == {"time"} and scene.evidence.things & EVENTS)
        up = ("better" in keys) != bool(lower)
        return ("up" if up else "down"), metrics
    return next(iter(sorted(keys)), ""), metrics


def _stated_before(mention: Mention, scene: Scene) -> frozenset[str]:
    """Return what the number before is of, where no metric is named."""
    before = [at for at in scene.said if at < mention.at and scene.sentence.between(at, mention.at) <= APART]
    return frozenset[str]().union(*(r.concepts for r in scene.said[max(before)])) if before else frozenset()


def _told_from(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Down from 83 %": what the number is, is what went down."""
    if "role:versus" not in mention.tags:
        return frozenset()
    behind = next((q for q in scene.sentence.quantities if q.at == mention.end), None)
    said = scene.said.get(behind.at, []) if behind else []
    return frozenset[str]().union(*(reading.concepts for reading in said))


def _judge(mention: Mention, claimed: str, metrics: frozenset[str], scene: Scene) -> Iterator[str]:
    readings = list(_readings(metrics, mention, scene))
    shown = {reading.direction for reading in readings}
    if _is_negated(mention, scene):
        if not shown:
            yield f'"{mention.text}", but no fact shows a direction of {what(metrics)}'
        elif shown == {claimed}:
            yield f'"not {mention.text}", but {what(metrics)} went {claimed}'
        return
    if claimed == "flat" and _follows_a_multiple(mention, scene):
        return
    if claimed == "flat":
        yield from _judge_flat(mention, readings, metrics, scene)
        return
    if claimed in shown or claimed in _leanings(mention, scene):
        return
    if not shown:
        if metrics:
            yield f'"{mention.text}", but no fact shows a direction of {what(metrics)}'
    else:
        yield f'"{mention.text}", but {what(metrics)} went {" or ".join(sorted(filter(None, shown)))}'


def _judge_flat(
    mention: Mention, readings: list[Reading], metrics: frozenset[str], scene: Scene
) -> Iterator[str]:
    if "flat:all" in mention.tags:  # "nothing has changed"
        moved = [r for r in readings if not r.derived and not _is_flat(r, loose=True)]
        if moved:
            yield f'"{mention.text}", but {what(moved[0].concepts)} did change'
        return
    loose = "flat:nearly" in mention.tags or _is_softened(mention, scene)
    if _follows_a_multiple(mention, scene) or not (readings or metrics - COUNTED):
        return
    # A fact knows its own direction better than a difference does.
    stated = [reading for reading in readings if metrics and not reading.derived]
    if not any(_is_flat(reading, loose=loose) for reading in stated or readings):
        why = f"{what(metrics)} did change" if readings else f"no fact shows a direction of {what(metrics)}"
        yield f'"{mention.text}", but {why}'


def _leanings(mention: Mention, scene: Scene) -> set[Direction | None]:
    """Return to which side of each other numbers are that are said to be so little apart: "1.4 below"."""
    return {
        reading.leans
        for quantity in scene.sentence.quantities
        if quantity.end == mention.at
        for reading in scene.said.get(quantity.at, ())
        if reading.role == "change"
    }


def _directions(metrics: frozenset[str], mention: Mention, scene: Scene) -> set[Direction | None]:
    return {reading.direction for reading in _readings(metrics, mention, scene)}


def _readings(metrics: frozenset[str], mention: Mention, scene: Scene) -> Iterator[Reading]:
    """Return the changes that a direction may mean: those of the number beside it, else of its metric."""
    beside = [
        reading
        for quantity in scene.sentence.quantities
        if (quantity.at >= mention.end and scene.gap(mention.end, quantity.at) <= CLOSE)
        or 0 <= mention.at - quantity.end <= 1
        if scene.sentence.between(min(quantity.at, mention.at), max(quantity.end - 1, mention.at)) < APART
        for reading in scene.said.get(quantity.at, ())
        if reading.role == "change" and reading.direction
    ]
    if beside:
        yield from beside
        return
    sports = scene.sports_moved(mention) or scene.sports_of(mention.at, mention.end, apart=APART + 1)
    moving = [
        reading
        for reading in (scene.evidence.of(metrics) if metrics else scene.evidence.readings)
        if reading.role == "change"
        and reading.direction
        and (scene.cited is None or scene.cited & set(reading.ids))
    ]
    sportless = bool(metrics <= _OF_NO_SPORT or mention.keys("implied") & _OF_LOAD)
    sportless = sportless or _is_of_another_verb(mention, scene)
    if sports and not (sportless and not any(reading.sports for reading in moving)):
        moving = [reading for reading in moving if reading.sports & sports]
    if not metrics and scene.before is not None and scene.before.said:
        earlier = frozenset[str]().union(*(r.concepts for said in scene.before.said.values() for r in said))
        moving = [reading for reading in moving if reading.concepts & earlier] or moving
    if any(scene.sentence.together(m.at, mention.at) for m in scene.sentence.tagged("clause:break")):
        broken = [r for r in moving if any("break" in fact_id.split("_") for fact_id in r.ids)]
        moving = broken or moving  # "past the level you had before the break"
    moving = list(_against_what_is_said(moving, scene.against(mention.at, mention.end)))
    moving = _of_what_is_said(moving, mention, scene)
    spoken = metrics | scene.spoken_metrics()
    own = [reading for reading in moving if reading.concepts & _NARROWED <= spoken]
    own = own or moving
    yield from [reading for reading in own if reading.things <= scene.things] or own


def _is_of_another_verb(mention: Mention, scene: Scene) -> bool:
    """As in "Ski distance rose and your weekly load rose": the load is of all sports."""
    ahead = [m for m in scene.sentence.naming("sport") if m.end <= mention.at]
    return bool(ahead) and any(ahead[-1].end <= way.at < mention.at for way in scene.ways)


def _of_what_is_said(moving: list[Reading], mention: Mention, scene: Scene) -> list[Reading]:
    """As in "At 512, your load was lower": of several loads, the one whose number the clause states."""
    stated = {
        reading.base: reading
        for at, said in scene.said.items()
        if scene.sentence.together(at, mention.at)
        for reading in said
        if reading.role == "now" and not reading.derived
    }
    others = {
        other.base
        for reading in stated.values()
        for other in scene.evidence.of(reading.concepts)
        if other.role == "now" and not other.derived and other.concepts == reading.concepts
    } - stated.keys()
    return [reading for reading in moving if reading.base not in others] or moving


def _against_what_is_said(moving: list[Reading], against: str) -> Iterator[Reading]:
    """Yield the changes that the words mean: from last week where they say so, else from what is usual."""
    others = {(r.concepts, r.things, r.sports) for r in moving if r.earlier == (against == "past")}
    for reading in moving:
        meant = reading.earlier == (against == "past")
        if meant or (reading.concepts, reading.things, reading.sports) not in others:
            yield reading


def _is_negated(mention: Mention, scene: Scene) -> bool:
    if "negation:not" in mention.tags:
        return True
    sentence = scene.sentence
    for negation in sentence.tagged("negation:not"):
        ahead = 0 <= mention.at - negation.end <= NEAR + 1
        if ahead and sentence.between(negation.at, mention.at) < APART:
            return True
        # "Die Belastung stieg nicht": the negation may stand behind.
        if "clause:behind" in negation.tags and 0 <= negation.at - mention.end <= 1:
            return True
    return False


def _states(scene: Scene) -> Iterator[str]:
    """Return what the text says of how somebody is ("fresh") that the sign of a fact does not show."""
    for mention in scene.sentence.mentions:
        if _is_conditional(mention, scene):
            continue
        for key in mention.keys("state"):
            metric, _, sign = key.partition(".")
            readings = [r for r in scene.evidence.of(frozenset({metric})) if r.role in ("now", "change")]
            negated = _is_negated(mention, scene)
            shown = any(
                (r.values[0] > 0) == (sign == "positive") if r.role == "now" else r.direction == _SIGNS[sign]
                for r in readings
            )
            if shown == negated:
                yield f'"{mention.text}", which no fact of {metric} shows'
        if (signs := mention.keys("sign")) and "form" in scene.subject_of(mention):
            below = {r.values[0] < 0 for r in scene.evidence.of(_FORM) if r.role == "now"}
            if below and ("negative" in signs) not in below and not _is_negated(mention, scene):
                yield f'"{mention.text}", which form is not'


def _calls_calm(scene: Scene) -> Iterator[str]:
    """As in "A quiet week": no more than usual."""
    for mention in scene.sentence.tagged("calm:any"):
        shown = _directions(frozenset({"load"}), mention, scene)
        if shown == {"up"} and not _is_negated(mention, scene) and not _is_conditional(mention, scene):
            yield f'"{mention.text}", but load went up'


def _calls_new(scene: Scene) -> Iterator[str]:
    """As in "Fitness has hit a new high of 81", where that is the highest, and it is lower now."""
    for mention in scene.sentence.tagged("clause:new"):
        for at, said in scene.said.items():
            together = scene.sentence.together(at, mention.at)
            values = [r.values[0] for r in said if r.role == "now" and together]
            others = [
                other.values[0]
                for reading in said
                for other in scene.evidence.by_dimension.get(reading.dimension, ())
                if other.role == "now" and not other.derived and other.concepts == reading.concepts
            ]
            if values and any(
                abs(other - values[0]) > abs(values[0]) * _ALIKE and (other > values[0] or said[0].statistic)
                for other in others
            ):
                yield f'"{mention.text}", but {said[0].ids[0]} is not new'


def _is_conditional(mention: Mention, scene: Scene) -> bool:
    """As in "Fresher you will be once fatigue eases"."""
    return any(scene.sentence.between(m.at, mention.at) <= APART for m in scene.sentence.tagged("clause:if"))


def _follows_a_multiple(mention: Mention, scene: Scene) -> bool:
    """As in "Twice as many as usual": nothing is said to be as usual."""
    return any(q.fraction and 0 <= mention.at - q.end <= NEAR for q in scene.sentence.quantities)


def _is_softened(mention: Mention, scene: Scene) -> bool:
    """As in "About the same", "virtually unchanged"."""
    return any(
        m.keys("hedge") or m.keys("soft") for m in scene.sentence.mentions if 0 <= mention.at - m.end <= 1
    )


def _is_flat(reading: Reading, *, loose: bool) -> bool:
    if reading.direction == "flat":
        return True
    if reading.dimension == "percent":
        return abs(reading.values[0]) <= (NEARLY_FLAT_PERCENT if loose else FLAT_PERCENT)
    if reading.concepts & _FINE:
        return False
    limit = NEARLY_FLAT_POINTS if loose else FLAT_POINTS
    return reading.dimension in ("number", "beats") and abs(reading.values[0]) <= limit
