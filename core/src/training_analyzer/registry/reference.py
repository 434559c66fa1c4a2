"""The reference of metrics: a page for each family, written from what the calculators say of themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from training_analyzer.registry.offers import Calculator
from training_analyzer.sdk import ActivityMetrics, Combination, Metric, PeriodMetrics, Shape

TOOLS: Final = ("Strava", "Garmin", "TrainingPeaks", "GoldenCheetah")
"""What most athletes compare with comes first, then all others by name."""
SHAPES: Final = {
    Shape.NUMBER: "a number",
    Shape.CURVE: "a curve: the best of each duration",
    Shape.DISTRIBUTION: "a distribution: seconds in each zone",
}
TOGETHER: Final = {
    Combination.SUM: "they add up",
    Combination.MEAN: "their mean, weighted by moving time",
    Combination.HIGHEST: "the highest counts",
    Combination.SHORTEST: "the shortest time for each distance counts",
}
_GENERATED: Final = (
    "<!-- Made by `training-analyzer metrics-reference`. Change the metric in the code, not this page. -->"
)


def pages(calculators: Sequence[Calculator]) -> Mapping[str, str]:
    """Return each page by its file name: an index, and one for each family."""
    families: dict[str, list[Calculator]] = {}
    for calculator in calculators:
        families.setdefault(family_of(calculator), []).append(calculator)
    return {
        "README.md": _index(families),
        **{_file_name(family): _page(family, those) for family, those in families.items()},
    }


def family_of(calculator: Calculator) -> str:
    """Return the title of the page that a calculator's metrics stand on."""
    return calculator.family or calculator.metrics[0].key.partition(".")[0]


def _index(families: Mapping[str, Sequence[Calculator]]) -> str:
    lines = [
        _GENERATED,
        "",
        "# Metrics",
        "",
        "What each number means, how it is made, and why another tool may show another one. `GET /metrics`",
        "tells the same to programs, of every enabled plugin.",
        "",
        "| family | of | metrics |",
        "|---|---|---|",
    ]
    for family, those in families.items():
        of = " and ".join(sorted({_of(calculator) for calculator in those}))
        names = ", ".join(metric.title for calculator in those for metric in calculator.metrics)
        lines.append(f"| [{family}]({_file_name(family)}) | {of} | {_cell(names)} |")
    return "\n".join([*lines, ""])


def _page(family: str, calculators: Sequence[Calculator]) -> str:
    lines = [_GENERATED, "", f"# {family}", "", "[All families](README.md)", ""]
    for calculator in calculators:
        for metric in calculator.metrics:
            lines += _entry(metric, calculator)
    return "\n".join(lines)


def _entry(metric: Metric, calculator: Calculator) -> Iterator[str]:
    yield from (f"## {metric.title}", "", metric.explanation, "", "| | |", "|---|---|")
    facts = {
        "key": f"`{metric.key}`",
        "of": f"{_of(calculator)}, {SHAPES[metric.shape]}",
        "unit": metric.unit or "none",
        "formula": metric.formula,
        "source": metric.source,
        "version": str(calculator.version),
    }
    if metric.combination is not None:
        facts["of several activities"] = TOGETHER[metric.combination]
    for name, fact in facts.items():
        yield f"| {name} | {_cell(fact)} |"
    yield ""
    if metric.edge_cases:
        yield from (*(f"- {case}" for case in metric.edge_cases), "")
    if metric.elsewhere:
        yield from ("| elsewhere | |", "|---|---|")
        for tool in sorted(metric.elsewhere, key=_rank):
            yield f"| {tool} | {_cell(metric.elsewhere[tool])} |"
        yield ""


def _of(calculator: Calculator) -> str:
    if isinstance(calculator, PeriodMetrics):
        return "a period"
    return "an activity" if isinstance(calculator, ActivityMetrics) else "a day"


def _rank(tool: str) -> tuple[int, str]:
    return TOOLS.index(tool) if tool in TOOLS else len(TOOLS), tool


def _file_name(family: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in family.lower()).split()) + ".md"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
