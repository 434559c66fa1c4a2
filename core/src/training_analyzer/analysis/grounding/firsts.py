"""What is the first since somebody came back: the first week, the first rides after a break."""

import re
from typing import Final

from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_FIRST_WEEK: Final = 7.0
_FIRST_DAYS: Final = re.compile(r"\bfirst (?:7 days|seven days|week)\b.*\bbreak\b")
_FIRST_OF: Final = frozenset({"metric:session", "unit:week", "unit:day", "metric:training_day"})


def is_first_since(mention: Mention, scene: Scene) -> bool:
    """As in "The first week back", within a week of the day on which somebody came back."""
    if _is_first_after_a_break(mention, scene) or _is_in_a_label(mention, scene):
        return True
    if "clause:first_week" not in mention.tags or scene.sentence.naming("period"):
        return False
    if _is_back_this_week(scene):
        return True
    since = (r for r in scene.evidence.by_dimension.get("days", ()) if r.role == "now" and not r.derived)
    return any(
        r.values[0] <= _FIRST_WEEK and "since" in r.ids[0].split("_") and _is_of_a_return(r, scene)
        for r in since
    )


def _is_in_a_label(mention: Mention, scene: Scene) -> bool:
    """As in "60 bpm in the first week after the break", of which a fact is."""
    if "clause:first_week" not in mention.tags or not scene.sentence.has("clause:break"):
        return False
    said = {fact_id for readings in scene.said.values() for reading in readings for fact_id in reading.ids}
    return any(_FIRST_DAYS.search(scene.evidence.facts[fact_id].label) for fact_id in said)


def _is_first_after_a_break(mention: Mention, scene: Scene) -> bool:
    """As in "Die ersten Fahrten nach der Pause"; of one session no fact says "das war die erste Fahrt"."""
    sentence, facts = scene.sentence, scene.evidence.facts
    after = any("role:usual" not in m.tags for m in sentence.tagged("clause:break"))
    if "break_days" not in facts or not (after or any(q.fact == "break_days" for q in sentence.quantities)):
        return False
    if "days_since_previous" in facts and sentence.has_before(mention.at, "clause:this_is"):
        return False
    of = sentence.starting.get(mention.end)
    counted = any(q.at == mention.end and q.fact for q in sentence.quantities)
    return counted or (of is not None and bool(of.tags & _FIRST_OF))


def _is_back_this_week(scene: Scene) -> bool:
    """Return whether a break is over, and the week before still had no training."""
    before = scene.evidence.facts.get("load_week_ago")
    return "break_days" in scene.evidence.facts and before is not None and before.value == 0


def _is_of_a_return(reading: Reading, scene: Scene) -> bool:
    label = scene.evidence.facts[reading.ids[0]].label
    return "break" in label
