"""Whether a number is said to be of the span of time that the fact is of."""

import re
from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.misfits.beside import has_earlier, has_now
from training_analyzer.analysis.grounding.misfits.prices import SOME, TOO_MUCH
from training_analyzer.analysis.grounding.misfits.spans import LONG, ONE_WEEK, overlap
from training_analyzer.analysis.grounding.sayable import AVERAGING, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import EVENTS, NEAR

_SPANS: Final = frozenset({"day", "week", "month", "year"})
_SINCE_A_BREAK: Final = re.compile(r"\bsince the .*\bbreak\b")
_LAST: Final = frozenset({"yesterday", "morning"})
_OF_ONE_MONTH: Final = re.compile(r"\bof the month before\b")
_DATED: Final = _LAST | EVENTS

_LASTING: Final = frozenset({"fitness", "fatigue", "form", "weight", "threshold_power", "vo2max"})
"""What is so on a day, and changes over a span."""


def of_period(reading: Reading, words: Around, scene: Scene) -> float:
    long = words.spans & LONG
    if long and reading.days and not overlap(reading.days, long) and reading.role != "part":
        return TOO_MUCH
    if reading.role == "change" and _is_a_change_of_another_span(reading, words, scene):
        return TOO_MUCH
    if _is_of_another_span(reading, words, scene) or _is_since_another_day(reading, words, scene):
        return TOO_MUCH
    if _is_of_a_longer_time(reading, words, scene):
        return TOO_MUCH
    if _is_of_a_week_against_more(reading, words, scene):
        return 0.0
    spanning = reading.role != "part" and reading.dimension != "times" and not words.reaching
    if spanning and words.windows and reading.days and not overlap(reading.days, words.windows):
        return TOO_MUCH if words.close_windows and not overlap(reading.days, words.close_windows) else 1.0
    dated = spanning and not reading.days and (reading.concepts | reading.things) & _DATED
    if dated and words.close_windows:
        return TOO_MUCH if _is_of_a_night(reading, words, scene) or _is_of_an_event(reading, scene) else 0.0
    return 0.0


