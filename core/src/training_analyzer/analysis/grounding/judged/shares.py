"""Words for a share, "most of the week", held against the share that they are said of."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.contradicted import bounds
from training_analyzer.analysis.grounding.judged.stating import is_stated
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.placed.shares import intensity_of, intensity_said
from training_analyzer.analysis.grounding.placed.telling import parted
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE

_FAR: Final = 10
"""Tokens between a word for a share and the number: "Most of the time was easy, at {easy_share}"."""
_ONLY: Final = "share_only"
_OF_DAYS: Final = ("_lower_share", "_shorter_share", "_lighter_share")
"""What counts others, that are more or less than this: "tired as on few days, {form_lower_share} of them"."""


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "With {session_week_share}, this ride made most of the week", where it is 24 %."""
    if not is_stated(found, running, scene):
        return ""
    low, high = bounds()[found.key]
    share = _said_of(found, scene)
    if share is None and (part := _part_of(found, scene)) is not None:
        return "" if low <= part <= high else f"it is {part:.0f} % of that"
    if share is None or low <= share.values[0] <= high:
        return ""
    return f"{share.ids[0]} is {share.own[0]:g}"


def _said_of(found: Found, scene: Scene) -> Reading | None:
    """Return the share of which the words are: of the intensity that they name, else the one beside them."""
    if found.key == _ONLY:
        return _counted_as_few(found, scene)
    near = list(_shares_beside(found, scene))
    if intensity := intensity_said(found.end, scene):
        known = near + [r for r in scene.evidence.by_id.values() if _is_share(r)]
        alike = [r for r in known if intensity_of(r) == intensity and r.role == "now"]
        return alike[0] if alike else None
    return near[0] if near else None


def _counted_as_few(found: Found, scene: Scene) -> Reading | None:
    """As in "Only {without_readings_share} of the sessions lack readings", of 100 %."""
    facts = (
        scene.evidence.by_id.get(q.fact) for q in scene.sentence.quantities if q.fact and q.end == found.end
    )
    return next((f for f in facts if f and f.dimension == "percent" and "share" in f.ids[0]), None)


def _part_of(found: Found, scene: Scene) -> float | None:
    """As in "The {time_week} were most of the {time_month}": which part of it the other number is."""
    levels = [(q, fact) for q, fact in placeholders(scene) if fact.role in LEVELS]
    wholes = [
        (q, fact)
        for q, fact in levels
        if 0 <= q.at - found.end <= CLOSE and not parted(found.end, q.at, scene)
    ]
    if not wholes:
        return _part_of_the_month([fact for _, fact in levels])
    at, whole = wholes[0]
    parts = [
        (abs(q.at - at.at), fact)
        for q, fact in levels
        if q is not at and fact.dimension == whole.dimension != "percent" and fact.sports == whole.sports
    ]
    part = min(parts, key=lambda one: one[0])[1] if parts else None
    return 100 * part.values[0] / whole.values[0] if part and whole.values[0] else None


def _part_of_the_month(levels: list[Reading]) -> float | None:
    """As in "The {swim_distance} were nearly all that you swam in four weeks: {swim_distance_month}"."""
    values = {fact.ids[0].removesuffix("_week"): fact.values[0] for fact in levels}
    parts = (100 * part / values[f"{of}_month"] for of, part in values.items() if values.get(f"{of}_month"))
    return next(parts, None)


def _shares_beside(found: Found, scene: Scene) -> Iterator[Reading]:
    """Return the shares beside some words, the nearest first."""
    away = sorted(
        (min(abs(q.at - found.end), abs(found.at - q.end)), q.fact)
        for q in scene.sentence.quantities
        if q.fact
    )
    for gap, fact_id in away:
        fact = scene.evidence.by_id.get(fact_id)
        if fact is not None and gap <= _FAR and _is_share(fact):
            yield fact


def _is_share(fact: Reading) -> bool:
    counts_others = fact.ids[0].endswith(_OF_DAYS)
    return (
        fact.dimension == "percent" and fact.role in LEVELS and "share" in fact.concepts and not counts_others
    )
