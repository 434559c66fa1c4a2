"""Ask one plugin what it offers, and believe nothing before it is checked."""

import inspect
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

import pluggy

from training_analyzer.registry.reasons import suggestion
from training_analyzer.registry.report import PluginProblem, PluginState, contained
from training_analyzer.sdk import (
    ActivityMetrics,
    AnyPlugin,
    BackendInfo,
    DailyMetrics,
    DataProvider,
    InsightBackend,
    Metric,
    MetricKey,
    PeriodMetrics,
    ProviderInfo,
    ThresholdDetector,
    hookspecs,
)

Calculator = ActivityMetrics | DailyMetrics | PeriodMetrics
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OfferedCalculator:
    """A calculator, and what it declared when it was asked: nobody has to ask it again."""

    calculator: Calculator
    plugin: str
    metrics: tuple[Metric, ...]
    needs: frozenset[MetricKey]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one plugin brings. At most one provider and one backend: they bear the plugin's name."""

    name: str
    plugin: AnyPlugin
    providers: tuple[DataProvider, ...]
    calculators: tuple[OfferedCalculator, ...]
    backends: tuple[InsightBackend, ...]
    detectors: tuple[ThresholdDetector, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(metric for offered in self.calculators for metric in offered.metrics)

    @property
    def provides(self) -> tuple[str, ...]:
        return (
            *(f"provider {self.name}" for _ in self.providers),
            *(f"metric {metric.key}" for metric in self.metrics),
            *(f"detector {self.name}.{detector.name}" for detector in self.detectors),
            *(f"backend {self.name}" for _ in self.backends),
        )


def ask(plugin: AnyPlugin, name: str, settings: Mapping[str, object]) -> Offer:
    """Call the plugin's hooks. Raises `PluginProblem`, whatever the plugin does."""
    with contained("Its hooks make no sense", settings):
        hooks = _validated_hooks(plugin, name)
    providers = _call(hooks, "register_providers", (DataProvider,), settings)
    calculators: tuple[Calculator, ...] = _call(
        hooks, "register_metrics", (ActivityMetrics, DailyMetrics, PeriodMetrics), settings
    )
    backends = _call(hooks, "register_backends", (InsightBackend,), settings)
    detectors = _call(hooks, "register_detectors", (ThresholdDetector,), settings)
    with contained("What it offers makes no sense", settings):
        _check_named("provider", [provider.info for provider in providers], ProviderInfo, name)
        _check_named("backend", [backend.info for backend in backends], BackendInfo, name)
        declared = tuple(_checked_calculator(calculator, name) for calculator in calculators)
        for detector in detectors:
            _check_detector(detector)
        offer = Offer(name, plugin, providers, declared, backends, detectors)
        keys = [metric.key for metric in offer.metrics]
        for key in keys:
            if keys.count(key) > 1:
                raise _broken(f"It offers the metric `{key}` more than once.")
        names = [detector.name for detector in detectors]
        for repeated in (own for own in names if names.count(own) > 1):
            raise _broken(f"It offers the detector `{repeated}` more than once.")
        return offer


def _validated_hooks(plugin: AnyPlugin, name: str) -> pluggy.PluginManager:
    """Register the plugin alone, so that nothing of another plugin can stand in its way."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    specified = list(vars(manager.hook))
    manager.register(plugin, name)
    hooks = manager.get_hookcallers(plugin) or []
    for hook in hooks:
        if not hook.has_spec() and not all(found.optionalhook for found in hook.get_hookimpls()):
            raise _broken(f"There is no hook `{hook.name}`.{suggestion(hook.name, specified)}")
    manager.check_pending()
    implemented = {hook.name for hook in hooks}
    for forgotten in (hook for hook in specified if hook not in implemented and hasattr(plugin, hook)):
        raise _broken(f"Its method `{forgotten}` is not marked with @hookimpl, so nobody would call it.")
    if not implemented:
        raise _broken(f"It implements no hook. There are: {', '.join(specified)}. Mark them with @hookimpl.")
    return manager


def _call(
    manager: pluggy.PluginManager, hook: str, kinds: tuple[type[T], ...], settings: Mapping[str, object]
) -> tuple[T, ...]:
    caller: pluggy.HookCaller = getattr(manager.hook, hook)
    expected = [found for found in caller.get_hookimpls() if not (found.wrapper or found.hookwrapper)]
    with contained(f"Its hook `{hook}` failed", settings):
        answers: object = caller()
        if not isinstance(answers, list) or len(answers) < len(expected):
            raise _broken(f"Its hook `{hook}` returned nothing. Return a list, which may be empty.")
        return tuple(thing for answer in answers for thing in _things(answer, hook, kinds))


def _things(answer: object, hook: str, kinds: tuple[type[T], ...]) -> Iterator[T]:
    if inspect.iscoroutine(answer):
        answer.close()
    if inspect.isawaitable(answer) or inspect.isasyncgen(answer):
        raise _broken(f"Its hook `{hook}` is asynchronous. Hooks are plain functions.")
    wanted = " or ".join(kind.__name__ for kind in kinds)
    if isinstance(answer, str | bytes | Mapping | ModuleType) or not isinstance(answer, Iterable):
        raise _broken(f"Its hook `{hook}` returned {_article(answer)}. Return a list of {wanted}.")
    for thing in answer:
        if not isinstance(thing, kinds):
            hint = "; hand over an instance of it" if isinstance(thing, type) else ""
            raise _broken(f"Its hook `{hook}` offered {_article(thing)} instead of {wanted}{hint}.")
        yield thing


def _check_named(kind: str, infos: list[T], expected: type[T], name: str) -> None:
    if len(infos) > 1:
        raise _broken(f"It offers {len(infos)} {kind}s; a plugin has one, which bears its name.")
    for info in infos:
        if not isinstance(info, expected):
            raise _broken(f"The info of its {kind} is {_article(info)} instead of {expected.__name__}.")
        named: str = getattr(info, "name", "")
        if named != name:
            raise _broken(f"Its {kind} calls itself `{named}`, but the plugin's name is `{name}`.")


def _checked_calculator(calculator: Calculator, name: str) -> OfferedCalculator:
    who = type(calculator).__name__
    kinds = [
        kind.__name__
        for kind in (ActivityMetrics, DailyMetrics, PeriodMetrics)
        if isinstance(calculator, kind)
    ]
    if len(kinds) > 1:
        raise _broken(f"{who} is both {' and '.join(kinds)}. Make two calculators of it.")
    metrics: object = getattr(calculator, "metrics", None)
    if (
        not isinstance(metrics, list | tuple)
        or not metrics
        or not all(isinstance(m, Metric) for m in metrics)
    ):
        raise _broken(f"{who}.metrics has to be a tuple of Metric with at least one entry.")
    for metric in metrics:
        if not metric.key.startswith(f"{name}."):
            raise _broken(f"{who} offers the metric `{metric.key}`, whose key has to begin with `{name}.`.")
    needs = _checked_keys(calculator.needs, f"{who}.needs")
    if not isinstance(calculator.version, int):
        raise _broken(f"{who}.version has to be a whole number.")
    return OfferedCalculator(calculator, name, tuple(metrics), needs)


def _check_detector(detector: ThresholdDetector) -> None:
    who = type(detector).__name__
    name: object = getattr(detector, "name", None)
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise _broken(f"{who}.name has to be lower-case letters, digits and underscores.")
    _checked_keys(getattr(detector, "needs", None), f"{who}.needs")
    _checked_keys(detector.beside, f"{who}.beside")
    days: object = detector.days
    if not isinstance(days, int) or days < 1:
        raise _broken(f"{who}.days has to be a whole number of days.")


def _checked_keys(keys: object, where: str) -> frozenset[MetricKey]:
    if isinstance(keys, str) or not isinstance(keys, Collection) or not all(isinstance(k, str) for k in keys):
        raise _broken(f"{where} has to be a frozenset of metric keys.")
    return frozenset(keys)


def _article(thing: object) -> str:
    return f"the class {thing.__name__}" if isinstance(thing, type) else f"a {type(thing).__name__}"


def _broken(message: str) -> PluginProblem:
    return PluginProblem(PluginState.BROKEN, message)
