"""Of which time or what a number is that a phrase holds: "{form_lower_share} of the days of this month"."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene

_OF_ANOTHER: Final = {"of_the_block": "lightest_week_share", "of_other_days": "form_lower_share"}
"""Which fact is no share of what the words say: it is of the other weeks, of half a year."""
WORDS: Final = frozenset({"of_the_week", "of_the_month", "of_an_hour", "usual_beside_usual", *_OF_ANOTHER})
_MONTHS: Final = ("_month", "_month_before")
_WEEKS: Final = ("_week", "_week_ago")


def judge(found: Found, _running: Running, scene: Scene) -> str:
    """As in "The last seven days held {sessions_month}": that many were in four weeks."""
    told = (fact for q, fact in placeholders(scene) if found.at <= q.at < found.end and fact.role != "change")
    wrong = next((fact for fact in told if _is_of_another(found.key, fact)), None)
    return f"{wrong.ids[0]} is of something else" if wrong is not None else ""


def _is_of_another(said: str, fact: Reading) -> bool:
    own = fact.ids[0]
    match said:
        case "of_the_week":
            return own.endswith(_MONTHS)
        case "of_the_month":
            return own.endswith(_WEEKS)
        case "of_an_hour":
            return "load" in fact.concepts and "intensity" not in fact.concepts
        case "usual_beside_usual":
            return own.endswith("_usual")
        case _:
            return own == _OF_ANOTHER[said]
