"""Other training impulses: Edwards, Lucia, Banister from the average, and how hard the session felt."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Athlete,
    Column,
    Combination,
    Measurement,
    Metric,
    Sex,
)
from training_analyzer_metrics_default.cleaning import covers, grid_of, lacks_heart_rate, present
from training_analyzer_metrics_default.heart_rate import BANISTER, reserve_of
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import spent_s
from training_analyzer_metrics_default.zones import (
    EDWARDS,
    OF_VENTILATORY_ZONES,
    bounds_of,
    seconds_between,
    ventilatory_zones_of,
)

HARDEST: Final = 10

AVERAGE_TRIMP: Final = Metric(
    key="metrics_default.trimp_from_average",
    title="Training impulse from the average",
    unit="",
    explanation="Banister's impulse of your average heart rate, as some tools show it; "
    "it reads too low where the effort was uneven.",
    formula="minutes * x * c * e^(k x), x = (average HR - rest) / (max - rest) within 0..1; c, k as in trimp",
    source="Banister 1991, p. 408, applied to the average as GoldenCheetah and Elevate do",
    combination=Combination.SUM,
    edge_cases=("To compare with tools that use the average; too low where the effort was uneven.",),
    elsewhere={"GoldenCheetah": "TRIMP points: this form, with the factor of men for all"},
)
EDWARDS_TRIMP: Final = Metric(
    key="metrics_default.edwards_trimp",
    title="Edwards's training impulse",
    unit="",
    explanation="Minutes in five heart-rate zones, weighted by 1 to 5.",
    formula="sum of minutes * n in zone n; zones begin at 50, 60, 70, 80, 90 % of maximum; below counts 0",
    source="Edwards 1993, The Heart Rate Monitor Book",
    combination=Combination.SUM,
    edge_cases=("Below 50 % of maximum counts 0. Exactly on an edge is the zone above.",),
    elsewhere={
        "GoldenCheetah": "its zonal points weigh zones by threshold heart rate, with 0.9, 1.1, 1.2, 2 and 5"
    },
)
LUCIA_TRIMP: Final = Metric(
    key="metrics_default.lucia_trimp",
    title="Lucia's training impulse",
    unit="",
    explanation="Minutes below, between and above your two ventilatory thresholds, weighted by 1 to 3.",
    formula="minutes below VT1 + 2 * minutes between + 3 * minutes from VT2 on; "
    "VT1 and VT2 as you set them, else the two bounds of your own three zones",
    source="Lucia et al. 2003, doi:10.1249/01.MSS.0000064999.82036.B4",
    combination=Combination.SUM,
    edge_cases=("Nothing stands in for the two thresholds: they cannot be told from age or maximum.",),
)
SESSION_RPE: Final = Metric(
    key="metrics_default.session_rpe",
    title="Session RPE",
    unit="",
    explanation="How hard it felt, times how long it took.",
    formula="perceived exertion (1..10) * minutes on the move",
    source="Foster et al. 2001, doi:10.1519/00124278-200102000-00019",
    combination=Combination.SUM,
    edge_cases=("By the time on the move; where it is not known, the elapsed time.",),
    elsewhere={"GoldenCheetah": "session RPE: by the duration of the workout"},
)

BY_HEART_RATE: Final = (AVERAGE_TRIMP, EDWARDS_TRIMP, LUCIA_TRIMP)


class ImpulseMetrics(ActivityMetrics):
    """Impulses that others use: to compare with their numbers, not to choose from."""

    family: ClassVar[str] = "Heart rate"
    metrics: ClassVar[tuple[Metric, ...]] = (*BY_HEART_RATE, SESSION_RPE)
    thresholds: ClassVar[frozenset[str]] = OF_VENTILATORY_ZONES | {
        "max_heart_rate_bpm",
        "resting_heart_rate_bpm",
    }
    version: ClassVar[int] = 3

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        yield _session(given)
        grid = grid_of(given.activity)
        heart_rate_bpm = None if grid is None else grid.heart_rate_bpm
        if grid is None or heart_rate_bpm is None:
            yield from (absent(metric, lacks_heart_rate(grid)) for metric in BY_HEART_RATE)
            return
        if not covers(given.activity, grid, heart_rate_bpm):
            yield from (absent(metric, Reason.LOW_COVERAGE) for metric in BY_HEART_RATE)
            return
        readings = present(heart_rate_bpm)
        yield _from_average(readings, given.athlete)
        yield _edwards(readings, given.athlete)
        yield _lucia(readings, given.athlete)


def perceived_exertion(given: ActivityInput) -> float | None:
    """Return how hard the athlete says it was, from 1 to 10; None where they do not, or not on that scale."""
    felt = given.activity.summary.perceived_exertion
    return felt if felt is not None and 0 < felt <= HARDEST else None


def _session(given: ActivityInput) -> Measurement:
    felt, seconds = perceived_exertion(given), spent_s(given.activity)
    if felt is None:
        return absent(SESSION_RPE, Reason.NO_PERCEIVED_EXERTION)
    if seconds <= 0:
        return absent(SESSION_RPE, Reason.NO_DURATION)
    return Measurement(key=SESSION_RPE.key, value=felt * seconds / 60, method="perceived_exertion")


def _from_average(heart_rate_bpm: Column, athlete: Athlete) -> Measurement:
    reserve, sex = reserve_of(athlete), athlete.sex
    if isinstance(reserve, Reason):
        return absent(AVERAGE_TRIMP, reserve)
    if not isinstance(sex, Sex):
        return absent(AVERAGE_TRIMP, Reason.NO_SEX)
    factor, exponent = BANISTER[sex]
    share = float(reserve.share(np.array([heart_rate_bpm.mean()]))[0])
    return Measurement(
        key=AVERAGE_TRIMP.key,
        value=heart_rate_bpm.size / 60 * share * factor * float(np.exp(exponent * share)),
        method="average_heart_rate",
        thresholds=reserve.thresholds(),
    )


def _edwards(heart_rate_bpm: Column, athlete: Athlete) -> Measurement:
    max_bpm = athlete.thresholds.max_heart_rate_bpm
    if max_bpm is None:
        return absent(EDWARDS_TRIMP, Reason.NO_MAX_HEART_RATE)
    seconds = seconds_between(bounds_of(EDWARDS, max_bpm), heart_rate_bpm)
    return Measurement(
        key=EDWARDS_TRIMP.key,
        value=sum(zone * in_zone_s for zone, in_zone_s in enumerate(seconds)) / 60,
        method="heart_rate",
        thresholds={"max_heart_rate_bpm": max_bpm},
    )


def _lucia(heart_rate_bpm: Column, athlete: Athlete) -> Measurement:
    zones = ventilatory_zones_of(athlete.thresholds)
    if isinstance(zones, Reason):
        return absent(LUCIA_TRIMP, zones)
    seconds = seconds_between(zones.bounds, heart_rate_bpm)
    return Measurement(
        key=LUCIA_TRIMP.key,
        value=sum(zone * in_zone_s for zone, in_zone_s in enumerate(seconds, start=1)) / 60,
        method=zones.method,
        thresholds=zones.thresholds,
    )
