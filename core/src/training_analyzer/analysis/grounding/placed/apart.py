"""Whether a placeholder says how far two things are apart, and whether it is of these two."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.naming import is_weak
from training_analyzer.analysis.grounding.placed.beside import claimed_by
from training_analyzer.analysis.grounding.placed.telling import (
    BY_HOW_MUCH,
    GENERAL,
    is_copula,
    parted,
    says_how_far,
    way_behind,
)
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import NEAR

_AT: Final = ("role:at", "role:to")
_BESIDE: Final = frozenset("(:/")
_LONG: Final = frozenset({"time", "distance", "longest"})
"""What may be longer or shorter."""
_HEAVY: Final = frozenset({"load", "intensity", "strain"})
"""What may be harder or easier."""
_ALIKE: Final = {"time": _LONG, "load": _HEAVY, "intensity": _HEAVY}
_INTENSITY: Final = frozenset({"intensity"})
_VERB: Final = 2
"""Words between a number and its change: "{long_run} lang, {long_run_change} weiter"."""
_WEEK, _ALIKE_DAYS = 7.0, 3.0
_VAGUE: Final = GENERAL | {"training_day", "streak", "easy", "hard", "moderate"}
_NO: Final = frozenset[str]()


Told = Sequence[tuple[Quantity, Reading]]


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    if fact.role == "change":
        if _is_level(quantity, scene) or not _tells_of_change(quantity, scene):
            return "is how far something has changed, and nothing says so"
        if other := _said_to_be_apart(quantity, fact, scene):
            return f"says how far {what(other)} is apart, but is of {what(fact.concepts)}"
        if owner := _its_owner(quantity, fact, scene):
            return f"follows {owner}, but is a change of {fact.stem}"
        if _happened_within_another_span(quantity, fact, scene):
            return "is said to have happened within another span of time"
        return _unlike_its_reference(quantity, fact, scene)
    if _is_told_as_change(quantity, fact, scene):
        return "says how far two things are apart, but is how one of them is"
    return _unlike_its_change(quantity, fact, scene)


def _is_told_as_change(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    if not says_how_far(quantity, scene):
        return False
    if "decoupling" in fact.concepts and fact.dimension == "percent":
        return False  # "a heartbeat gave {session_decoupling} less": that is what it is
    way = way_behind(quantity, scene)
    if way is not None and "clause:quantifier" in way.tags and _asked_by(way, scene):
        return True  # "with {load_week} less load than usual"
    if scene.sentence.has_before(quantity.at, *_AT):
        return False  # "at {load_week} higher than usual"
    if fact.dimension == "days" and way is not None and not (way.keys("comparison") or way.keys("implied")):
        return False  # "a gap of {longest_gap} lowered the load"
    return not (scene.sentence.has_before(quantity.at, "article:of") and claimed_by(quantity, scene))


def _is_level(quantity: Quantity, scene: Scene) -> bool:
    """As in "Form is at {form}", "with a load of {load_week}", and no "at {load_change} above"."""
    if way_behind(quantity, scene) is not None:
        return False
    ahead = scene.sentence.ending.get(quantity.at)
    if ahead is None or "clause:only" in ahead.tags:
        return _is_what_something_is(quantity.at if ahead is None else ahead.at, scene)
    if not ahead.tags.isdisjoint((*_AT, "role:now")):
        return True
    of = scene.sentence.ending.get(ahead.at) if "article:of" in ahead.tags else None
    return of is not None and bool(scene.metrics_in(of)) and not of.keys("direction")


def _is_what_something_is(at: int, scene: Scene) -> bool:
    """As in "Form is {form}", "fatigue is only {fatigue}"."""
    sentence = scene.sentence
    named = sentence.ending.get(at - 1)
    return named is not None and bool(scene.metrics_in(named)) and is_copula(at - 1, scene)


def _tells_of_change(quantity: Quantity, scene: Scene) -> bool:
    """As in "{load_change} above the usual", "rose by {form_change}", "a gain of {record_gain}"."""
    sentence = scene.sentence
    if says_how_far(quantity, scene):
        return True
    if any(sentence.together(m.at, quantity.at) for m in sentence.tagged("role:by")):
        return True
    if quantity.at and sentence.tokens[quantity.at - 1].word in _BESIDE:
        return True
    if _is_told_as_the_one_before(quantity, scene):
        return True
    places = [q.at for q, other in placeholders(scene) if other.role != "change"]
    return any(
        sentence.together(m.at, quantity.at)
        and (m.keys("direction") or m.keys("comparison") or m.keys("implied") or "role:versus" in m.tags)
        and 0 <= (quantity.at - m.end if m.end <= quantity.at else m.at - quantity.end) <= NEAR
        and not any(min(m.at, quantity.at) < at < max(m.at, quantity.at) for at in places)
        for m in sentence.mentions
    )


def _is_told_as_the_one_before(quantity: Quantity, scene: Scene) -> bool:
    """As in "Time was {time_change} below your average, load only {load_change}": the first tells the way."""
    ahead = scene.sentence.ending.get(quantity.at)
    told = list(placeholders(scene))
    at = next(i for i, (q, _) in enumerate(told) if q is quantity)
    if not at or ahead is None:
        return False
    (one, before), (_, fact) = told[at - 1], told[at]
    if before.role != "change" or before.direction != fact.direction:
        return False
    if "clause:only" in ahead.tags:
        return says_how_far(one, scene)
    joined = "clause:and" in ahead.tags and before.stem == fact.stem
    return joined and _tells_of_change(one, scene)  # "down {fitness_change} in a week and {…} in four"


def _happened_within_another_span(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    """As in "Fitness rose by {fitness_change_month} within the week"."""
    sentence = scene.sentence
    withins = sentence.tagged("clause:within")
    others = [q.at for q, other in placeholders(scene) if other.role == "change" and q.at > quantity.at]
    for within in withins:
        if any(at < within.at for at in others):
            continue  # "lost {fitness_change} in a week and {fitness_change_month} in four weeks"
        parted = (token.word == "," for token in sentence.tokens[within.at : quantity.at])
        if "article:of" in within.tags or any(parted) or not sentence.together(within.at, quantity.at):
            continue
        if any(quantity.end <= m.at < within.at for m in sentence.naming("habit")):
            continue  # "{load_change} above what you usually do in a week"
        span = next((q for q in sentence.quantities if q.at == within.end and q.dimension == "days"), None)
        units = (sentence.starting.get(at) for at in (within.end, within.end + 1))
        week = next((m for m in units if m is not None and "unit:week" in m.tags), None)
        end = span.end if span is not None else week.end if week is not None else None
        if end is None:
            continue
        days = span.meanings[0].value if span is not None else _WEEK
        if fact.against and all(abs(days - other) > _ALIKE_DAYS for other in fact.against):
            return True
    return False


def _said_to_be_apart(quantity: Quantity, fact: Reading, scene: Scene) -> frozenset[str]:
    """As in "{session_load_change} longer", "{time_change} less load": what is, if it is not of the fact."""
    way = way_behind(quantity, scene)
    if "intensity" in fact.concepts and scene.sentence.has("clause:rate"):
        return _NO  # "longer than usual, but each hour carried {session_intensity_change} less"
    asked = _asked_by(way, scene) if way is not None else _NO
    asked = asked or _spoken_of_in_clause(quantity, scene)
    return asked if asked.isdisjoint(fact.concepts) else _NO


def _its_owner(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "{long_run}, {run_distance_change} further": the long run, which has a change of its own."""
    told, tokens = placeholders(scene), scene.sentence.tokens
    ahead = next(((q, f) for q, f in told if q.end <= quantity.at <= q.end + _VERB), None)
    if ahead is None or way_behind(quantity, scene) is None:
        return ""
    one, other = ahead
    if all(token.word != "," for token in tokens[one.end : quantity.at]):
        return ""
    if other.role != "now" or other.stem == fact.stem or other.concepts.isdisjoint(fact.concepts):
        return ""
    changes = (r for r in scene.evidence.of(other.concepts) if r.role == "change" and not r.derived)
    return other.stem if any(change.stem == other.stem for change in changes) else ""


