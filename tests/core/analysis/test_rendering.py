"""Numbers are written by code, from facts."""

import pytest

from training_analyzer.analysis.rendering import NotRenderable, by_id, placeholders, render
from training_analyzer.domain.insight import Fact

FACTS = by_id(
    [
        Fact(id="load_week", label="load", value=412.4),
        Fact(id="load_change", label="change", value=18.2, unit="%", direction="up"),
        Fact(id="time_week", label="time", value=7.25, unit="h", decimals=1),
        Fact(id="rest_days", label="rest", value=2, unit="rest days"),
        Fact(id="form", label="form", value=-0.3),
    ]
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A load of {load_week}, {load_change} more.", "A load of 412, 18% more."),
        ("{load_change}% more", "18% more"),
        ("{time_week} h in all", "7 h 15 min in all"),
        ("{time_week} hours", "7 h 15 min"),
        ("{rest_days} rest days", "2 rest days"),
        ("form {form}, over 7 days and 4 weeks", "form 0, over 7 days and 4 weeks"),
        ("no number", "no number"),
    ],
)
def test_a_placeholder_becomes_its_fact(text: str, written: str) -> None:
    assert render(text, FACTS) == written


@pytest.mark.parametrize(
    "text",
    ["{fitness} is high", "{{load_week}}", "{Load_week}", "{load_week"],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(NotRenderable):
        render(text, FACTS)


def test_placeholders_are_found() -> None:
    assert placeholders("{a} and {b_2}, {a}") == {"a", "b_2"}
