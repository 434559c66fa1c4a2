"""Thresholds found in training: what a plugin implements that can tell them from efforts."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from training_analyzer.domain.athlete import Athlete, ThresholdSuggestion
from training_analyzer.domain.metric import Measurement, MetricKey
from training_analyzer.domain.sport import Sport


@dataclass(frozen=True, slots=True)
class MeasuredActivity:
    """One activity, as far as a detector may look at it."""

    id: UUID
    sport: Sport
    day: date
    """On the athlete's own calendar."""
    moving_s: float
    measurements: Mapping[MetricKey, Measurement]
    """What the detector `needs` and has `beside`, where it has a value. What is doubtful is left out."""


@dataclass(frozen=True, slots=True)
class DetectionInput:
    """All that a detector may look at. New fields may be added in minor releases."""

    today: date
    activities: tuple[MeasuredActivity, ...]
    """Of the last `days`, oldest first: those that have any of what the detector `needs`."""
    athletes: Mapping[Sport, Athlete]
    """The athlete as of today, in each sport of these activities."""


class ThresholdDetector(ABC):
    """
    A pure function from measured activities to suggestions of thresholds.

    Same input, same output; no network, no clock, no files. A suggestion is shown to the athlete, who
    accepts or dismisses it: nothing is applied by itself. Yield what the efforts say, also where it is
    what the athlete has set already: the core tells whether it is news.
    """

    name: ClassVar[str]
    """Lower-case letters, digits and underscores; unique within the plugin."""
    needs: ClassVar[frozenset[MetricKey]]
    """
    Metrics of activities that it looks at. A suggestion rests on the sources of every activity that has
    one of them. None: of every activity.
    """
    beside: ClassVar[frozenset[MetricKey]] = frozenset()
    """Metrics that it looks at too, in activities that have one of those that it `needs`."""
    days: ClassVar[int] = 90
    """How far back it looks."""

    @abstractmethod
    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        """Yield at most one suggestion for each sport and method."""
