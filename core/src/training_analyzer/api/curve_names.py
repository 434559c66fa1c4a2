"""By which names curves are asked for."""

import difflib
from typing import Final

from training_analyzer.api.problems import Kind, Problem
from training_analyzer.domain.metric import Combination, Metric, Shape
from training_analyzer.domain.sport import Sport
from training_analyzer.runtime import Runtime

SHORT: Final = {"power": "power_curve", "heart_rate": "heart_rate_curve", "pace": "speed_curve"}
"""What the field calls them; they are metrics of the plugin whose numbers insights speak of."""
SPORT_OF: Final = {"power": Sport.RIDE, "pace": Sport.RUN}
"""Whose curve is meant where no sport is named: watts and speeds of several sports do not compare."""


def curve_named(runtime: Runtime, name: str) -> Metric:
    """Return the metric: by a short name, or by its key. Raises Problem that names what is close."""
    curves = {
        key: metric
        for key, metric in runtime.registry.metrics.items()
        if metric.shape is Shape.CURVE and metric.combination is Combination.HIGHEST
    }
    key = f"{runtime.settings.insight_metrics}.{SHORT[name]}" if name in SHORT else name
    if key in curves:
        return curves[key]
    known = [short for short in SHORT if f"{runtime.settings.insight_metrics}.{SHORT[short]}" in curves]
    close = difflib.get_close_matches(name, [*known, *curves], n=1)
    there = f"There are: {', '.join([*known, *sorted(curves)]) or 'none'}."
    hint = f"Did you mean {close[0]}?" if close else there
    raise Problem(Kind.NOT_FOUND, f"There is no curve {name!r}. {hint}")
