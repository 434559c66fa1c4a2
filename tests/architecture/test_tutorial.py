"""The guide "Writing a plugin" works: its files become packages, whose own tests pass, and which are active."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.documents import blocks, read
from training_analyzer.registry import PluginState, load_registry
from training_analyzer.sdk import (
    BadData,
    BadRequest,
    InsightBackend,
    Measurement,
    PluginError,
    Prompt,
    RateLimited,
    TimedOut,
    Truncated,
    Unavailable,
)
from training_analyzer.sdk.testing import samples
from training_analyzer_groq.standin import EMPTY_REPLY, GroqStandIn, running

BACKEND = "attic"
"""The folder of the second package."""


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
    """Build the packages and install them into a folder of their own."""
    installed = project / "site"
    for package in (project, project / BACKEND):
        run(package, "-m", "hatchling", "build", "--target", "wheel")
        (wheel,) = (package / "dist").glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(installed)
    return installed


def test_the_guide_holds_whole_packages(project: Path) -> None:
    files = {str(path.relative_to(project)) for path in project.rglob("*") if path.suffix in {".py", ".toml"}}
    package = "src/training_analyzer_efficiency"
    assert {f"{package}/{name}.py" for name in ("__init__", "plugin", "efficiency", "rhythm")} <= files
    assert {"pyproject.toml", "tests/test_efficiency.py"} <= files
    backend = f"{BACKEND}/src/training_analyzer_attic"
    assert {f"{backend}/{name}.py" for name in ("__init__", "plugin", "backend")} <= files
    assert {f"{BACKEND}/pyproject.toml", f"{BACKEND}/tests/test_attic.py"} <= files


# As the guide says: some twenty checks of activities, a dozen of days.
@pytest.mark.parametrize(("package", "checks"), [(".", 34), (BACKEND, 12)])
def test_their_own_tests_pass(project: Path, site: Path, package: str, checks: int) -> None:
    said = run(
        project / package, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "tests", site=site
    )
    assert f"{checks} passed" in said, said


@pytest.mark.parametrize("package", [".", BACKEND])
def test_their_style_is_ours(project: Path, package: str) -> None:
    rules = ("--select", "E,F,I,B,UP", "--line-length", "110")
    others = ("--exclude", BACKEND) if package == "." else ()
    assert run(project / package, "-m", "ruff", "check", "--no-cache", *rules, *others, ".")
    formatted = ("-m", "ruff", "format", "--no-cache", "--line-length", "110", "--check")
    assert run(project / package, *formatted, *others, ".")


def test_they_are_active_beside_the_default_metrics(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    settings = {"attic": {"base_url": "http://attic.lan:8080"}}
    registry = load_registry(("metrics_default", "efficiency", "attic"), settings)
    states = {report.name: report.state for report in registry.reports}
    assert states["efficiency"] is PluginState.ACTIVE
    assert states["attic"] is PluginState.ACTIVE
    assert registry.backends["attic"].info.data_goes_to == "those at attic.lan"

    from training_analyzer.processing.plan import Plan, measure

    plan = Plan(registry.activity_metrics, registry.daily_metrics, registry.plugin_of)
    measured = measure(plan, samples.full_activity(), samples.known_athlete())
    assert measured.failures == ()
    found: dict[str, Measurement] = {one.key: one for one, _ in measured.measurements}
    assert found["efficiency.efficiency_factor"].value == pytest.approx(1.46, abs=0.2)


@pytest.fixture(scope="module")
def server() -> Iterator[GroqStandIn]:
    """Serve the protocol that the guide's backend speaks, and fail as the model's name says."""
    with running(slow_s=60) as standin:
        yield standin


@pytest.fixture
def ask(site: Path, server: GroqStandIn, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], InsightBackend]:
    monkeypatch.syspath_prepend(str(site))

    def asking(model: str) -> InsightBackend:
        settings = {
            "base_url": f"{server.url}/openai",
            "model": model,
            "timeout_s": 0.5 if model == "slow" else 60,
        }
        return load_registry((BACKEND,), {BACKEND: settings}).backends[BACKEND]

    return asking


PROMPT = Prompt(instructions="Write.", facts="{}", reply_schema={"type": "object"}, max_output_tokens=321)


def test_its_backend_carries_prompts_and_replies(
    ask: Callable[[str], InsightBackend], server: GroqStandIn
) -> None:
    reply = ask("good").generate(PROMPT)
    assert (reply.text, reply.model, reply.usage.input_tokens) == (EMPTY_REPLY, "good", 198)
    received = server.received[-1].body
    assert [message["content"] for message in received["messages"]] == [PROMPT.instructions, PROMPT.facts]
    assert received["max_tokens"] == 321
    assert received["response_format"]["json_schema"]["schema"] == PROMPT.reply_schema


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("minute", RateLimited),
        ("busy", Unavailable),
        ("invalid", BadRequest),
        ("cut", Truncated),
        ("safety", BadData),
        ("text", BadData),
        ("empty", BadData),
        ("slow", TimedOut),
    ],
)
def test_what_goes_wrong_with_its_backend_is_one_of_our_errors(
    ask: Callable[[str], InsightBackend], model: str, error: type[PluginError]
) -> None:
    with pytest.raises(error) as raised:
        ask(model).generate(PROMPT)
    assert type(raised.value) is error
