"""The facts that answer a question: those of the topics that it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from training_analyzer.analysis.facts.making import TIMED, effort
from training_analyzer.analysis.facts.month import MONTH_DAYS, month_facts
from training_analyzer.analysis.facts.state import state_facts
from training_analyzer.analysis.facts.week import RECORD_DAYS, week_facts
from training_analyzer.analysis.training import Best, Training
from training_analyzer.domain.insight import Fact

ALWAYS: Final = ("history_days", "estimated_share", "sessions_covered", "sessions_known", "load_covered")
GENERAL: Final = (
    *("load_week", "load_usual", "load_change", "time_week", "sessions_week", "fitness", "fitness_change"),
    *("fitness_change_month", "fatigue", "form", "form_usual", "rest_days", "easy_share_month", "load_month"),
)
"""For a question about nothing in particular."""

_RUNNING: Final = tuple(f"{best}_{when}" for best in TIMED for when in ("month", "before"))
_RIDING: Final = tuple(f"{best}_{when}" for best in Best if best not in TIMED for when in ("month", "before"))
_NEAR_THRESHOLD: Final = tuple(fact_id for fact_id in _RIDING if "_5min" not in fact_id)
"""A threshold moves with the best of 20 and 60 minutes."""
OF_TOPIC: Final[Mapping[str, tuple[str, ...]]] = {
    "fitness": ("fitness", "fitness_change", "fitness_change_month", "fitness_of_peak", "load_month_change"),
    "form": (
        *("form", "form_usual", "form_change", "fatigue", "fatigue_change", "fitness"),
        *("form_lower_share", "form_lowest"),
    ),
    "rest": (
        "rest_days",
        "rest_days_usual",
        "days_without_rest",
        "form",
        "form_usual",
        "days_to_regular_form",
    ),
    "load": (
        "load_week",
        "load_usual",
        "load_change",
        "load_month",
        "load_month_before",
        "load_month_change",
    ),
    "much": ("time_week", "time_usual", "time_change", "sessions_week", "time_month", "sessions_month"),
    "intensity": (
        *("easy_share", "moderate_share", "hard_share", "easy_share_month", "moderate_share_month"),
        *("hard_share_month", "intensity_change", "hard_days", "monotony"),
    ),
    "rhythm": ("sessions_month", "regular_weeks", "longest_gap", "rest_days", "days_since_last"),
    "endurance": (
        "decoupling_month",
        "decoupling_month_before",
        "decoupling_month_change",
        "efficiency_month_change",
    ),
    "record": (*_RIDING, *_RUNNING),
    "last": ("days_since_last", "sessions_week", "time_week", "load_week"),
    "longest": ("longest_month", "longest_month_change", "sessions_month", "longest_week", "long_run"),
    "ready": (
        *("fitness", "fitness_of_peak", "fitness_change_month", "form", "form_usual", "longest_month"),
        *("load_month", "sessions_month", "long_run", "run_distance_month", "ride_distance_month"),
    ),
    "power": (*_NEAR_THRESHOLD, "threshold_age"),
    "pace": (*_RUNNING, "run_distance_month"),
    "run": (
        "run_distance",
        "run_distance_change",
        "run_distance_month",
        "run_distance_month_change",
        "long_run",
    ),
    "ride": ("ride_distance", "ride_distance_change", "ride_distance_month", "ride_distance_month_change"),
    "swim": ("swim_distance", "swim_distance_change", "swim_distance_month", "swim_distance_month_change"),
}
MAX_FACTS: Final = 26
OF_A_RECORD: Final = ("best_", "record_")


def all_facts(given: Training) -> dict[str, Fact]:
    """Return everything that is known, by id. A record is that of the month: there is one gain."""
    of_the_week = (fact for fact in week_facts(given) if not fact.id.startswith(OF_A_RECORD))
    known: dict[str, Fact] = {}
    for fact in (*of_the_week, *state_facts(given), *month_facts(given), *_bests(given)):
        known.setdefault(fact.id, fact)
    return known


def _bests(given: Training) -> Iterator[Fact]:
    """Yield the best of four weeks beside the best of the half year before them, where both are known."""
    for best in Best:
        now, before = (
            [session.bests[best] for session in some if best in session.bests]
            for some in (given.last(MONTH_DAYS), given.last(RECORD_DAYS, ago=MONTH_DAYS))
        )
        if now and before:
            pick = min if best in TIMED else max
            yield effort(f"{best}_month", best, pick(now))
            yield effort(f"{best}_before", best, pick(before))


def question_facts(
    known: Mapping[str, Fact], topics: Sequence[str], spoken: Iterable[str]
) -> tuple[Fact, ...]:
    """Return the facts that the fired rules speak of, then those of the topics; not too many."""
    wanted = [*spoken, *(fact_id for topic in topics for fact_id in OF_TOPIC.get(topic, ()))]
    if "record" in topics:
        wanted += [fact_id for fact_id in known if fact_id.startswith(OF_A_RECORD)]
    if not topics:
        wanted += GENERAL
    chosen = list(dict.fromkeys(fact_id for fact_id in wanted if fact_id in known))[:MAX_FACTS]
    chosen += [fact_id for fact_id in ALWAYS if fact_id in known and fact_id not in chosen]
    return tuple(known[fact_id] for fact_id in chosen)
