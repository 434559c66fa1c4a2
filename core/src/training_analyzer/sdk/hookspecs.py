"""
The hooks that a plugin may implement.

Each is asked once, when a process starts, of one plugin at a time, and hands over objects; the
objects do the work. All exist since 0.1.
"""

from collections.abc import Iterable
from typing import Final

import pluggy

from training_analyzer.sdk.backend import InsightBackend
from training_analyzer.sdk.detection import ThresholdDetector
from training_analyzer.sdk.metrics import ActivityMetrics, DailyMetrics, PeriodMetrics
from training_analyzer.sdk.provider import DataProvider

PROJECT: Final = "training_analyzer"
GROUP: Final = "training_analyzer.plugins"
"""The entry-point group in which plugins announce themselves."""

hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_providers() -> Iterable[DataProvider]:  # type: ignore[empty-body]
    """Offer a source of activities, such as Strava. It bears the plugin's name."""


@hookspec
def register_metrics() -> Iterable[  # type: ignore[empty-body]
    ActivityMetrics | DailyMetrics | PeriodMetrics
]:
    """Offer calculators. The core runs them in the order that their `needs` ask for."""


@hookspec
def register_detectors() -> Iterable[ThresholdDetector]:  # type: ignore[empty-body]
    """Offer ways to find an athlete's thresholds in their training. What they find is a suggestion."""


@hookspec
def register_backends() -> Iterable[InsightBackend]:  # type: ignore[empty-body]
    """Offer a language model. Which one writes is the deployer's choice, not call order."""
