"""Every rule speaks when it should, and what it says holds."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from training_analyzer.analysis.catalogue import BY_ID, QUIET, RULES, Rule, When
from training_analyzer.analysis.draft import Draft, rules_draft
from training_analyzer.analysis.facts import week_context
from training_analyzer.analysis.grounding import check, is_medical
from training_analyzer.analysis.rules import fire, holds
from training_analyzer.analysis.week import WeekInput
from training_analyzer.domain.insight import Fact

Athlete = Callable[..., WeekInput]
WEEK = (0, 60, 0, 80, 0, 120, 40)
NOTHING = (0,) * 7
EVERY_DAY = (60, 60, 60, 80, 60, 120, 40)


def ids(given: WeekInput) -> list[str]:
    return [rule.id for rule in week_context(given).rules]


@pytest.mark.parametrize(
    ("weeks", "rule"),
    [
        ([WEEK] * 18 + [(0, 120, 0, 160, 0, 240, 80)], "load_spike"),
        ([WEEK] * 18 + [(0, 80, 0, 100, 0, 140, 50)], "load_up"),
        ([WEEK] * 18 + [(0, 30, 0, 40, 0, 60, 20)], "load_down"),
        ([WEEK] * 18 + [(100, 100, 100, 100, 100, 150, 100)], "ramp_high"),
        ([WEEK] * 18 + [(80, 60, 60, 80, 60, 120, 100)], "ramp_brisk"),
        ([WEEK] * 18 + [[load * 1.3 for load in WEEK]] * 5, "fitness_gain"),
        ([WEEK] * 18 + [[load * 0.5 for load in WEEK]] * 5, "fitness_loss"),
        ([WEEK] * 18 + [(0, 0, 0, 200, 200, 200, 100)], "form_very_negative"),
        ([WEEK] * 18 + [(0, 60, 0, 80, 0, 160, 0)], "form_productive"),
        ([[150] * 7] * 12 + [(0, 0, 20, 0, 0, 0, 0)], "form_very_fresh"),
        ([WEEK] * 18 + [(0, 20, 0, 20, 0, 20, 0)], "form_fresh"),
        ([WEEK] * 18 + [NOTHING] * 4 + [WEEK], "back_after_break"),
        ([WEEK] * 18 + [NOTHING], "inactive"),
        ([WEEK] * 18 + [NOTHING] * 6, "long_inactive"),
        ([WEEK] * 18 + [EVERY_DAY], "no_rest_day"),
        ([WEEK] * 18 + [(0, 50, 0, 50, 0, 250, 0)], "one_long_session"),
        ([WEEK] * 2, "short_history"),
        ([WEEK] * 18, "like_the_weeks_before"),
        ([WEEK] * 2, "nothing_to_compare"),
        ([NOTHING] * 2, "nothing_recorded"),
    ],
)
def test_it_speaks_when_it_should(athlete: Athlete, weeks: list[list[float]], rule: str) -> None:
    assert rule in ids(athlete(*weeks))


def test_harder_hours_are_told_from_more_hours(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 18, [load * 1.5 for load in WEEK])
    assert "harder_hours" not in ids(given)
    facts = (
        Fact(id="intensity_week", label="load per hour", value=75),
        Fact(id="intensity_usual", label="load per hour before", value=60),
        Fact(id="intensity_change", label="change", value=25, unit="%", direction="up"),
        Fact(id="time_week", label="time", value=5, unit="h", decimals=1),
    )
    assert [rule.id for rule in fire(facts)] == ["harder_hours"]


def test_estimates_are_a_caveat(athlete: Athlete) -> None:
    given = athlete(*[WEEK] * 18, estimated=18)
    assert ids(given)[-1] == "mostly_estimated"
    assert len(rules_draft(week_context(given)).caveats) == 1


def test_the_gravest_comes_first_and_each_topic_once(spike: WeekInput) -> None:
    fired = week_context(spike).rules
    assert [rule.severity for rule in fired] == ["warning", "warning", "warning", "notice"]
    topics = [BY_ID[rule.id].topic for rule in fired]
    assert len(topics) == len(set(topics))


def test_a_young_record_is_no_news(athlete: Athlete) -> None:
    """Fitness that starts at nothing rises fast, whatever the training."""
    assert not {"ramp_high", "ramp_brisk"} & set(ids(athlete(*[WEEK] * 3)))


def test_a_rule_needs_every_fact_that_it_mentions() -> None:
    rule = Rule(
        id="r", topic="t", severity="info", when=(When("a", at_least=1),), headline="H", text="{a} and {b}"
    )
    known = Fact(id="a", label="a", value=2)
    assert not holds(rule, {"a": known})
    assert holds(rule, {"a": known, "b": Fact(id="b", label="b", value=1)})


def test_every_rule_names_its_source_and_keeps_its_place() -> None:
    everything = (*RULES, *QUIET)
    assert len({rule.id for rule in everything}) == len(everything)
    for rule in everything:
        assert rule.source
        assert not is_medical(f"{rule.headline} {rule.text} {rule.advice}"), rule.id
        assert not re.search(r"[0-9!]", f"{rule.headline} {rule.text} {rule.advice}"), rule.id


loads = st.one_of(st.just(0.0), st.floats(1, 400))
weeks_of_loads = st.lists(st.lists(loads, min_size=7, max_size=7), min_size=1, max_size=14)


@settings(max_examples=100, deadline=None)
@generated(weeks=weeks_of_loads, estimated=st.integers(0, 20))
def test_what_the_rules_say_always_holds(
    weeks: list[list[float]], estimated: int, module_athlete: Athlete
) -> None:
    """The same check that a model's reply must pass, for any training at all."""
    context = week_context(module_athlete(*weeks, estimated=estimated))
    draft = rules_draft(context)
    assert check(draft.model_dump_json(), context) == draft
    assert isinstance(draft, Draft)
    assert draft.observations
