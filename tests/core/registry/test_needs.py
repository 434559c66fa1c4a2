"""Calculators come in an order in which needs are met; a need that nobody meets is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training_analyzer.registry import PluginState, Registry

if TYPE_CHECKING:
    from tests.core.registry.conftest import Site


def source(*calculators: tuple[str, str, tuple[str, ...]]) -> str:
    """Write a plugin with calculators: (ActivityMetrics or DailyMetrics, key, needs)."""
    classes = [
        f"""
class C{number}({kind}):
    metrics = (Metric(key="{key}", title="T", unit="", explanation="E.", formula="f", source="s"),)
    needs = frozenset({needs!r})
    __hash__ = None
    def measure(self, given):
        return ()
"""
        for number, (kind, key, needs) in enumerate(calculators)
    ]
    offered = ", ".join(f"C{number}()" for number in range(len(calculators)))
    return (
        "from training_analyzer.sdk import *\n"
        + "".join(classes)
        + f"class ThePlugin(Plugin):\n    @hookimpl\n    def register_metrics(self): return [{offered}]\n"
    )


def states(registry: Registry) -> dict[str, PluginState]:
    return {r.name: r.state for r in registry.reports if r.state is not PluginState.NOT_ENABLED}


def problem(registry: Registry, name: str) -> str:
    return str(next(report.problem for report in registry.reports if report.name == name))


def test_needs_come_first_across_plugins_and_kinds(site: Site) -> None:
    site.install(
        "late",
        source(
            ("DailyMetrics", "late.form", ("late.fitness", "early.total")),
            ("DailyMetrics", "late.fitness", ("early.load",)),
            ("ActivityMetrics", "late.intensity", ("early.load", "early.power")),
        ),
    )
    site.install(
        "early",
        source(
            ("ActivityMetrics", "early.load", ("early.power",)),
            ("ActivityMetrics", "early.power", ()),
            ("DailyMetrics", "early.total", ("late.intensity",)),
        ),
    )
    assert site.report("early").state is PluginState.BROKEN  # alone, it lacks late.intensity
    registry = site.load("late", "early", "healthy")
    assert set(states(registry).values()) == {PluginState.ACTIVE}
    activity = [calculator.metrics[0].key for calculator in registry.activity_metrics]
    daily = [calculator.metrics[0].key for calculator in registry.daily_metrics]
    assert activity.index("early.power") < activity.index("early.load") < activity.index("late.intensity")
    assert daily.index("late.fitness") < daily.index("late.form")
    assert daily.index("early.total") < daily.index("late.form")
    assert {registry.plugin_of(c) for c in registry.daily_metrics} == {"early", "late"}
    assert set(registry.metrics) == {*activity, *daily}


def test_a_need_that_nobody_meets(site: Site) -> None:
    site.install("needy", source(("ActivityMetrics", "needy.one", ("absent.metric",))))
    report = site.report("needy")
    assert report.state is PluginState.BROKEN
    assert "C0 needs the metric `absent.metric`" in str(report.problem)
    assert "plugin `absent` is in TRAINING_ANALYZER_PLUGINS" in str(report.problem)


def test_a_need_of_a_plugin_that_broke_breaks_too(site: Site) -> None:
    site.install("third", source(("ActivityMetrics", "third.x", ("second.x",))))
    site.install("second", source(("ActivityMetrics", "second.x", ("first.x",))))
    site.install("first", "raise RuntimeError")
    assert site.report("third").state is PluginState.BROKEN
    registry = site.load("third", "second", "first", "healthy")
    assert states(registry) == {
        "third": PluginState.BROKEN,
        "second": PluginState.BROKEN,
        "first": PluginState.BROKEN,
        "healthy": PluginState.ACTIVE,
    }
    assert "`second.x`" in problem(registry, "third")
    assert "`first.x`" in problem(registry, "second")


def test_an_activity_cannot_need_a_day(site: Site) -> None:
    site.install(
        "early",
        source(
            ("DailyMetrics", "early.form", ()),
            ("ActivityMetrics", "early.load", ("early.form",)),
        ),
    )
    report = site.report("early")
    assert report.state is PluginState.BROKEN
    assert "`early.form`, which is computed for days" in str(report.problem)


def test_a_circle_within_a_plugin(site: Site) -> None:
    site.install("round", source(("ActivityMetrics", "round.a", ("round.a",))))
    report = site.report("round")
    assert report.state is PluginState.BROKEN
    assert "in a circle: `round.a` needs `round.a`" in str(report.problem)


def test_circles_across_plugins_spare_the_others(site: Site) -> None:
    site.install("one", source(("ActivityMetrics", "one.a", ("two.a",))))
    site.install("two", source(("ActivityMetrics", "two.a", ("one.a",))))
    site.install("three", source(("DailyMetrics", "three.a", ("four.a", "healthy.minutes"))))
    site.install("four", source(("DailyMetrics", "four.a", ("three.a",))))
    site.install("five", source(("DailyMetrics", "five.a", ("healthy.minutes",))))
    assert site.report("five").state is PluginState.ACTIVE
    registry = site.load("one", "two", "three", "four", "five", "healthy")
    broken = {name for name, state in states(registry).items() if state is PluginState.BROKEN}
    assert broken == {"one", "two", "three", "four"}
    assert "`one.a` needs `two.a` needs `one.a`" in problem(registry, "one").replace(
        "`two.a` needs `one.a` needs `two.a`", "`one.a` needs `two.a` needs `one.a`"
    )
    assert [c.metrics[0].key for c in registry.daily_metrics] == ["five.a"]


DETECTOR = """
from training_analyzer.sdk import *
class Finder(ThresholdDetector):
    name = "finder"
    needs = frozenset({needs!r})
    def detect(self, given):
        return ()