def _asked_by(way: Mention, scene: Scene) -> frozenset[str]:
    behind = scene.sentence.starting.get(way.end)
    named = scene.metrics_in(behind) - _VAGUE if behind is not None and not is_weak(behind) else _NO
    if named:
        return named | _INTENSITY if scene.sentence.has("clause:rate") else named  # "less load per hour"
    keys = {key.partition(".")[0] for key in way.keys("implied")}
    return _NO.union(*(_ALIKE.get(key, frozenset({key})) for key in keys))


def _spoken_of_in_clause(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """
    Return of what the words and the other placeholders of the clause are.

    As in "A lighter week, {load_change} below usual, let fatigue drop to {fatigue}": of load, too.
    """
    sentence = scene.sentence
    told = (
        fact.concepts
        for q, fact in placeholders(scene)
        if q is not quantity and sentence.together(q.at, quantity.at)
    )
    named = (scene.metrics_in(m) for m in sentence.naming("metric") if sentence.together(m.at, quantity.at))
    implied = (m for m in sentence.naming("implied") if sentence.together(m.at, quantity.at))
    meant = (key.partition(".")[0] for m in implied for key in m.keys("implied"))
    spoken = _NO.union(*told, *named) - _VAGUE
    return spoken.union(*(_ALIKE.get(key, frozenset({key})) for key in meant)) if spoken else _NO


def _unlike_its_reference(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "{session_time_change} above your usual {session_load_usual}"."""
    way = way_behind(quantity, scene)
    if way is None:
        return ""
    behind = next(((q, other) for q, other in placeholders(scene) if q.at >= way.end), None)
    if behind is None or behind[0].at - way.end > NEAR or parted(way.end, behind[0].at, scene):
        return ""
    other = behind[1]
    if other.role in BY_HOW_MUCH or other.stem == fact.stem:
        return ""
    return f"is of {fact.stem}, but is held against {other.stem}"


def _unlike_its_change(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "At {session_load}, it was {session_time_change} longer", "by {form_change} to {fitness}"."""
    sentence = scene.sentence
    told = list(placeholders(scene))
    for (one, first), (other, second) in pairwise(told):
        if fact not in (first, second):
            continue
        its, change = (other, second) if first is fact else (one, first)
        if second is fact and _are_from_and_to(one, other, scene) and first.stem != fact.stem:
            return f"is of {fact.stem}, but comes from what is of {first.stem}"
        if change.role != "change" or not says_how_far(its, scene) or change.stem == fact.stem:
            continue
        at = sentence.has_before(quantity.at, *_AT) and not sentence.has_at(quantity.end, "article:of")
        if at and _go_together(one, other, scene):
            return f"is of {fact.stem}, but is told with a change of {change.stem}"
    return ""


def _are_from_and_to(one: Quantity, other: Quantity, scene: Scene) -> bool:
    """As in "From {time_month_before} to {time_month}"."""
    sentence = scene.sentence
    return (
        sentence.has_before(one.at, "role:from", "role:versus")
        and sentence.has_before(other.at, "role:to")
        and other.at - one.end == 1
    )


def _go_together(one: Quantity, other: Quantity, scene: Scene) -> bool:
    """As in "At {session_time}, it was {session_time_change} longer": no other metric is named between."""
    sentence = scene.sentence
    if not sentence.together(one.at, other.at) or any(
        one.end <= m.at < other.at
        and (scene.metrics_in(m) - _VAGUE or "metric:share" in m.tags)
        and not is_weak(m)
        for m in sentence.naming("metric")
    ):
        return False
    marks = sum(token.kind == "mark" for token in sentence.tokens[one.end : other.at])
    told = sentence.has_before(one.at, "role:to")  # "kamen auf {time_week}, {time_change} weniger"
    fronted = told or sentence.begins(sentence.ending[one.at].at) if one.at in sentence.ending else False
    return not marks or (marks == 1 and (fronted or _comes_to(other, scene)))


def _comes_to(quantity: Quantity, scene: Scene) -> bool:
    """As in "{fitness_change} lower than a week ago, at {fitness}", and no ", with {easy_share} easy"."""
    ahead = scene.sentence.ending.get(quantity.at)
    return ahead is not None and "clause:hanging" not in ahead.tags and not ahead.tags.isdisjoint(_AT)
