"""Why a number is absent, in codes for programs and in words for athletes: the whole list."""

from enum import StrEnum
from typing import Self

from training_analyzer.sdk import Measurement, Metric


class Reason(StrEnum):
    """Why a metric has no value. `advice` says what the athlete can do."""

    advice: str

    def __new__(cls, code: str, advice: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.advice = advice
        return member

    NO_POWER = "no_power", "Record with a power meter."
    POWER_NOT_MEASURED = "power_not_measured", "The service guessed the power. Record with a power meter."
    NO_HEART_RATE = "no_heart_rate", "Wear a heart-rate sensor."
    NO_SAMPLES = (
        "no_samples",
        "Only a summary is here so far. The number comes with the second-by-second data, if there is any.",
    )
    TOO_SHORT = "too_short", "The recording has no unbroken 30 seconds of power."
    LOW_COVERAGE = (
        "low_coverage",
        "The sensor was silent for more than a tenth of the moving time. Check its battery and its fit.",
    )
    NO_THRESHOLD_POWER = "no_threshold_power", "Set your functional threshold power."
    NO_MAX_HEART_RATE = "no_max_heart_rate", "Set your maximum heart rate."
    NO_RESTING_HEART_RATE = "no_resting_heart_rate", "Set your resting heart rate."
    NO_SEX = "no_sex", "Set your sex: the published constants differ."
    NO_ZONES = "no_zones", "Set your heart-rate zones, your threshold heart rate or your maximum heart rate."
    THRESHOLDS_OUT_OF_ORDER = (
        "thresholds_out_of_order",
        "Correct your heart rates: resting must be below threshold, and threshold not above maximum.",
    )
    NO_DURATION = "no_duration", "Give the activity a duration."
    NOT_ENOUGH_HISTORY = "not_enough_history", "Wait: it needs more days since your first activity."


def absent(metric: Metric, reason: Reason) -> Measurement:
    return Measurement(key=metric.key, reason=reason.value)
