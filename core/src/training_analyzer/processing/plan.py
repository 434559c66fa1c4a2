"""What is computed of an activity and of days: which calculators, in which order, in which versions."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.athlete import Athlete
from training_analyzer.domain.metric import Measurement, MetricKey
from training_analyzer.sdk import ActivityInput, ActivityMetrics, DailyMetrics

Calculator = ActivityMetrics | DailyMetrics

FAILED = "calculator_failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """The calculators of all active plugins, each behind those that it needs."""

    activity_metrics: tuple[ActivityMetrics, ...]
    daily_metrics: tuple[DailyMetrics, ...]
    plugin_of: Callable[[Calculator], str]
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """What the deployer set for each plugin: it may change what a calculator says."""
    digest: str = field(init=False)
    """Differs where a calculator of activities, its version, metrics or plugin's settings do."""
    whole_digest: str = field(init=False)
    """The same, of the calculators of days too."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self._digest_of(self.activity_metrics))
        object.__setattr__(
            self, "whole_digest", self._digest_of((*self.activity_metrics, *self.daily_metrics))
        )

    def _digest_of(self, calculators: Iterable[Calculator]) -> str:
        state = hashlib.sha256()
        for calculator in calculators:
            keys = ",".join(metric.key for metric in calculator.metrics)
            plugin = self.plugin_of(calculator)
            own_settings = sorted(self.settings.get(plugin, {}).items())
            state.update(f"{plugin}:{calculator.version}:{keys}:{own_settings}\n".encode())
        return state.hexdigest()

    @property
    def daily_needs(self) -> frozenset[MetricKey]:
        """The activity metrics that days sum up."""
        daily = {metric.key for calculator in self.daily_metrics for metric in calculator.metrics}
        return frozenset().union(*(calculator.needs for calculator in self.daily_metrics)) - daily


@dataclass(frozen=True, slots=True)
class Measured:
    """An activity's measurements, each with the version of its calculator, and what failed."""

    measurements: tuple[tuple[Measurement, int], ...]
    failures: tuple[str, ...]
    """`plugin: what happened`."""


def measure(plan: Plan, activity: Activity, athlete: Athlete) -> Measured:
    """
    Ask every calculator.

    One that fails is reported with its plugin's name; its metrics are absent with the reason
    `calculator_failed`, and the others go on.
    """
    known: dict[MetricKey, Measurement] = {}
    versions: dict[MetricKey, int] = {}
    failures: list[str] = []
    for calculator in plan.activity_metrics:
        needed = {key: known[key] for key in calculator.needs if key in known}
        declared = {metric.key for metric in calculator.metrics}
        try:
            made = _by_key(calculator.measure(ActivityInput(activity, athlete, needed)), declared)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and must stop nobody
            failures.append(f"{plan.plugin_of(calculator)}: {type(error).__name__}: {error}")
            made = {key: Measurement(key=key, reason=FAILED) for key in declared}
        known |= made
        versions |= dict.fromkeys(made, calculator.version)
    return Measured(tuple((known[key], versions[key]) for key in known), tuple(failures))


def _by_key(measurements: object, declared: set[MetricKey]) -> Mapping[MetricKey, Measurement]:
    made: dict[MetricKey, Measurement] = {}
    for measurement in measurements:  # type: ignore[attr-defined] # whatever a plugin returned
        if not isinstance(measurement, Measurement):
            raise TypeError(f"yielded a {type(measurement).__name__}, not a Measurement")
        if measurement.key not in declared or measurement.key in made:
            raise ValueError(f"yielded {measurement.key}, which it does not declare, or twice")
        made[measurement.key] = measurement
    return made