class ThePlugin(Plugin):
    @hookimpl
    def register_detectors(self): return [{offered}]
"""


def test_a_detector_looks_at_metrics_of_activities(site: Site) -> None:
    site.install("early", source(("ActivityMetrics", "early.load", ()), ("DailyMetrics", "early.form", ())))
    site.install("finds", DETECTOR.format(needs={"early.load"}, offered="Finder()"))
    site.install("lost", DETECTOR.format(needs={"early.form"}, offered="Finder()"))
    looks = DETECTOR.format(needs={"early.load"}, offered="Finder()")
    looks = looks.replace("    def detect", '    beside = frozenset({"early.form"})\n    def detect')
    site.install("looks", looks)
    site.install("twice", DETECTOR.format(needs={"early.load"}, offered="Finder(), Finder()"))
    registry = site.load("early", "finds", "lost", "looks", "twice")
    assert [(plugin, detector.name) for plugin, detector in registry.detectors] == [("finds", "finder")]
    assert "Finder needs the metric `early.form`, which no active plugin" in problem(registry, "lost")
    assert "Finder needs the metric `early.form`, which no active plugin" in problem(registry, "looks")
    assert "offers the detector `finder` more than once" in problem(registry, "twice")


def test_what_is_stored_cannot_need_what_is_not(site: Site) -> None:
    passing = source(("DailyMetrics", "passing.sum", ())).replace(
        "    __hash__", "    stored = False\n    __hash__"
    )
    site.install("passing", passing)
    site.install("kept", source(("DailyMetrics", "kept.sum", ("passing.sum",))))
    assert "needs the metric `passing.sum`, which is not stored" in problem(
        site.load("passing", "kept"), "kept"
    )


def test_a_period_needs_what_activities_make_together(site: Site) -> None:
    site.install("early", source(("ActivityMetrics", "early.ratio", ())))
    site.install("season", source(("PeriodMetrics", "season.mean", ("early.ratio",))))
    assert "says no `combination`" in problem(site.load("early", "season"), "season")
