"""What is installed and uninstalled is seen at once, and nothing is written anywhere."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from typing import TYPE_CHECKING

from training_analyzer.registry import PluginState

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.registry.conftest import Site

SOURCE = """
from training_analyzer.sdk import Plugin, hookimpl

class ThePlugin(Plugin):
    @hookimpl
    def register_metrics(self):
        return []
"""


def run(code: str, site: Path, home: Path) -> str:
    """Run a fresh Python that has this folder on its path, and return what it printed."""
    environment = os.environ | {"PYTHONPATH": str(site), "HOME": str(home), "XDG_CACHE_HOME": str(home / "c")}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    )
    return done.stdout


def test_a_plugin_comes_and_goes_in_one_process(site: Site) -> None:
    assert site.report("guest").state is PluginState.MISSING
    site.install("guest", SOURCE)
    assert site.load("guest").reports[0].state is PluginState.ACTIVE
    shutil.rmtree(next(site.folder.glob("training_analyzer_guest-*.dist-info")))
    importlib.invalidate_caches()
    assert site.load("guest", "healthy").reports[0].state is PluginState.MISSING
    assert site.load("guest", "healthy").reports[1].state is PluginState.ACTIVE


def test_a_wheel_that_an_installer_installed(site: Site, tmp_path: Path) -> None:
    """One plugin comes as a wheel through a real installer, so that our folders prove to be like its."""
    wheel = tmp_path / "wheeled_plugin-3.1-py3-none-any.whl"
    record = "wheeled_plugin-3.1.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("wheeled_plugin.py", SOURCE)
        archive.writestr(f"{record}/METADATA", "Metadata-Version: 2.1\nName: wheeled-plugin\nVersion: 3.1\n")
        archive.writestr(
            f"{record}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(
            f"{record}/entry_points.txt", "[training_analyzer.plugins]\nwheeled = wheeled_plugin:ThePlugin\n"
        )
        archive.writestr(f"{record}/RECORD", "")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "-q",
            "--offline",
            "--no-deps",
            "--target",
            site.folder,
            wheel,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    site.modules.append("wheeled_plugin")
    importlib.invalidate_caches()
    report = site.report("wheeled")
    assert (report.state, report.distribution, report.version) == (
        PluginState.ACTIVE,
        "wheeled-plugin",
        "3.1",
    )


def test_loading_imports_and_writes_nothing_besides(site: Site, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    site.install("guest", SOURCE)
    site.install("explosive", "raise SystemExit('imported')")
    printed = run(
        """
        import sys
        from training_analyzer.registry import load_registry
        registry = load_registry(["guest"], {})
        print(registry.reports[0].state, *(name for name in sys.modules if name.startswith("installed_")))
        heavy = {"sqlalchemy", "fastapi", "redis", "rq", "pytest", "typer"}
        print(sorted(heavy & set(sys.modules)))
        """,
        site.folder,
        home,
    )
    assert printed.split("\n")[:2] == ["active installed_training_analyzer_guest", "[]"]
    assert list(home.rglob("*")) == []
