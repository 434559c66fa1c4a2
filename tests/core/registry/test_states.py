"""The six states of a plugin, each with a reason that says what to do; the neighbour stays active."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training_analyzer.registry import PluginProblem, PluginState, load_plugin_class

if TYPE_CHECKING:
    from tests.core.registry.conftest import Site

QUIET = """
from training_analyzer.sdk import *

class ThePlugin(Plugin[PluginSettings]):
    @hookimpl
    def register_backends(self):
        return []
"""
WITH_SETTINGS = """
from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from training_analyzer.sdk import *

class Retries(BaseModel):
    limit: int = 3

class Settings(PluginSettings):
    client_id: int
    client_secret: SecretStr = Field(min_length=12)
    mode: str = "fast"
    retries: Retries = Retries()

    @field_validator("mode")
    @classmethod
    def _mode_is_known(cls, mode):
        if mode != "fast":
            raise ValueError(f"the mode {mode!r} is not known")
        return mode

    @model_validator(mode="after")
    def _goes_together(self):
        if self.client_id == 13:
            raise ValueError(f"{self.client_secret.get_secret_value()} does not belong to 13")
        return self

class ThePlugin(Plugin[Settings]):
    settings_model = Settings

    def __init__(self, settings):
        super().__init__(settings)
        if settings.client_id == 14:
            raise RuntimeError("cannot use " + settings.client_secret.get_secret_value())

    @hookimpl
    def register_backends(self):
        if self.settings.client_id == 15:
            raise RuntimeError("cannot use " + self.settings.client_secret.get_secret_value())
        return []
