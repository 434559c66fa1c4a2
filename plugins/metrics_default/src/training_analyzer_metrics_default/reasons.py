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
    TOO_SHORT = "too_short", "The recording has no unbroken 30 seconds."
    TOO_SHORT_TO_DRIFT = (
        "too_short_to_drift",
        "It needs 20 minutes on the move, with a reading in both halves.",
    )
    NOTHING_BUT_ZEROS = "nothing_but_zeros", "Every reading is zero. Check the sensor."
    UNSOUND_POWER = "unsound_power", "The power meter sent what cannot be true. Calibrate it."
    UNSOUND_HEART_RATE = (
        "unsound_heart_rate",
        "The heart-rate sensor sent what cannot be true. Check its battery and its fit.",
    )
    UNSOUND_DISTANCE = (
        "unsound_distance",
        "Nobody covers this distance in this time. Correct the distance, the time or the sport.",
    )
    LOW_COVERAGE = (
        "low_coverage",
        "The sensor was silent for more than a tenth of the moving time. Check its battery and its fit.",
    )
    NO_THRESHOLD_POWER = "no_threshold_power", "Set your functional threshold power."
    NO_MAX_HEART_RATE = "no_max_heart_rate", "Set your maximum heart rate."
    NO_RESTING_HEART_RATE = "no_resting_heart_rate", "Set your resting heart rate."
    NO_SEX = "no_sex", "Set your sex: the published constants differ."
    NO_CRITICAL_POWER = "no_critical_power", "Set your critical power."
    NO_ANAEROBIC_CAPACITY = "no_anaerobic_capacity", "Set your anaerobic capacity (W')."
    NO_THRESHOLD_SPEED = "no_threshold_speed", "Set your threshold pace for this sport."
    NO_WEIGHT = "no_weight", "Set your weight."
    NO_SPEED = "no_speed", "Record speed or distance, by GPS or by a sensor."
    NO_DISTANCE = "no_distance", "Record the distance, by GPS or by a sensor."
    NO_ALTITUDE = "no_altitude", "Record the altitude, by a barometer or by GPS."
    NO_CADENCE = "no_cadence", "Record the cadence, by a sensor or a watch that counts steps."
    TOO_SHORT_FOR_EFFORTS = "too_short_for_efforts", "The run has no 400 m without a jump of the position."
    NO_STROKES = "no_strokes", "Swim in a pool, with a watch that counts lengths and strokes."
    NO_LENGTHS = "no_lengths", "Swim 50 m or more in a pool, with a watch that counts lengths."
    NO_CLIMB = "no_climb", "There was no climb of 30 m at 3 % or more."
    NO_PERCEIVED_EXERTION = "no_perceived_exertion", "Say how hard it felt, from 1 to 10."
    NO_TWO_THRESHOLDS = (
        "no_two_thresholds",
        "Set your two ventilatory thresholds (VT1, VT2), or three heart-rate zones with these between them.",
    )
    NO_INTENSITY_ZONES = (
        "no_intensity_zones",
        "Set a threshold for power, pace or heart rate, and record one of them throughout.",
    )
    HARDER_THAN_EASY = "harder_than_easy", "The index is not defined where more was done hard than easy."
    NO_ZONES = "no_zones", "Set your heart-rate zones, your threshold heart rate or your maximum heart rate."
    THRESHOLDS_OUT_OF_ORDER = (
        "thresholds_out_of_order",
        "Correct your heart rates: resting must be below threshold, and threshold not above maximum.",
    )
    NO_DURATION = "no_duration", "Give the activity a duration that can be true."
    NOT_ENOUGH_HISTORY = "not_enough_history", "Wait: it needs more days since your first activity."
    NO_INTENSITY_TIME = "no_intensity_time", "It needs 28 known days, with more easy than hard time in them."
    NO_CHRONIC_LOAD = "no_chronic_load", "It needs 28 known days, and some training in them."
    NO_VARIATION = "no_variation", "It needs 7 known days whose loads differ."


def absent(metric: Metric, reason: Reason) -> Measurement:
    return Measurement(key=metric.key, reason=reason.value)


def as_absent(metric: Metric, needed: Measurement | None) -> Measurement:
    """Return the metric as absent, for the reason for which what it needs is."""
    reason = Reason.NO_SAMPLES.value if needed is None or needed.reason is None else needed.reason
    return Measurement(key=metric.key, reason=reason)
