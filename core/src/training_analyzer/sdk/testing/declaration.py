"""What every calculator says of itself, and how it has to be said."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import PrivateAttr

from training_analyzer.sdk import (
    ActivityMetrics,
    Curve,
    DailyMetrics,
    Distribution,
    Measurement,
    Metric,
    MetricKey,
    PeriodMetrics,
    Shape,
    Thresholds,
)

SHAPES = {Shape.NUMBER: float, Shape.CURVE: Curve, Shape.DISTRIBUTION: Distribution}

Calculator = ActivityMetrics | DailyMetrics | PeriodMetrics


class Asked(Mapping[MetricKey, Measurement]):
    """What is known, and which keys somebody asked for."""

    def __init__(self, known: Mapping[MetricKey, Measurement]) -> None:
        self._known = known
        self.keys_asked_for: set[MetricKey] = set()

    def __getitem__(self, key: MetricKey) -> Measurement:
        self.keys_asked_for.add(key)
        return self._known[key]

    def __iter__(self) -> Iterator[MetricKey]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Watched(Thresholds):
    """Thresholds that note which of them somebody reads."""

    _read: set[str] = PrivateAttr(default_factory=set)

    @property
    def names_read(self) -> frozenset[str]:
        return frozenset(self._read)

    def __getattribute__(self, name: str) -> Any:
        if name in Thresholds.model_fields:
            self._read.add(name)
        return super().__getattribute__(name)


class DeclarationContract:
    """What metrics of activities, days and periods have in common: what they say of themselves."""

    def declared(self, calculator: Calculator) -> tuple[Metric, ...]:
        metrics = calculator.metrics
        assert metrics, "declare at least one metric in `metrics`"
        assert all(isinstance(metric, Metric) for metric in metrics), "`metrics` holds Metric objects only"
        return metrics

    def check_declaration(self, calculator: Calculator) -> None:
        keys = [metric.key for metric in self.declared(calculator)]
        assert len(keys) == len(set(keys)), f"a key is declared twice: {keys}"
        plugins = {key.partition(".")[0] for key in keys}
        assert len(plugins) == 1, f"all keys begin with the name of one plugin, not with {sorted(plugins)}"

    def check_explanation(self, calculator: Calculator) -> None:
        for metric in self.declared(calculator):
            assert metric.title, f"{metric.key} has no title"
            assert metric.explanation.endswith("."), (
                f"the explanation of {metric.key} is a sentence, with a full stop"
            )
            assert metric.formula, f"{metric.key} does not say how it is computed"
            assert metric.source, f"{metric.key} does not say who defined it"
            assert metric.decimals >= 0, f"{metric.key} shows a number of decimals below zero"

    def check_needs(self, calculator: Calculator) -> None:
        assert isinstance(calculator.needs, frozenset), "`needs` is a frozenset of metric keys"
        own = {metric.key for metric in self.declared(calculator)}
        assert not calculator.needs & own, f"it needs what it makes itself: {sorted(calculator.needs & own)}"

    def check_version(self, calculator: Calculator) -> None:
        assert isinstance(calculator.version, int), "`version` is a whole number"
        assert calculator.version >= 1, "`version` begins at 1"