"""
SECRET = "correct horse 'battery' staple"


def test_active(site: Site) -> None:
    site.install("quiet", QUIET, distribution="Quiet-Plugin", version="4.5")
    report = site.report("quiet")
    assert (report.state, report.problem) == (PluginState.ACTIVE, None)
    assert (report.distribution, report.version, report.provides) == ("Quiet-Plugin", "4.5", ())


def test_active_says_what_it_provides(site: Site) -> None:
    site.install("quiet", QUIET)
    site.report("quiet")
    registry = site.load("healthy")
    assert registry.reports[0].provides == ("provider healthy", "metric healthy.minutes", "backend healthy")
    assert registry.metrics["healthy.minutes"].unit == "min"
    assert registry.plugin_of(registry.activity_metrics[0]) == "healthy"


def test_not_enabled_is_never_imported(site: Site) -> None:
    site.install("explosive", "raise SystemExit('imported')")
    site.install("quiet", QUIET)
    site.report("quiet")
    reports = {report.name: report for report in site.load("healthy").reports}
    assert reports["explosive"].state is PluginState.NOT_ENABLED
    assert "add `explosive` to TRAINING_ANALYZER_PLUGINS" in str(reports["explosive"].problem)
    assert (reports["explosive"].distribution, reports["explosive"].version) == (
        "training-analyzer-explosive",
        "1.2.3",
    )


def test_reports_are_sorted(site: Site) -> None:
    for name in ("zebra", "aardvark", "quiet", "mole"):
        site.install(name, QUIET)
    names = [report.name for report in site.load("quiet", "absent", "mole").reports]
    assert names[:3] == ["quiet", "absent", "mole"]
    assert names[3:] == sorted(names[3:])
    assert {"aardvark", "zebra"} <= set(names[3:])


@pytest.mark.parametrize("written", ["explosve", "Explosive", "explo-sive"])
def test_missing_suggests_what_is_installed(site: Site, written: str) -> None:
    site.install("explosive", "raise SystemExit('imported')")
    report = site.report(written)
    assert report.state is PluginState.MISSING
    assert "Did you mean `explosive`?" in str(report.problem)
    assert (report.distribution, report.version) == (None, None)


def test_missing_without_anything_alike(site: Site) -> None:
    report = site.report("qqqqqqqq")
    assert report.state is PluginState.MISSING
    assert "Did you mean" not in str(report.problem)
    assert "TRAINING_ANALYZER_PLUGINS" in str(report.problem)


def test_missing_names_packages_that_cannot_be_read(site: Site) -> None:
    site.install("torn", QUIET, entry="this is no entry point")
    report = site.report("torn")
    assert report.state is PluginState.MISSING
    assert "training_analyzer_torn-1.2.3.dist-info" in str(report.problem)


def test_ambiguous_names_both_distributions(site: Site) -> None:
    site.install("double", QUIET, distribution="first-double", version="1")
    site.install("double", "raise SystemExit('imported')", distribution="second-double", version="2")
    report = site.report("double")
    assert report.state is PluginState.AMBIGUOUS
    assert "first-double 1" in str(report.problem)
    assert "second-double 2" in str(report.problem)
    assert sorted(str(report.distribution).split(", ")) == ["first-double", "second-double"]


def test_ambiguous_within_one_distribution(site: Site) -> None:
    module = "installed_training_analyzer_double"
    site.install("double", QUIET, entry=f"double = {module}:ThePlugin\ndouble = {module}:AnyPlugin")
    report = site.report("double")
    assert report.state is PluginState.AMBIGUOUS
    assert "brings two plugins named `double`" in str(report.problem)


def test_the_same_distribution_twice_on_the_path_is_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install("quiet", QUIET)
    again = site.folder.parent / "again"
    again.symlink_to(site.folder)
    monkeypatch.syspath_prepend(again)
    assert site.report("quiet").state is PluginState.ACTIVE


def test_misconfigured_names_the_variables(site: Site) -> None:
    site.install("strict", WITH_SETTINGS)
    report = site.report("strict", client_idd="7", retries={"limit": "many"})
    assert report.state is PluginState.MISCONFIGURED
    problem = str(report.problem)
    assert "TRAINING_ANALYZER_PLUGIN__STRICT__CLIENT_ID: field required" in problem
    assert "TRAINING_ANALYZER_PLUGIN__STRICT__CLIENT_SECRET: field required" in problem
    assert "TRAINING_ANALYZER_PLUGIN__STRICT__RETRIES__LIMIT: input should be a valid integer" in problem
    assert (
        "TRAINING_ANALYZER_PLUGIN__STRICT__CLIENT_IDD: there is no such setting, "
        "did you mean TRAINING_ANALYZER_PLUGIN__STRICT__CLIENT_ID?" in problem
    )
    assert report.distribution == "training-analyzer-strict"


def test_a_question_about_a_setting_ends_with_its_mark(site: Site) -> None:
    site.install("strict", WITH_SETTINGS)
    report = site.report("strict", client_id="7", client_secret=SECRET, client_idd="7")
    assert str(report.problem).endswith("did you mean TRAINING_ANALYZER_PLUGIN__STRICT__CLIENT_ID?")


def test_settings_arrive_validated(site: Site) -> None:
    site.install("strict", WITH_SETTINGS)
    settings = {"client_id": "7", "client_secret": SECRET}
    assert site.report("strict", **settings).state is PluginState.ACTIVE
    assert site.load("strict", strict=settings).plugins["strict"].settings.client_id == 7


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({"client_id": "7", "client_secret": "hunter2"}, PluginState.MISCONFIGURED),
        ({"client_id": SECRET, "client_secret": SECRET}, PluginState.MISCONFIGURED),
        ({"client_id": "7", "client_secret": SECRET, "mode": SECRET}, PluginState.MISCONFIGURED),
        ({"client_id": "7", "client_secret": SECRET, "mode": "hunter2"}, PluginState.MISCONFIGURED),
        ({"client_id": "7", "client_secret": {"value": SECRET}}, PluginState.MISCONFIGURED),
        ({"client_id": "13", "client_secret": SECRET}, PluginState.MISCONFIGURED),
        ({"client_id": "14", "client_secret": SECRET}, PluginState.BROKEN),
        ({"client_id": "15", "client_secret": SECRET}, PluginState.BROKEN),
    ],
)
def test_no_secret_is_echoed(
    site: Site, caplog: pytest.LogCaptureFixture, settings: dict[str, object], state: PluginState
) -> None:
    site.install("strict", WITH_SETTINGS)
    report = site.report("strict", **settings)
    assert report.state is state
    for secret in ("horse", "battery", "hunter2"):
        assert secret not in repr(report)
        assert secret not in caplog.text


def test_enabled_twice_is_loaded_once(site: Site) -> None:
    site.install("quiet", QUIET)
    site.report("quiet")
    registry = site.load("quiet", "healthy", "quiet")
    assert [report.name for report in registry.reports][:2] == ["quiet", "healthy"]
    assert [report.name for report in registry.reports].count("quiet") == 1


def test_a_plugin_class_can_be_had_without_settings(site: Site) -> None:
    site.install("strict", WITH_SETTINGS)
    assert load_plugin_class("strict").__name__ == "ThePlugin"
    with pytest.raises(PluginProblem, match="Did you mean `strict`") as raised:
        load_plugin_class("strikt")
    assert raised.value.state is PluginState.MISSING
