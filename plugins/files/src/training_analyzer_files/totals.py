"""What a file states of a whole session, held against its points and against what can be."""

from typing import Final

from training_analyzer.sdk import BadData
from training_analyzer_files.order import APART_S

LONGEST_S: Final = 30 * 86_400.0
"""Longer than any race. A recording that goes on for longer had its clock changed."""
FASTEST_MPS: Final = 340.0
"""Of sound. Whatever else is recorded by mistake, such as a flight, keeps its distance."""
MOST: Final = 1e9
"""Whatever is stated beyond this is no number. The model has no room for it either."""


def believed(stated_s: float | None, recorded_s: float) -> float | None:
    """Return how long it is said that was recorded; None where the points tell something else altogether."""
    if stated_s is None or (recorded_s > 0 and stated_s - recorded_s >= APART_S):
        return None
    return stated_s


def checked(elapsed_s: float) -> float:
    """Return how long a session lasted. Raises `BadData` where none can."""
    if elapsed_s > LONGEST_S:
        raise BadData(
            f"It is said to have lasted {elapsed_s / 86_400:,.0f} days. No recording goes on for so long."
        )
    return elapsed_s


def possible(elapsed_s: float, *stated_m: float | None) -> float | None:
    """Return the first way of those stated that can be made in this time; None where none can."""
    most_m = elapsed_s * FASTEST_MPS if elapsed_s > 0 else MOST
    return next((way for way in stated_m if way is not None and way <= most_m), None)
