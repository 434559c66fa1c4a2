"""How the time of any stretch of days divides into easy, moderate and hard, and how polarized it is."""

import math
from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import Column, Measurement, Metric, MetricKey, PeriodInput, PeriodMetrics
from training_analyzer_metrics_default.intensity import TIMES, polarization_indices
from training_analyzer_metrics_default.reasons import Reason, absent


def _share(name: str, title: str) -> Metric:
    return Metric(
        key=f"metrics_default.{name}_intensity_share",
        title=f"{title} share",
        unit="%",
        explanation=f"How much of the measured time of the period was {title.lower()}.",
        formula=f"100 * {title.lower()} time / all such time, over the period",
        source="three zones as in Seiler & Kjerland 2006, doi:10.1111/j.1600-0838.2004.00418.x",
    )


SHARES: Final = (_share("low", "Easy"), _share("moderate", "Moderate"), _share("high", "Hard"))
POLARIZATION: Final = Metric(
    key="metrics_default.period_polarization_index",
    title="Polarization index of the period",
    unit="",
    explanation="Above 2, the training of the period was polarized: much easy, some hard, little between.",
    formula="log10(easy / moderate * hard * 100) of the shares; 0 without hard time; absent where hard "
    "exceeds easy",
    source="Treff et al. 2019, doi:10.3389/fphys.2019.00707",
    decimals=2,
)


class IntensityOfPeriods(PeriodMetrics):
    """Shares of easy, moderate and hard time, and the polarization index."""

    family: ClassVar[str] = "Zones and intensity"
    metrics: ClassVar[tuple[Metric, ...]] = (*SHARES, POLARIZATION)
    needs: ClassVar[frozenset[MetricKey]] = frozenset(metric.key for metric in TIMES)

    def measure(self, given: PeriodInput) -> Iterable[Measurement]:
        times_s: Column = np.array([_seconds(given, metric) for metric in TIMES])
        total_s = float(times_s.sum())
        if total_s <= 0:
            return [absent(metric, Reason.NO_INTENSITY_TIME) for metric in self.metrics]
        shares = times_s / total_s
        index = float(polarization_indices(*shares[:, None])[0])
        return [
            *(
                Measurement(key=metric.key, value=100 * float(share))
                for metric, share in zip(SHARES, shares, strict=True)
            ),
            absent(POLARIZATION, Reason.HARDER_THAN_EASY)
            if math.isnan(index)
            else Measurement(key=POLARIZATION.key, value=index),
        ]


def _seconds(given: PeriodInput, metric: Metric) -> float:
    measured = given.known.get(metric.key)
    return float(measured.value) if measured is not None and isinstance(measured.value, float) else 0.0
