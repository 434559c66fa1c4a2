"""The guide "Writing a plugin" works: its files become a package, whose own tests pass, and which is active."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.documents import blocks, read
from training_analyzer.registry import PluginState, load_registry
from training_analyzer.sdk import Measurement
from training_analyzer.sdk.testing import samples


def run(folder: Path, *command: str, site: Path | None = None) -> str:
    """Run Python as an author would: without our settings, and with warnings as errors."""
    environment = {"PATH": os.environ["PATH"], "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment |= {"PYTHONPATH": str(site)} if site else {}
    finished = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the guide's files."""
    folder = tmp_path_factory.mktemp("plugin")
    for block in blocks(read("docs/writing-a-plugin.md")):
        if block.file_name is not None:
            path = folder / block.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.code, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(project: Path) -> Path:
    """Build the package and install it into a folder of its own."""
    run(project, "-m", "hatchling", "build", "--target", "wheel")
    (wheel,) = (project / "dist").glob("*.whl")
    installed = project / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    return installed


def test_the_guide_holds_a_whole_package(project: Path) -> None:
    files = {str(path.relative_to(project)) for path in project.rglob("*") if path.suffix in {".py", ".toml"}}
    package = "src/training_analyzer_efficiency"
    assert {f"{package}/{name}.py" for name in ("__init__", "plugin", "efficiency")} <= files
    assert {"pyproject.toml", "tests/test_efficiency.py"} <= files


def test_its_own_tests_pass(project: Path, site: Path) -> None:
    said = run(project, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "tests", site=site)
    assert "21 passed" in said, said  # as the guide says: some twenty


def test_its_style_is_ours(project: Path) -> None:
    assert run(
        project, "-m", "ruff", "check", "--no-cache", "--select", "E,F,I,B,UP", "--line-length", "110", "."
    )
    assert run(project, "-m", "ruff", "format", "--no-cache", "--line-length", "110", "--check", ".")


def test_it_is_active_beside_the_default_metrics(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    registry = load_registry(("metrics_default", "efficiency"), {})
    states = {report.name: report.state for report in registry.reports}
    assert states["efficiency"] is PluginState.ACTIVE

    from training_analyzer.processing.plan import Plan, measure

    plan = Plan(registry.activity_metrics, registry.daily_metrics, registry.plugin_of)
    measured = measure(plan, samples.full_activity(), samples.known_athlete())
    assert measured.failures == ()
    found: dict[str, Measurement] = {one.key: one for one, _ in measured.measurements}
    assert found["efficiency.efficiency_factor"].value == pytest.approx(1.46, abs=0.2)
