"""What detectors of thresholds share: efforts out of curves, how they are told, and what their age does."""

from datetime import date
from typing import Final

from training_analyzer.sdk import Confidence, Curve, MeasuredActivity, MetricKey

RECENT_DAYS: Final = 42
"""The time constant of fitness: a threshold of longer ago may have faded, or grown (ours)."""
_ONE_LESS: Final = {
    Confidence.HIGH: Confidence.MEDIUM,
    Confidence.MEDIUM: Confidence.LOW,
    Confidence.LOW: Confidence.LOW,
}


def points_of(activity: MeasuredActivity, key: MetricKey) -> list[tuple[float, float]]:
    """Return each duration of a curve, and the value there; nothing where there is no curve."""
    measured = activity.measurements.get(key)
    if measured is None or not isinstance(measured.value, Curve):
        return []
    return list(zip(measured.value.seconds, measured.value.values, strict=True))


def spoken(seconds: float) -> str:
    """Write a duration as athletes say it."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def aged(explanation: str, confidence: Confidence, day: date, today: date) -> tuple[str, Confidence]:
    """
    Say of an effort of long ago that it is, and be less sure of it.

    A value itself never decays: how fast a threshold fades, training alone does not tell.
    """
    if (today - day).days <= RECENT_DAYS:
        return explanation, confidence
    return f"{explanation} That was more than six weeks ago: it may have changed since.", _ONE_LESS[
        confidence
    ]
