"""Periods that a text names, and no fact speaks of: "the year", "in the last two weeks"."""

from collections.abc import Iterator

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.since_when import is_since_then


def unknown_periods(scene: Scene) -> Iterator[str]:
    yield from _named(scene)
    yield from _unknown_spans(scene)


def _named(scene: Scene) -> Iterator[str]:
    days = scene.evidence.days
    for mention in scene.sentence.naming("period"):
        for key in mention.keys("period"):
            span = float(key)
            if not any(abs(span - known) <= max(0.5, 0.02 * span) for known in days) and not is_since_then(
                span, mention, scene
            ):
                yield f'"{mention.text}", a period of which no fact speaks'


def _unknown_spans(scene: Scene) -> Iterator[str]:
    """As in "In the last two weeks", where no fact is of two weeks."""
    for quantity in scene.sentence.quantities:
        if (
            quantity.dimension == "days"
            and not scene.is_window(quantity)
            and scene.sentence.has_before(quantity.at, "article:last")
        ):
            yield f'"{quantity.text}", a period of which no fact speaks'
