"""What the enabled plugins offer, ready to use. Fixed once a process has started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from training_analyzer.registry.discovery import Installed, create, find_installed, load_plugin_class
from training_analyzer.registry.needs import settle
from training_analyzer.registry.offers import Calculator, Offer, ask
from training_analyzer.registry.reasons import ENABLED_VARIABLE
from training_analyzer.registry.report import PluginProblem, PluginReport, PluginState, contained
from training_analyzer.sdk import (
    ActivityMetrics,
    AnyPlugin,
    DailyMetrics,
    DataProvider,
    InsightBackend,
    Metric,
    MetricKey,
    PeriodMetrics,
    ThresholdDetector,
)


@dataclass(frozen=True, slots=True)
class Registry:
    """
    The active plugins and what they offer, and a report on every plugin that is enabled or installed.

    Calculators are in an order in which `needs` are met. Reports: the enabled plugins in the order
    of the settings, then the others by name.
    """

    plugins: Mapping[str, AnyPlugin]
    providers: Mapping[str, DataProvider]
    activity_metrics: tuple[ActivityMetrics, ...]
    daily_metrics: tuple[DailyMetrics, ...]
    metrics: Mapping[MetricKey, Metric]
    backends: Mapping[str, InsightBackend]
    reports: tuple[PluginReport, ...]
    detectors: tuple[tuple[str, ThresholdDetector], ...] = ()
    """Each with the name of its plugin."""
    period_metrics: tuple[PeriodMetrics, ...] = ()

    @property
    def calculators(self) -> tuple[Calculator, ...]:
        return (*self.activity_metrics, *self.daily_metrics, *self.period_metrics)

    def plugin_of(self, calculator: Calculator) -> str:
        """Return the name of the plugin to which a calculator belongs."""
        # Every key begins with the plugin's name: that was checked when it was loaded.
        return calculator.metrics[0].key.partition(".")[0]


def load_registry(enabled: Sequence[str], settings: Mapping[str, Mapping[str, object]]) -> Registry:
    """
    Load the enabled plugins. One that fails is reported, and the others go on.

    `settings`: for each plugin, what the deployer set, by lower-case field name.
    """
    installed = find_installed()
    offers: list[Offer] = []
    problems: dict[str, PluginProblem] = {}
    for name in dict.fromkeys(enabled):
        own_settings = settings.get(name, {})
        try:
            with contained("It failed", own_settings):
                plugin = create(load_plugin_class(name, installed), name, own_settings)
                offers.append(ask(plugin, name, own_settings))
        except PluginProblem as problem:
            problems[name] = problem

    order, unmet = settle(offers)
    problems |= {name: PluginProblem(PluginState.BROKEN, reason) for name, reason in unmet.items()}
    active = {offer.name: offer for offer in offers if offer.name not in unmet}
    return Registry(
        plugins=MappingProxyType({offer.name: offer.plugin for offer in active.values()}),
        providers=MappingProxyType({o.name: provider for o in active.values() for provider in o.providers}),
        activity_metrics=order.activity_metrics,
        daily_metrics=order.daily_metrics,
        period_metrics=order.period_metrics,
        metrics=MappingProxyType({metric.key: metric for o in active.values() for metric in o.metrics}),
        backends=MappingProxyType({o.name: backend for o in active.values() for backend in o.backends}),
        reports=_reports(enabled, installed, active, problems),
        detectors=tuple((o.name, detector) for o in active.values() for detector in o.detectors),
    )


def _reports(
    enabled: Sequence[str],
    installed: Installed,
    active: Mapping[str, Offer],
    problems: Mapping[str, PluginProblem],
) -> tuple[PluginReport, ...]:
    reports = []
    for name in dict.fromkeys((*enabled, *installed.plugins)):
        found = installed.plugins.get(name, ())
        distribution = ", ".join(dict.fromkeys(candidate.distribution for candidate in found)) or None
        version = ", ".join(dict.fromkeys(candidate.version for candidate in found)) or None
        if name in active:
            state, provides, problem = PluginState.ACTIVE, active[name].provides, None
        elif name in problems:
            state, provides, problem = problems[name].state, (), str(problems[name])
        else:
            state, provides = PluginState.NOT_ENABLED, ()
            problem = f"Installed, but not enabled. To use it, add `{name}` to {ENABLED_VARIABLE}."
        reports.append(PluginReport(name, state, distribution, version, provides, problem))
    return tuple(reports)
