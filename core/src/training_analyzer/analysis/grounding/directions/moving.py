"""The changes of facts that a direction may mean."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.changing import verb_at_the_end
from training_analyzer.analysis.grounding.misfits.spans import overlap
from training_analyzer.analysis.grounding.sayable import Direction, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_OF_LOAD: Final = frozenset({"load.up", "load.down"})
_NARROWED: Final = frozenset({"longest", "share", "easy", "moderate", "hard", "sleep", "ratio"})
"""What a change of a metric is not of, unless the sentence says so."""
_INTENSITIES: Final = frozenset({"easy", "moderate", "hard"})
_LONG: Final = 90.0
"""From so many days on, a period is none that every week or month is compared with."""
_LASTING: Final = frozenset({"fitness", "fatigue", "form", "ramp"})
"""What is so on a day, and moves over a span."""
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


def changes(metrics: frozenset[str], mention: Mention, scene: Scene) -> Iterator[Reading]:
    """Return the changes that a direction may mean: those of the number beside it, else of its metric."""
    beside = changes_beside(mention, scene)
    if metrics and mention.keys("direction") == {"flat"}:  # "fell by 5 bpm at the same pace"
        beside = [reading for reading in beside if reading.concepts & metrics]
    if beside:
        yield from beside
        return
    sports = scene.sports_moved(mention) or scene.sports_of(mention.at, mention.end, apart=APART + 1)
    if not sports and len(scene.sports) == 1:
        sports = scene.sports  # "You swam faster, even though you covered more distance"
    moving = [
        reading
        for reading in (scene.evidence.of(metrics) if metrics else scene.evidence.readings)
        if reading.role == "change" and reading.direction
    ]
    if sports and (any(r.sports for r in moving) or not _is_of_no_sport(metrics, mention, scene)):
        moving = [reading for reading in moving if reading.sports & sports]
    if not metrics and scene.before is not None and scene.before.said:
        earlier = frozenset[str]().union(*(r.concepts for said in scene.before.said.values() for r in said))
        moving = [reading for reading in moving if reading.concepts & earlier] or moving
    between = scene.sentence.between
    if any(between(m.at, mention.at) < APART for m in scene.sentence.tagged("clause:break")):
        broken = [r for r in moving if any("break" in fact_id.split("_") for fact_id in r.ids)]
        moving = broken or moving  # "past the level you had before the break"
    if "race" in metrics:  # "your half marathon time got worse", and not the time of the month
        moving = [reading for reading in moving if metrics <= reading.concepts] or moving
    moving = _of_a_share(moving, mention, scene)
    moving = _against_the_span(moving, mention, scene)
    moving = _within_the_span(moving, mention, scene)
    moving = list(_against_what_is_said(moving, scene.against(mention.at, mention.end)))
    moving = _of_what_is_said(moving, mention, scene)
    spoken = metrics | (_spoken_beside(mention, scene) or scene.spoken_metrics())
    own = [reading for reading in moving if reading.concepts & _NARROWED <= spoken]
    own = own or moving
    yield from [reading for reading in own if reading.things <= scene.things] or own


def changes_beside(mention: Mention, scene: Scene) -> list[Reading]:
    """Return the changes that the number beside a phrase may be."""
    return [
        reading
        for quantity in scene.sentence.quantities
        if (quantity.at >= mention.end and scene.gap(mention.end, quantity.at) <= CLOSE)
        or 0 <= mention.at - quantity.end <= 1
        or verb_at_the_end(quantity, scene) is mention
        if scene.sentence.between(min(quantity.at, mention.at), max(quantity.end - 1, mention.at)) < APART
        for reading in scene.said.get(quantity.at, ())
        if reading.role == "change" and reading.direction
    ]


def _of_a_share(moving: list[Reading], mention: Mention, scene: Scene) -> list[Reading]:
    """As in "The share of easy time fell": of that share, and not of the time."""
    ahead = [m for m in scene.ways if m.end <= mention.at and m.keys("direction")]
    start = ahead[-1].end if ahead else 0
    named = frozenset[str]().union(
        *(
            scene.metrics_named(m)
            for m in scene.sentence.naming("metric")
            if start <= m.at < mention.at and scene.sentence.together(m.at, mention.at)
        )
    )
    if "share" not in named or mention.keys("implied"):
        return moving
    return [r for r in moving if "share" in r.concepts and r.concepts & named & _INTENSITIES] or moving


def _against_the_span(moving: list[Reading], mention: Mention, scene: Scene) -> list[Reading]:
    """As in "More than in the same month last year": of two changes, the one against a year ago."""
    than = [
        m
        for m in scene.sentence.mentions
        if m is mention or 0 <= m.at - mention.end <= 1
        if "role:versus" in m.tags or m.keys("comparison")
    ]
    spans = frozenset(
        float(key)
        for m in scene.sentence.naming("period")
        if than and 0 <= m.at - than[0].end <= NEAR + CLOSE
        for key in m.keys("period")
    )
    longest = frozenset(span for span in spans if span >= _LONG and span == max(spans))
    return [reading for reading in moving if overlap(reading.against, longest)] or moving


def _within_the_span(moving: list[Reading], mention: Mention, scene: Scene) -> list[Reading]:
    """As in "Fitness has fallen in four weeks": of what is so on a day, the change over these weeks."""
    sentence = scene.sentence
    spans = frozenset(
        q.meanings[0].value
        for q in sentence.quantities
        if scene.is_window(q) and q.dimension == "days" and sentence.together(q.at, mention.at)
    )
    lasting = [reading for reading in moving if reading.concepts <= _LASTING]
    return [reading for reading in lasting if overlap(reading.against, spans)] or moving


def directions_of(metrics: frozenset[str], mention: Mention, scene: Scene) -> set[Direction | None]:
    return {reading.direction for reading in changes(metrics, mention, scene)}


def _is_of_another_verb(mention: Mention, scene: Scene) -> bool:
    """As in "Ski distance rose and your weekly load rose": the load is of all sports."""
    ahead = [m for m in scene.sentence.naming("sport") if m.end <= mention.at]
    return bool(ahead) and any(ahead[-1].end <= way.at < mention.at for way in scene.ways)


def _spoken_beside(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "More volume, but less of it hard": more of what is named right behind, and not of the hard."""
    named = scene.sentence.naming("metric")
    behind = scene.sentence.starting.get(mention.end)
    if "clause:quantifier" not in mention.tags or behind is None or not behind.keys("metric"):
        return frozenset()
    beside = (m for m in named if scene.sentence.together(m.at, mention.at))
    return frozenset[str]().union(*(scene.metrics_named(m) for m in beside))


