"""The contracts for plugin authors accept what is good, and find what is bad, by the right test."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent / "examples"


class Outcomes:
    """Listens to a pytest of its own: which tests of which class passed and failed, and why."""

    def __init__(self) -> None:
        self.expected: dict[str, str | None] = {}
        self.passed: defaultdict[str, set[str]] = defaultdict(set)
        self.failed: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        example = item.getparent(pytest.Class)
        assert example is not None
        self.expected[example.name] = getattr(example.obj, "fails", None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        _, example, test = report.nodeid.split("::", 2)
        name = test.partition("[")[0]
        if report.failed:
            self.failed[example][name] = report.longreprtext
        elif report.when == "call":
            self.passed[example].add(name)


def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Outcomes:
    """Run a file of examples as an author would, with a pytest that knows nothing of ours."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    outcomes = Outcomes()
    options = ["-q", "-c", "/dev/null", "--rootdir", str(path.parent), "-p", "no:cacheprovider", "--tb=line"]
    pytest.main([str(path), *options, "--import-mode=importlib", "-W", "error"], plugins=[outcomes])
    return outcomes


@pytest.fixture(
    scope="module",
    params=[
        "activity_metrics",
        "daily_metrics",
        "period_metrics",
        "detector",
        "provider",
        "backend",
        "plugin",
    ],
)
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.syspath_prepend(EXAMPLES / "installed")
        for module in (EXAMPLES / "installed").glob("*.py"):  # one asks the network while it is imported
            monkeypatch.delitem(sys.modules, module.stem, raising=False)
        yield run(EXAMPLES / f"{request.param}.py", monkeypatch)


def test_good_examples_pass(outcomes: Outcomes) -> None:
    good = {example for example, fails in outcomes.expected.items() if fails is None}
    assert good
    assert {example: outcomes.failed[example] for example in good} == {example: {} for example in good}
    assert all(outcomes.passed[example] for example in good)


def test_bad_examples_fail_by_the_right_test(outcomes: Outcomes) -> None:
    bad = {example: fails for example, fails in outcomes.expected.items() if fails is not None}
    assert bad
    for example, fails in bad.items():
        assert fails in outcomes.failed[example], f"{example} failed {set(outcomes.failed[example])}"


def test_every_check_finds_something(outcomes: Outcomes) -> None:
    """A check that no example fails is a check that nobody has seen working."""
    tests = set().union(*outcomes.passed.values())
    assert tests == tests & set(outcomes.expected.values())


def test_a_contract_without_its_fixture_says_what_to_give(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    forgotten = tmp_path / "forgotten.py"
    forgotten.write_text(
        "from training_analyzer.sdk.testing import DailyMetricsContract\n"
        "class TestForgotten(DailyMetricsContract):\n"
        "    pass\n"
    )
    outcomes = run(forgotten, monkeypatch)
    assert "give a fixture `calculator`" in outcomes.failed["TestForgotten"]["test_explains_itself"]
