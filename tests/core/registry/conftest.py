"""A place where distributions are really installed: metadata and modules in a folder on the path."""

import importlib
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from training_analyzer.registry import PluginReport, PluginState, Registry, load_registry

HEALTHY = """
from collections.abc import Iterable, Sequence

from training_analyzer.sdk import (
    Account, Activity, ActivityInput, ActivityMetrics, BackendInfo, DataProvider, DataRights, InsightBackend,
    Measurement, Metric, Page, Plugin, PluginSettings, Price, Prompt, ProviderInfo, RawDocument, Reply, Window,
    hookimpl,
)


class Minutes(ActivityMetrics):
    metrics = (Metric(key="healthy.minutes", title="Minutes", unit="min", explanation="How long it took.",
                      formula="elapsed / 60", source="SI"),)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        yield Measurement(key="healthy.minutes", value=given.activity.elapsed_s / 60)


class Provider(DataProvider):
    info = ProviderInfo(name="healthy", title="Healthy", homepage="https://example.org", rights=DataRights())

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        return Page(activities=())

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        return ()

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        raise NotImplementedError


class Backend(InsightBackend):
    info = BackendInfo(name="healthy", title="Healthy", model="model", data_goes_to="nobody")

    def generate(self, prompt: Prompt) -> Reply:
        raise NotImplementedError

    def price(self, model: str) -> Price | None:
        return None


class HealthyPlugin(Plugin[PluginSettings]):
    @hookimpl
    def register_providers(self) -> Iterable[DataProvider]:
        return [Provider()]

    @hookimpl
    def register_metrics(self) -> Iterable[ActivityMetrics]:
        yield Minutes()

    @hookimpl
    def register_backends(self) -> Iterable[InsightBackend]:
        return (Backend(),)


ThePlugin = HealthyPlugin
"""


class Site:
    """A folder of installed distributions, on the path of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: list[str] = []

    def install(
        self,
        name: str,
        source: str,
        *,
        distribution: str | None = None,
        version: str = "1.2.3",
        entry: str | None = None,
    ) -> None:
        """Install a distribution whose entry point `name` is `ThePlugin` in a module with this source."""
        distribution = distribution or f"training-analyzer-{name}"
        module = f"installed_{distribution.replace('-', '_').lower()}"
        self.modules.append(module)
        (self.folder / f"{module}.py").write_text(textwrap.dedent(source), "utf-8")
        metadata = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {distribution}\nVersion: {version}\n"
        )
        line = entry or f"{name} = {module}:ThePlugin"
        (metadata / "entry_points.txt").write_text(f"[training_analyzer.plugins]\n{line}\n", "utf-8")
        (metadata / "RECORD").write_text("")
        importlib.invalidate_caches()

    def load(self, *names: str, **settings: Mapping[str, object]) -> Registry:
        return load_registry(names, settings)

    def report(self, name: str, **settings: object) -> PluginReport:
        """Load this plugin between two healthy looks at its neighbour, and say what became of it."""
        self.install("healthy", HEALTHY)
        for enabled in [(name, "healthy"), ("healthy", name)]:
            registry = self.load(*enabled, **{name: settings})
            reports = {report.name: report for report in registry.reports}
            assert [report.name for report in registry.reports[:2]] == list(enabled)
            assert reports["healthy"].state is PluginState.ACTIVE, reports["healthy"].problem
            assert {"healthy.minutes"} <= set(registry.metrics)
            assert {"healthy"} <= set(registry.providers) & set(registry.backends) & set(registry.plugins)
        return reports[name]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    installed = Site(folder)
    yield installed
    for module in installed.modules:
        sys.modules.pop(module, None)
    importlib.invalidate_caches()
