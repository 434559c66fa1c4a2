"""The facts of the state of training on one day: load, fitness and form beside the athlete's own past."""

import math
from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from training_analyzer.analysis.facts.balance import fitness_facts, form_facts
from training_analyzer.analysis.facts.making import number, percent
from training_analyzer.analysis.facts.week import (
    break_facts,
    hard_days,
    load_facts,
    quality_facts,
    volume_facts,
)
from training_analyzer.analysis.training import BEFORE_DAYS, COMPARED_DAYS, WEEK_DAYS, Role, Training
from training_analyzer.domain.insight import Fact

HALF_YEAR_DAYS = 182
STRAIN_DAYS = 56
MIN_STRAIN = 50.0
FITNESS_DAYS, FATIGUE_DAYS = 42, 7
REGULAR_FORM = -10.0
"""From here on up, form is in the range of regular training (see the rule `form_productive`)."""
LOOK_AHEAD_DAYS = 21
REST_LOOKED_BACK_DAYS = 28


def state_facts(given: Training) -> tuple[Fact, ...]:
    """Return the facts of the athlete's state in a fixed order."""
    return (
        *fitness_facts(given),
        *form_facts(given),
        *_form_in_the_past(given),
        *_recovery(given),
        *load_facts(given),
        *volume_facts(given),
        *break_facts(given),
        *_ratio(given),
        *_rest(given),
        *quality_facts(given, COMPARED_DAYS),
    )


def _form_in_the_past(given: Training) -> Iterator[Fact]:
    past, form = given.known_forms(HALF_YEAR_DAYS), given.form()
    if form is not None and given.knows(HALF_YEAR_DAYS) and past.size:
        yield number("form_lowest", float(past.min()))
        yield number("form_lower_share", 100 * float(np.mean(past < form)), "%")


def _recovery(given: Training) -> Iterator[Fact]:
    """
    Yield how many days without training would bring form back to the range of regular training.

    By the usual averages over 42 and 7 days, as e^(-1/n); another metrics plugin may average a
    little differently, which shifts this by less than a day.
    """
    fitness, fatigue = given.value(Role.FITNESS), given.value(Role.FATIGUE)
    if fitness is None or fatigue is None or fitness - fatigue >= REGULAR_FORM:
        return
    for days in range(1, LOOK_AHEAD_DAYS + 1):
        ahead = fitness * math.exp(-days / FITNESS_DAYS) - fatigue * math.exp(-days / FATIGUE_DAYS)
        if ahead >= REGULAR_FORM:
            yield number("days_to_regular_form", days, "days")
            return


def _ratio(given: Training) -> Iterator[Fact]:
    ratio = given.value(Role.LOAD_RATIO)
    if ratio is not None:
        yield number("load_ratio", ratio, decimals=1)
    monotony = given.value(Role.MONOTONY)
    if monotony is not None and len(given.last(WEEK_DAYS)) >= WEEK_DAYS // 2:
        yield number("monotony", monotony, decimals=1)
    strain, before = given.value(Role.STRAIN), given.known_values(Role.STRAIN, STRAIN_DAYS, ago=WEEK_DAYS)
    if strain is not None and before.size >= BEFORE_DAYS and float(before.mean()) >= MIN_STRAIN:
        yield percent("strain_change", strain, float(before.mean()))


def _rest(given: Training) -> Iterator[Fact]:
    days = {session.local_date for session in given.last(REST_LOOKED_BACK_DAYS)}
    since_last = given.days_since_last()
    if since_last is not None:
        yield number("days_since_last", since_last, "days")
    looked_back = min(given.history_days, REST_LOOKED_BACK_DAYS)
    since = next(
        (ago for ago in range(looked_back) if given.last_day - timedelta(ago) not in days), looked_back
    )
    if given.history_days > WEEK_DAYS:
        yield number("days_without_rest", since, "days")
    hard = hard_days(given, WEEK_DAYS)
    if hard is not None:
        yield number("hard_days", len(hard), "hard days")
