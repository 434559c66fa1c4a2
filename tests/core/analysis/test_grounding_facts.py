"""What the numbers of a rule may be said of, and which facts are those that others are compared with."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.analysis.grounding.readings import role_of
from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.domain.insight import Fact, FiredRule
from training_analyzer.domain.sport import Sport


def a_fact(fact_id: str, value: float = 1.0, unit: str = "") -> Fact:
    return Fact(id=fact_id, label=ENGLISH.facts[fact_id], value=value, unit=unit)


def a_rule(rule_id: str) -> FiredRule:
    said = ENGLISH.rules[rule_id]
    return FiredRule(id=rule_id, version=1, severity="info", text=said.text, advice=said.advice, facts=())


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("no_rest_day", "You took one rest day this week."),
        ("no_rest_day", "Only one session this week."),
        ("no_rest_day", "Your fitness is one."),
        ("month_gap", "Fitness is 3."),
        ("month_gap", "You did 2 sessions this week."),
        ("month_gap", "You did 3 sessions this week."),
        ("load_keeps_falling", "You trained two days this week."),
        ("answer_endurance", "You did 5 sessions this week."),
        ("answer_endurance", "Only 5% of the time was hard."),
        ("answer_endurance", "Fitness is 5% higher."),
    ],
)
def test_a_rules_number_is_free_only_for_what_the_rule_says_it_of(rule: str, text: str) -> None:
    known = (
        a_fact("rest_days", 0, "rest days"),
        a_fact("sessions_week", 7, "sessions"),
        a_fact("fitness", 52),
        a_fact("decoupling_month", 4, "%"),
        a_fact("hard_share", 12, "%"),
    )
    assert verify(text, evidence(known, (a_rule(rule),)))


@pytest.mark.parametrize(
    ("rule", "text", "advice"),
    [
        ("answer_endurance", "Decoupling below 5% is good.", False),
        ("load_keeps_falling", "Fix two days a week for training.", True),
        ("no_rest_day", "Put one rest day into the coming days.", True),
    ],
)
def test_what_a_rule_says_may_be_said(rule: str, text: str, advice: bool) -> None:
    known = (
        a_fact("decoupling_month", 4, "%"),
        a_fact("load_week", 200),
        a_fact("rest_days", 0, "rest days"),
    )
    assert verify(text, evidence(known, (a_rule(rule),)), advice=advice) == []


def test_what_others_are_compared_with_is_told_by_ids() -> None:
    """A label that says "usual" or "before" may be of what is now: "far more load than a usual day"."""
    roles = {fact_id: role_of(a_fact(fact_id)) for fact_id in ENGLISH.facts}
    assert {fact_id for fact_id, role in roles.items() if role == "usual"} == {
        "best_power_20min_before",
        "best_power_5min_before",
        "best_power_60min_before",
        "best_run_10k_before",
        "best_run_5k_before",
        "best_run_half_before",
        "decoupling_month_before",
        "easy_share_month_before",
        "easy_share_usual",
        "form_usual",
        "intensity_usual",
        "load_month_before",
        "load_usual",
        "load_week_ago",
        "long_run_before",
        "longest_before",
        "power_20min_before",
        "power_5min_before",
        "power_60min_before",
        "rest_days_usual",
        "run_10k_before",
        "run_5k_before",
        "run_half_before",
        "session_decoupling_usual",
        "session_load_usual",
        "session_time_usual",
        "sessions_before",
        "sessions_compared",
        "sessions_month_before",
        "time_month_before",
        "time_usual",
    }
    assert {fact_id for fact_id, role in roles.items() if role == "change"} == {
        "decoupling_month_change",
        "efficiency_month_change",
        "fatigue_change",
        "fitness_change",
        "fitness_change_month",
        "form_change",
        "intensity_change",
        "load_change",
        "load_month_change",
        "long_run_change",
        "longest_change",
        "longest_month_change",
        "record_gain",
        "ride_distance_change",
        "ride_distance_month_change",
        "run_distance_change",
        "run_distance_month_change",
        "session_decoupling_change",
        "session_efficiency_change",
        "session_intensity_change",
        "session_load_change",
        "session_time_change",
        "strain_change",
        "swim_distance_change",
        "swim_distance_month_change",
        "time_change",
        "time_month_change",
    }


@pytest.mark.parametrize(
    ("text", "holds"),
    [("The load of your rides was {load_week}.", True), ("The load of your runs was {load_week}.", False)],
)
def test_a_session_is_called_by_the_sport_of_all_of_them(text: str, holds: bool) -> None:
    known = [a_fact("load_week", 120)]
    assert (verify(text, evidence(known, sport=Sport.RIDE)) == []) is holds
    assert verify(text, evidence(known)) != []
