"""A placeholder stands where its fact belongs: code writes the number, but a model chose the place."""

import pytest

from evaluation.athletes import scripted
from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.style import Language

RIGHT = {
    "overreaching, week": """
        You took on {load_week} of load, {load_change} above the {load_usual} that you usually carry.
        There was no rest day, and form is down at {form}.
        Fitness rose by {fitness_change} to {fitness}.
    """,
    "returning, week": """
        {sessions_week} and {time_week} of training this week, after a break of {break_days}.
    """,
    "tapering, state": """
        Most of it is still there: fitness is at {fitness_of_peak} of its highest in half a year.
    """,
}
WRONG = {
    "overreaching, week": """
        You took on {load_week} of load, {load_usual} above the {load_usual} that you usually carry.
        You took on {load_week} of load, {load_change} above the {rest_days_usual} that you usually carry.
        There was no rest day, and form is down at {rest_days}.
        Fitness rose by {fitness_change} to {time_week}.
        Fitness rose by {fitness} to {fitness}.
        A load of {time_week} is {load_change} above your usual.
        {time_week} of load is {load_change} above your usual.
        {fitness_change} and {time_week} of training this week.
    """,
    "returning, week": """
        {form} and {time_week} of training this week, after a break of {break_days}.
        It took {sessions_week}, after a break of {break_days}.
    """,
    "tapering, state": """
        Form is {fitness_of_peak}.
        Fitness is {form_lower_share} of its highest in half a year.
        Form is at {form_change}.
    """,
}


def _lines(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, line.strip()) for name, lines in texts.items() for line in lines.strip().splitlines()]


def _found(name: str, text: str) -> list[str]:
    context = scripted(Language.ENGLISH)[name].context
    return verify(text, evidence(context.facts, context.rules))


@pytest.mark.parametrize(("name", "text"), _lines(RIGHT))
def test_what_stands_in_its_place_holds(name: str, text: str) -> None:
    assert _found(name, text) == []


@pytest.mark.parametrize(("name", "text"), _lines(WRONG))
def test_what_was_swapped_does_not(name: str, text: str) -> None:
    assert any(reason.startswith("{") for reason in _found(name, text)), "its place is what is wrong"
