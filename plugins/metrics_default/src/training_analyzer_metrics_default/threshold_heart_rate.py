"""Maximum and threshold heart rate, found in the heart-rate curves of the last 90 days."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Confidence,
    DetectionInput,
    Evidence,
    MeasuredActivity,
    MetricKey,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer_metrics_default.curves import HEART_RATE_CURVE
from training_analyzer_metrics_default.efforts import points_of, spoken

HELD_S: Final = 5.0
"""A maximum has to be held for 5 s: a single reading may be the sensor's (ours)."""
ALIKE_BPM: Final = 3.0
TWENTY_MINUTES_S, HOUR_S = 1200.0, 3600.0
SHARE_OF_TWENTY_MINUTES: Final = 0.95
"""Of the best 20 minutes, as for power; all of the best hour; on a line of log time in between."""
HARD_SHARE: Final = 0.85
"""A threshold below this share of the maximum was found in no hard effort (ours)."""
EXPECTED_BPM, PER_YEAR_BPM, SPREAD_BPM = 208.0, 0.7, 20.0
"""Maxima at an age, and twice their deviation: Tanaka 2001, doi:10.1016/S0735-1097(00)01054-8."""
USUAL_AGE: Final = 40
"""Where the year of birth is not known (ours)."""


class MaximumHeartRate(ThresholdDetector):
    """
    The highest heart rate that was held for 5 s, where it is above the one that is set.

    Where none is set: only if somebody of that age can have it for a maximum. An easy walk has none.
    """

    name: ClassVar[str] = "maximum_heart_rate"
    needs: ClassVar[frozenset[MetricKey]] = frozenset({HEART_RATE_CURVE.key})
    days: ClassVar[int] = 365

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        held = [(bpm, one) for one in given.activities if (bpm := held_bpm(one)) is not None]
        if not held:
            return
        highest_bpm, activity = max(held, key=lambda pair: pair[0])
        known_bpm = max(
            (athlete.thresholds.max_heart_rate_bpm or 0.0 for athlete in given.athletes.values()), default=0.0
        )
        lowest_bpm = known_bpm or expected_bpm(given) - SPREAD_BPM
        if round(highest_bpm) <= lowest_bpm:
            return
        borne_out = sum(bpm >= highest_bpm - ALIKE_BPM for bpm, _ in held) > 1
        yield ThresholdSuggestion(
            values={"max_heart_rate_bpm": round(highest_bpm)},
            valid_from=activity.day,
            method="highest_held",
            confidence=Confidence.MEDIUM if borne_out else Confidence.LOW,
            explanation="The highest heart rate that your sensor saw for 5 s. Your true maximum may be "
            "higher; a loose sensor may have shown too much.",
            evidence=(
                Evidence(text=f"{highest_bpm:.0f} bpm for 5 s", day=activity.day, activity_id=activity.id),
            ),
        )


class ThresholdHeartRate(ThresholdDetector):
    """
    The heart rate of an hour as hard as can be, from the best 20 to 60 minutes.

    Suggested where it is above the one that is set: an easy month proves nothing.
    """

    name: ClassVar[str] = "threshold_heart_rate"
    needs: ClassVar[frozenset[MetricKey]] = frozenset({HEART_RATE_CURVE.key})

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        for sport in (Sport.RIDE, Sport.RUN):
            yield from self._of_sport(given, sport)

    def _of_sport(self, given: DetectionInput, sport: Sport) -> Iterator[ThresholdSuggestion]:
        of_sport = [one for one in given.activities if one.sport is sport]
        implied = [(*best, one) for one in of_sport if (best := _implied(one)) is not None]
        if not implied:
            return
        known = given.athletes[sport].thresholds
        threshold_bpm, held_for_s, mean_bpm, activity = max(implied, key=lambda found: found[0])
        max_bpm = highest_bpm(given, of_sport)
        if threshold_bpm < HARD_SHARE * max_bpm or threshold_bpm >= max_bpm:
            return
        if round(threshold_bpm) <= (known.threshold_heart_rate_bpm or 0.0):
            return
        sure = known.max_heart_rate_bpm is not None and len(implied) > 1
        yield ThresholdSuggestion(
            values={"threshold_heart_rate_bpm": round(threshold_bpm)},
            sport=sport,
            valid_from=activity.day,
            method="best_20_to_60_minutes",
            confidence=Confidence.MEDIUM if sure else Confidence.LOW,
            explanation="From the highest heart rate that you held for 20 to 60 minutes. It holds only if "
            "that was as hard as you could.",
            evidence=(
                Evidence(
                    text=f"{spoken(held_for_s)} at {mean_bpm:.0f} bpm",
                    day=activity.day,
                    activity_id=activity.id,
                ),
            ),
        )


def expected_bpm(given: DetectionInput) -> float:
    """Return the maximum of most people of the athlete's age."""
    years = [one.birth_year for one in given.athletes.values() if one.birth_year is not None]
    age = given.today.year - years[0] if years else USUAL_AGE
    return EXPECTED_BPM - PER_YEAR_BPM * age


def highest_bpm(given: DetectionInput, of_sport: Sequence[MeasuredActivity]) -> float:
    """Return the maximum that is set for the sport of these, else the highest held or expected."""
    known_bpm = given.athletes[of_sport[0].sport].thresholds.max_heart_rate_bpm
    # Of the highest that easy weeks have seen, anything is a large share.
    held = (bpm for one in of_sport if (bpm := held_bpm(one)) is not None)
    return known_bpm or max((expected_bpm(given), *held))


def held_bpm(activity: MeasuredActivity) -> float | None:
    """Return the highest heart rate that was held for 5 s, or for as short as is known beyond that."""
    return next((bpm for s, bpm in points_of(activity, HEART_RATE_CURVE.key) if s >= HELD_S), None)


def _implied(activity: MeasuredActivity) -> tuple[float, float, float] | None:
    """Return the implied threshold, how long the effort was, and its mean heart rate."""
    curve = points_of(activity, HEART_RATE_CURVE.key)
    efforts = [(s, bpm) for s, bpm in curve if TWENTY_MINUTES_S <= s <= HOUR_S]
    shares = np.interp(
        np.log([s for s, _ in efforts]) if efforts else [],
        np.log([TWENTY_MINUTES_S, HOUR_S]),
        [SHARE_OF_TWENTY_MINUTES, 1.0],
    )
    implied = [(float(share) * bpm, s, bpm) for share, (s, bpm) in zip(shares, efforts, strict=True)]
    return max(implied, default=None)
