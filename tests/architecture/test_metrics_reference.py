"""The reference of metrics is what the calculators say of themselves: `make reference` writes it."""

from tests.architecture.documents import ROOT
from training_analyzer.registry import load_registry
from training_analyzer.registry.reference import pages

FOLDER = ROOT / "docs" / "metrics"


def test_the_pages_are_as_the_code_would_write_them() -> None:
    registry = load_registry(("metrics_default",), {})
    wanted = pages((*registry.activity_metrics, *registry.daily_metrics, *registry.period_metrics))
    there = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    assert there.keys() == wanted.keys(), "run `make reference`"
    assert [name for name in wanted if there[name] != wanted[name]] == [], "run `make reference`"


def test_every_metric_has_its_section() -> None:
    registry = load_registry(("metrics_default",), {})
    text = "".join(page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md"))
    assert [key for key in registry.metrics if f"| key | `{key}` |" not in text] == []
