"""How the last 28 days divide into easy, moderate and hard time."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import DailyInput, DailyMetrics, DailySeries, Metric, MetricKey
from training_analyzer_metrics_default.filters import rolling_sums
from training_analyzer_metrics_default.intensity import TIMES, polarization_indices
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.series import series
from training_analyzer_metrics_default.trends import CHRONIC_DAYS


def _share(name: str, title: str) -> Metric:
    return Metric(
        key=f"metrics_default.{name}_intensity_share_28d",
        title=f"{title} share of 28 days",
        unit="%",
        explanation=f"How much of the measured time of the last 28 days was {title.lower()}.",
        formula=f"100 * {title.lower()} time / all such time, over 28 days",
        source="three zones as in Seiler & Kjerland 2006, doi:10.1111/j.1600-0838.2004.00418.x",
        window_days=CHRONIC_DAYS,
    )


SHARES: Final = (_share("low", "Easy"), _share("moderate", "Moderate"), _share("high", "Hard"))
POLARIZATION_28D: Final = Metric(
    key="metrics_default.polarization_index_28d",
    title="Polarization index of 28 days",
    unit="",
    explanation="Above 2, the last 28 days were both easy and hard, and little in between.",
    formula="as polarization_index, over 28 days",
    source="Treff et al. 2019, doi:10.3389/fphys.2019.00707",
    decimals=2,
    window_days=CHRONIC_DAYS,
)


class IntensityDays(DailyMetrics):
    """Shares of easy, moderate and hard time over 28 days, and how polarized they are."""

    family: ClassVar[str] = "Zones and intensity"
    batched: ClassVar[bool] = True
    metrics: ClassVar[tuple[Metric, ...]] = (*SHARES, POLARIZATION_28D)
    needs: ClassVar[frozenset[MetricKey]] = frozenset(metric.key for metric in TIMES)

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        sums_s = [rolling_sums(given.totals[metric.key], (CHRONIC_DAYS,))[0] for metric in TIMES]
        known_s = sums_s[0] + sums_s[1]
        known_s += sums_s[2]
        with np.errstate(invalid="ignore"):  # of no time at all, no share is defined
            shares = [np.divide(those_s, known_s, out=those_s) for those_s in sums_s]
        yield series(given, POLARIZATION_28D, polarization_indices(*shares), Reason.NO_INTENSITY_TIME)
        for metric, share in zip(SHARES, shares, strict=True):
            yield series(given, metric, np.multiply(100, share, out=share), Reason.NO_INTENSITY_TIME)
