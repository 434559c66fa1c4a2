"""In which order calculators run, and which cannot run because nobody provides what they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from training_analyzer.registry.offers import Calculator, Offer
from training_analyzer.registry.reasons import ENABLED_VARIABLE
from training_analyzer.sdk import ActivityMetrics, DailyMetrics


@dataclass(frozen=True, slots=True)
class Order:
    """Calculators in an order in which every need is met before it is needed."""

    activity_metrics: tuple[ActivityMetrics, ...]
    daily_metrics: tuple[DailyMetrics, ...]


def settle(offers: Sequence[Offer]) -> tuple[Order, dict[str, str]]:
    """
    Take out every plugin whose needs cannot be met, until all that remain can run.

    Returns the order of what remains, and why each plugin that was taken out cannot run.
    """
    problems: dict[str, str] = {}
    while True:
        remaining = [offer for offer in offers if offer.name not in problems]
        found = _unmet(remaining)
        if not found:
            calculators = [calculator for offer in remaining for calculator in offer.calculators]
            try:
                return _ordered(calculators), problems
            except CycleError as error:
                found = _cycle(calculators, error)
        problems |= found


def _unmet(offers: Sequence[Offer]) -> dict[str, str]:
    everything = [calculator for offer in offers for calculator in offer.calculators]
    per_activity = {m.key for c in everything if isinstance(c, ActivityMetrics) for m in c.metrics}
    per_day = {m.key for c in everything if isinstance(c, DailyMetrics) for m in c.metrics}
    problems: dict[str, str] = {}
    for offer in offers:
        for calculator in offer.calculators:
            for need in sorted(calculator.needs):
                wanted = f"{type(calculator).__name__} needs the metric `{need}`"
                if need not in per_activity | per_day:
                    problems.setdefault(
                        offer.name, f"{wanted}, which no active plugin provides. {_hint(need)}"
                    )
                elif need not in per_activity and isinstance(calculator, ActivityMetrics):
                    late = "which is computed for days, after all activities. Let a DailyMetrics need it."
                    problems.setdefault(offer.name, f"{wanted}, {late}")
    return problems


def _hint(need: str) -> str:
    return f"See that the plugin `{need.partition('.')[0]}` is in {ENABLED_VARIABLE} and active."


def _ordered(calculators: Sequence[Calculator]) -> Order:
    order = [calculators[index] for index in TopologicalSorter(_graph(calculators)).static_order()]
    return Order(
        tuple(c for c in order if isinstance(c, ActivityMetrics)),
        tuple(c for c in order if isinstance(c, DailyMetrics)),
    )


def _graph(calculators: Sequence[Calculator]) -> dict[int, list[int]]:
    """Return for each calculator, by index, those that run before it. Objects need not be hashable."""
    makers = {m.key: index for index, calculator in enumerate(calculators) for m in calculator.metrics}
    return {
        index: sorted({makers[need] for need in calculator.needs})
        for index, calculator in enumerate(calculators)
    }


def _cycle(calculators: Sequence[Calculator], error: CycleError) -> dict[str, str]:
    round_trip = [calculators[index] for index in reversed(error.args[1])]
    path = " needs ".join(f"`{calculator.metrics[0].key}`" for calculator in round_trip)
    names = {calculator.metrics[0].key.partition(".")[0] for calculator in round_trip}
    return dict.fromkeys(names, f"Its metrics need each other in a circle: {path}.")