def _is_behind_a_colon(mention: Mention, scene: Scene) -> bool:
    """As in "It came from longer hours, not harder running: load per hour barely moved"."""
    metric = scene.sentence.ending.get(mention.at)
    if metric is None or metric.at == 0 or not metric.keys("metric"):
        return False
    return scene.sentence.tokens[metric.at - 1].word == ":"


def _is_of_no_sport(metrics: frozenset[str], mention: Mention, scene: Scene) -> bool:
    """Return whether a direction may be said beside a sport, and be of a fact of none."""
    return bool(
        metrics <= _OF_NO_SPORT
        or mention.keys("implied") & _OF_LOAD
        or _is_of_another_verb(mention, scene)
        or _is_behind_a_colon(mention, scene)
        or _is_set_aside(mention, scene)
    )


def _is_set_aside(mention: Mention, scene: Scene) -> bool:
    """As in "Rather than harder running": what is denied needs no fact of that sport."""
    ahead = scene.sentence.ending.get(mention.at)
    return ahead is not None and ahead.tags >= {"negation:not", "role:versus"}


def _of_what_is_said(moving: list[Reading], mention: Mention, scene: Scene) -> list[Reading]:
    """As in "At 512, your load was lower": of several loads, the one whose number the clause states."""
    told = [
        reading
        for quantity in scene.sentence.quantities
        if quantity.fact and scene.sentence.together(quantity.at, mention.at)
        for reading in scene.said.get(quantity.at, ())
        if reading in moving
    ]
    if told:
        return told  # "you improved your 5 km time by {record_gain}"
    if led_to := _led_to(mention, scene):
        moving = [reading for reading in moving if reading.base == led_to] or moving
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


def _led_to(mention: Mention, scene: Scene) -> str:
    """As in "Auch die Wochenstrecke wuchs, auf {run_distance}": of that distance, and not of the longest."""
    sentence = scene.sentence
    behind = (q for q in sentence.quantities if q.at >= mention.end and sentence.together(q.at, mention.at))
    level = next(behind, None)
    fact = scene.evidence.by_id.get(level.fact) if level else None
    led = level is not None and sentence.has_before(level.at, "role:to")
    return fact.base if led and fact is not None and fact.role == "now" else ""


def _against_what_is_said(moving: list[Reading], against: str) -> Iterator[Reading]:
    """Yield the changes that the words mean: from last week where they say so, else from what is usual."""
    others = {(r.concepts, r.things, r.sports) for r in moving if r.earlier == (against == "past")}
    for reading in moving:
        meant = reading.earlier == (against == "past")
        if meant or (reading.concepts, reading.things, reading.sports) not in others:
            yield reading