def _is_of_a_week_against_more(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "The week's load sits 54 % above your usual": the change is of the week, against four others."""
    if reading.role != "change" or reading.concepts & _LASTING or not (words.compared or words.changing):
        return False
    return any(
        other.role == "now" and other.stem == reading.stem and overlap(other.days, words.windows)
        for other in scene.evidence.of(reading.concepts)
        if not other.derived and other.concepts >= reading.concepts
    )


def _is_a_change_of_another_span(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Up 31 % on last week", "than four weeks ago", where that is against another span."""
    days = scene.evidence.by_id[reading.ids[-1]].days if reading.derived else reading.days
    if words.versus and days and not overlap(days, words.versus):
        return True
    if reading.against and _is_against_another(reading, words.versus_span):
        return True
    return bool(words.ago and reading.days) and not overlap(reading.days, words.ago)


def of_past(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what was once, "last week", apart from what is usual."""
    if reading.role in ("change", "part") and reading.against and words.against == "past":
        spans = {
            float(key)
            for m in scene.sentence.naming("past")
            if scene.sentence.together(m.at, words.quantity.at)
            for key in m.keys("period")
        }
        if spans and not overlap(reading.against, frozenset(spans)):
            return TOO_MUCH  # "up 54 % on last week", where that is against four weeks
    if words.once and not words.habitual and _is_a_mean(reading, scene):
        return TOO_MUCH  # "last week's 418", where that is the average of four
    if not reading.earlier:
        mistaken = reading.role != "now" and words.against == "past" and has_earlier(scene, reading)
        return TOO_MUCH if mistaken else 0.0
    if words.against == "habit" and not _is_usual_of_another(words, scene):
        return TOO_MUCH
    if reading.derived and words.stated.issuperset(reading.ids):
        return 0.0  # "from 410 to 250, a drop of 39 %"
    if reading.role != "usual":
        return 0.0 if words.against else SOME
    said = words.once or words.reference
    return 0.0 if said or not has_now(scene, reading) else TOO_MUCH


def _is_usual_of_another(words: Around, scene: Scene) -> bool:
    """As in "Close to your usual {load_usual} and lighter than the {load_week_ago} before it"."""
    sentence, quantity = scene.sentence, words.quantity
    habits = [m.end for m in sentence.naming("habit") if sentence.together(m.at, quantity.at)]
    others = {q.at for q in sentence.quantities if q is not quantity and q.fact}
    return bool(quantity.fact and habits) and others.issuperset(habits)


def _is_of_a_longer_time(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "You covered 7.6 km", of one swim, where that is what was swum in the week."""
    if reading.role != "now" or reading.derived or not reading.days or _names_a_span(scene):
        return False
    at = words.quantity.at
    if at - 1 in scene.unknown and scene.sentence.has_before(at - 1, "article:of"):
        return False  # "13.8 of the week's 46.2 km"
    return any(
        other.role == "now"
        and not other.derived
        and not other.days
        and other.concepts == reading.concepts
        and other.dimension == reading.dimension
        and scene.evidence.label_of(other).one_activity
        for other in scene.evidence.of(reading.concepts)
    )


def _names_a_span(scene: Scene) -> bool:
    sentence = scene.sentence
    named = sentence.naming("period") or sentence.has("role:now", "clause:overall")
    spans = any(m.keys("unit") & _SPANS for m in sentence.naming("unit"))
    if named or spans or any(q.dimension == "days" for q in sentence.quantities):
        return True
    return scene.before is not None and _names_a_span(scene.before)


def _is_a_mean(reading: Reading, scene: Scene) -> bool:
    """Return whether a fact is the average of more than a week, and of more than "the month before"."""
    label = scene.evidence.facts[reading.ids[0]].label
    if _OF_ONE_MONTH.search(label) and "per week" not in label:
        return False
    if reading.role != "usual" or reading.earlier or reading.derived or reading.days <= {ONE_WEEK}:
        return False
    fact = scene.evidence.facts[reading.ids[0]]
    return bool({*fact.id.split("_"), *fact.label.lower().replace(",", " ").split()} & AVERAGING)


def _is_since_another_day(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Dropped by five beats within the last seven days", where that is since a break ended."""
    if reading.role != "change" or reading.derived or scene.spoken_of("clause:break", "clause:since"):
        return False
    spans = any(now.end - now.at > 1 for now in scene.sentence.tagged("role:now"))  # "the last seven days"
    return bool(words.windows or spans) and bool(
        _SINCE_A_BREAK.search(scene.evidence.facts[reading.ids[0]].label)
    )


def _is_against_another(reading: Reading, span: frozenset[float]) -> bool:
    """As in "22 % lower than in the same month last year", where that is against the month before."""
    return bool(span) and not overlap(frozenset({max(reading.against)}), span)


def _is_of_a_night(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "5.4 hours of sleep over the past week", where that was last night."""
    if reading.derived or not reading.things & _LAST or min(words.windows) <= 1:
        return False
    joins = {"clause:and", "article:and"}  # "two hard days of the last three, and a night of 5.4 hours"
    return not any(0 <= words.quantity.at - m.at <= NEAR and m.tags & joins for m in scene.sentence.mentions)


def _is_of_an_event(reading: Reading, scene: Scene) -> bool:
    """As in "You climbed 4,200 m this week", where that is the ascent of a race to come."""
    return (
        bool((reading.concepts | reading.things) & EVENTS)
        and reading.dimension in ("length", "time")
        and any(r.dimension == "days" and (r.concepts | r.things) & EVENTS for r in scene.evidence.readings)
    )


def _is_of_another_span(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Fitness dropped by 11.7 in this week alone", "FTP went from 240 to 247 W within a week"."""
    if reading.role not in ("change", "usual") or not reading.concepts & _LASTING:
        return False
    sentence = scene.sentence
    within = words.spans == {ONE_WEEK} and any(
        m.end <= week.at <= m.end + 1 or "clause:within" in week.tags
        for week in sentence.naming("period")
        for m in (*sentence.tagged("clause:within"), *sentence.tagged("article:with"))
    )
    other = scene.evidence.by_id[reading.ids[-1]]
    spans = reading.against | reading.days | other.days
    since = bool(spans) or "break" in other.ids[0].split("_")
    return within and since and not overlap(spans, words.spans)
