"""What a deployer may choose where the field has two definitions of one number."""

from enum import StrEnum

from training_analyzer.sdk import PluginSettings


class LoadAverage(StrEnum):
    """How much of the way to today's load fitness and fatigue go in one day."""

    EXPONENTIAL = "exponential"
    """1 - e^(-1/days): GoldenCheetah, Elevate."""
    TRAININGPEAKS = "trainingpeaks"
    """1/days: TrainingPeaks."""


class GapModel(StrEnum):
    """What running up or down a slope is worth on the flat, for grade-adjusted pace."""

    STRAVA = "strava"
    """A table of equal heart rates."""
    MINETTI = "minetti"
    """The energy that running costs on a treadmill: Minetti 2002."""


class MetricsSettings(PluginSettings):
    """Settings of the plugin `metrics_default`."""

    load_average: LoadAverage = LoadAverage.EXPONENTIAL
    gap_model: GapModel = GapModel.STRAVA
