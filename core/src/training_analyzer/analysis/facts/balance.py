"""The facts of fitness, fatigue and form on one day, beside the athlete's own past."""

from collections.abc import Iterator

from training_analyzer.analysis.facts.making import number, points
from training_analyzer.analysis.training import BEFORE_DAYS, COMPARED_DAYS, WEEK_DAYS, Role, Training
from training_analyzer.domain.insight import Fact

SETTLED_DAYS = 84
"""Fitness begins at nothing and follows with a time constant of six weeks: until two of them have passed,
it rises because the record is young, which says nothing about training."""
PEAK_DAYS = 180
MIN_PEAK = 10.0


def fitness_facts(given: Training) -> Iterator[Fact]:
    fitness, fatigue = given.value(Role.FITNESS), given.value(Role.FATIGUE)
    if fitness is not None:
        yield number("fitness", fitness)
        for fact_id, ago in (("fitness_change", WEEK_DAYS), ("fitness_change_month", BEFORE_DAYS)):
            earlier = given.value(Role.FITNESS, ago=ago)
            if earlier is not None and given.knows(SETTLED_DAYS + ago - WEEK_DAYS):
                yield points(fact_id, fitness, earlier)
        yield from _peak(given, fitness)
    if fatigue is not None:
        yield number("fatigue", fatigue)
        earlier = given.value(Role.FATIGUE, ago=WEEK_DAYS)
        if earlier is not None and given.knows(COMPARED_DAYS):
            yield points("fatigue_change", fatigue, earlier)


def _peak(given: Training, fitness: float) -> Iterator[Fact]:
    """Yield how much of the highest fitness of half a year is left, where half a year is known."""
    past = given.known_values(Role.FITNESS, PEAK_DAYS)
    if given.knows(PEAK_DAYS) and past.size and float(past.max()) >= MIN_PEAK:
        yield number("fitness_of_peak", 100 * fitness / float(past.max()), "%")


def form_facts(given: Training) -> Iterator[Fact]:
    form = given.form()
    if form is None:
        return
    yield number("form", form)
    before = given.forms(BEFORE_DAYS, ago=WEEK_DAYS)
    if before is not None:
        usual = float(before.mean())
        yield number("form_usual", usual)
        yield points("form_change", form, usual)
