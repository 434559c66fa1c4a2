"""In which order calculators run, and which cannot run because nobody provides what they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from training_analyzer.registry.offers import Offer, OfferedCalculator
from training_analyzer.registry.reasons import ENABLED_VARIABLE
from training_analyzer.sdk import ActivityMetrics, DailyMetrics, PeriodMetrics


@dataclass(frozen=True, slots=True)
class Order:
    """Calculators in an order in which every need is met before it is needed."""

    activity_metrics: tuple[ActivityMetrics, ...]
    daily_metrics: tuple[DailyMetrics, ...]
    period_metrics: tuple[PeriodMetrics, ...]


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
            everything = [offered for offer in remaining for offered in offer.calculators]
            try:
                return _ordered(everything), problems
            except CycleError as error:
                found = _cycle(everything, error)
        problems |= found


def _unmet(offers: Sequence[Offer]) -> dict[str, str]:
    everything = [offered for offer in offers for offered in offer.calculators]
    per_activity = {m.key for c in everything if isinstance(c.calculator, ActivityMetrics) for m in c.metrics}
    combined = {
        m.key
        for c in everything
        if isinstance(c.calculator, ActivityMetrics)
        for m in c.metrics
        if m.combination is not None
    }
    passing = {
        m.key
        for c in everything
        if isinstance(c.calculator, DailyMetrics) and not c.calculator.stored
        for m in c.metrics
    }
    provided = {metric.key for offered in everything for metric in offered.metrics}
    problems: dict[str, str] = {}
    for offered in everything:
        for need in sorted(offered.needs):
            wanted = f"{type(offered.calculator).__name__} needs the metric `{need}`"
            if need not in provided:
                hint = f"See that the plugin `{need.partition('.')[0]}` is in {ENABLED_VARIABLE} and active."
                problems.setdefault(offered.plugin, f"{wanted}, which no active plugin provides. {hint}")
            elif need not in per_activity and isinstance(offered.calculator, ActivityMetrics):
                late = "which is computed for days, after all activities. Let a DailyMetrics need it."
                problems.setdefault(offered.plugin, f"{wanted}, {late}")
            elif need not in combined and isinstance(offered.calculator, PeriodMetrics):
                apart = "which says no `combination`: its values of several activities become none."
                problems.setdefault(offered.plugin, f"{wanted}, {apart}")
            elif (
                need in passing and isinstance(offered.calculator, DailyMetrics) and offered.calculator.stored
            ):
                gone = "which is not stored. Only what is not stored itself may need it."
                problems.setdefault(offered.plugin, f"{wanted}, {gone}")
    for offer in offers:
        for detector in offer.detectors:
            for need in sorted((detector.needs | detector.beside) - per_activity):
                hint = f"which no active plugin computes of activities. See {ENABLED_VARIABLE}."
                wanted = f"{type(detector).__name__} needs the metric `{need}`"
                problems.setdefault(offer.name, f"{wanted}, {hint}")
    return problems


def _ordered(everything: Sequence[OfferedCalculator]) -> Order:
    order = [everything[index].calculator for index in TopologicalSorter(_graph(everything)).static_order()]
    return Order(
        tuple(calculator for calculator in order if isinstance(calculator, ActivityMetrics)),
        tuple(calculator for calculator in order if isinstance(calculator, DailyMetrics)),
        tuple(calculator for calculator in order if isinstance(calculator, PeriodMetrics)),
    )


def _graph(everything: Sequence[OfferedCalculator]) -> dict[int, list[int]]:
    """Return for each calculator, by index, those that run before it. Objects need not be hashable."""
    makers = {metric.key: index for index, offered in enumerate(everything) for metric in offered.metrics}
    return {
        index: sorted({makers[need] for need in offered.needs}) for index, offered in enumerate(everything)
    }


def _cycle(everything: Sequence[OfferedCalculator], error: CycleError) -> dict[str, str]:
    # graphlib lists each node before the one that needs it.
    round_trip = [everything[index] for index in reversed(error.args[1])]
    path = " needs ".join(f"`{offered.metrics[0].key}`" for offered in round_trip)
    return {offered.plugin: f"Its metrics need each other in a circle: {path}." for offered in round_trip}
