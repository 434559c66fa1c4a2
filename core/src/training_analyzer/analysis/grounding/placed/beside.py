"""Of what the words right beside a placeholder are, and whether any word names its fact."""

from typing import Final

from training_analyzer.analysis.grounding.called import has_words, is_called
from training_analyzer.analysis.grounding.drifting import is_drift
from training_analyzer.analysis.grounding.measured import IN_ONE_UNIT
from training_analyzer.analysis.grounding.naming import is_weak
from training_analyzer.analysis.grounding.placed.listed import said_in_turn
from training_analyzer.analysis.grounding.placed.telling import (
    BARE,
    BY_HOW_MUCH,
    is_copula,
    own,
    says_how_far,
    spoken,
    told_beside,
)
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE

_TELLING: Final = IN_ONE_UNIT | BARE | {"decoupling", "efficiency", "distance", "elevation"}
"""Metrics that say how they are measured: what stands right beside one of these is of it."""
_JOINING: Final = frozenset(
    {"role:at", "role:to", "role:now", "article:of", "article:the", "article:one", "clause:only"}
)
_COMPARING: Final = frozenset({"role:versus", "clause:equal", "flat:nearly", "article:of"})
_LEVELS: Final = frozenset({"role:at", "role:to"})
_TELLING_NOTHING: Final = frozenset({"", "%"})
"""Units that do not say what is measured."""
_INTENSITY: Final = frozenset({"intensity"})
_EFFICIENCY: Final = frozenset({"efficiency"})
_TIME: Final = frozenset({"time"})
_DESCRIBING: Final = ("direction:up", "direction:down", "direction:flat", "clause:same")
_MEASURED: Final = frozenset({"time", "length", "days"})
"""What has a unit that tells of what it is."""
_VERBS: Final = 2
"""Words of a verb, and what may stand before it: "halten sich mit", "liegen bei"."""
_MARKS: Final = frozenset(":(")
_NO: Final = frozenset[str]()


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """Return of what else a number is said to be; nothing where the words beside it fit."""
    claimed = claimed_by(quantity, scene)
    if claimed and not _is_of(fact, claimed, quantity, scene):
        return f"is said of {what(claimed)}, but is {fact.dimension} of {what(fact.concepts)}"
    lasted = _lasted(quantity, scene) and not _may_have_lasted(fact, quantity, scene)
    if lasted or (_was_taken(quantity, scene) and fact.dimension != "time" and fact.role != "change"):
        return f"is said to be how long something took, but is {what(fact.concepts)}"
    return ""


def claimed_by(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """Return the metric that the words right beside a number name."""
    if is_drift(quantity, scene):
        return _NO  # "output per heartbeat dropped by {session_decoupling}"
    return (
        said_in_turn(quantity, scene)
        or _said_before(quantity, scene)
        or _said_of_two(quantity, scene)
        or _said_right_behind(quantity, scene)
        or _said_ahead(quantity, scene)
        or _said_to_have_come_to(quantity, scene)
    )


def unnamed(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "It was 48": the number says nothing without a word for what it is of."""
    unit = scene.evidence.facts[fact.ids[0]].unit
    if unit in _TELLING_NOTHING and fact.role != "change" and _is_in(quantity, scene):
        return f"is said to be how long, but is {what(fact.concepts)}"
    if has_words(quantity, scene):
        single = "longest" in fact.concepts and scene.sentence.has(
            "clause:single"
        )  # "one of them lasted {…}"
        spoken_of = fact.dimension == "number" and bool(own(fact) & spoken(scene))
        meant = single or is_called(quantity, scene) or (spoken_of and not claimed_by(quantity, scene))
        return "" if meant else "is a fact of which the sentence does not speak"
    if unit in _TELLING_NOTHING and fact.role not in BY_HOW_MUCH and not _is_named(quantity, fact, scene):
        return f"is {what(fact.concepts)}, of which the sentence does not speak"
    return ""


def _is_in(quantity: Quantity, scene: Scene) -> bool:
    """As in "Back in {days_to_regular_form}", and no "in {easy_share} of the time"."""
    ahead = scene.sentence.ending.get(quantity.at)
    if ahead is None or "clause:within" not in ahead.tags or "article:of" in ahead.tags:
        return False
    return not scene.sentence.has_at(quantity.end, "article:of")


def _said_of_two(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "Fitness and fatigue are at {fitness} and {fatigue}"."""
    joint = scene.sentence.ending.get(quantity.at)
    if joint is None or "clause:and" not in joint.tags:
        return _NO
    one = next((q for q in scene.sentence.quantities if q.end == joint.at), None)
    both = _said_right_before(one.at, scene) if one is not None else _NO
    return both if len(both & BARE) > 1 else _NO


def _said_before(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "Form: {form}"; not "bei gleicher Last: {session_time}", where load is told of only."""
    found, colon = _said_right_before(quantity.at, scene), quantity.at - 1
    if not found or scene.sentence.tokens[colon].word != ":":
        return found
    named, fact = scene.sentence.ending.get(colon), scene.evidence.by_id.get(quantity.fact)
    described = named is not None and scene.sentence.has_before(named.at, *_DESCRIBING)
    return _NO if described and fact is not None and fact.dimension in _MEASURED else found


def _said_right_before(at: int, scene: Scene) -> frozenset[str]:
    """As in "Form is {form}", "with a load of {load_week}", "Decoupling: {decoupling}"."""
    sentence, joined, verbs = scene.sentence, False, _VERBS
    while at > 0:
        ahead, token = sentence.ending.get(at), sentence.tokens[at - 1]
        if ahead is not None and (keys := scene.metrics_in(ahead)) and not is_weak(ahead):
            if any(0 <= ahead.at - m.end <= ADJACENT for m in sentence.tagged("negation:not")):
                return _NO  # "you cut volume, not intensity: {time_week}"
            keys |= _joined_before(ahead, scene) | _compared_before(ahead, scene)
            keys = scene.hourly(keys, ahead.at)
            return keys if keys & _TELLING else _NO
        if ahead is not None and not ahead.tags.isdisjoint(_JOINING):
            at, joined = ahead.at, True
        elif joined and ahead is not None and ahead.keys("period"):
            at = ahead.at  # "the load of the week lies at"
        elif is_copula(at - 1, scene) or (token.word in _MARKS and not joined):
            at -= 1
        elif joined and verbs and token.kind == "word" and _may_be_a_verb(at, ahead, scene):
            at, verbs = (at - 1 if ahead is None else ahead.at), verbs - 1  # "form lies at", "is down at"
        else:
            break
    return _NO


def _may_be_a_verb(end: int, ahead: Mention | None, scene: Scene) -> bool:
    """As in "Form lies at {form}"; not "die Belastung ist wegen der {break_days} gesunken"."""
    if ahead is not None:
        return bool(ahead.keys("direction"))
    return end < _VERBS or not is_copula(end - _VERBS, scene)


def _joined_before(metric: Mention, scene: Scene) -> frozenset[str]:
    """As in "Fatigue and fitness are at {fatigue} and {fitness}"."""
    joint = scene.sentence.ending.get(metric.at)
    other = scene.sentence.ending.get(joint.at) if joint and "clause:and" in joint.tags else None
    return scene.metrics_in(other) if other is not None else _NO


def _compared_before(metric: Mention, scene: Scene) -> frozenset[str]:
    """As in "Fatigue now matches fitness at {fatigue}", "is above fitness: {fatigue} against {fitness}"."""
    sentence = scene.sentence
    beyond = sentence.ending.get(metric.at)
    if beyond is None or not (beyond.keys("comparison") or beyond.tags & _COMPARING):
        return _NO
    ahead = [
        m for m in sentence.naming("metric") if m.end <= beyond.at and sentence.together(m.at, beyond.at)
    ]
    return scene.metrics_in(ahead[-1]) if ahead else _NO


def _said_right_behind(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "{load_week} of load", "{session_load} load"."""
    sentence, at = scene.sentence, quantity.end
    if is_copula(at, scene) and sentence.begins(quantity.at):
        return _said_to_be(at + 1, scene)
    if of := sentence.starting.get(at):
        at = of.end if "article:of" in of.tags else at
    behind = sentence.starting.get(at)
    return scene.metrics_in(behind) & _TELLING if behind is not None and not is_weak(behind) else _NO


def _said_to_be(at: int, scene: Scene) -> frozenset[str]:
    """As in "{fatigue} is your fatigue"."""
    article = scene.sentence.starting.get(at)
    if article is not None and "article:the" in article.tags:
        at = article.end
    named = scene.sentence.starting.get(at)
    return scene.metrics_in(named) & BARE if named is not None else _NO


def _said_ahead(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "At {session_load}, its load was {session_load_change} below your usual"."""
    sentence = scene.sentence
    ahead = sentence.ending.get(quantity.at)
    if ahead is None or "role:at" not in ahead.tags or "clause:hanging" in ahead.tags:
        return _NO
    named = next(
        (m for m in sentence.naming("metric") if m.at >= quantity.end and scene.metrics_in(m) & BARE), None
    )
    if named is None or named.at - quantity.end > CLOSE or not sentence.begins(ahead.at):
        return _NO
    behind = next((q for q in sentence.quantities if q.at >= named.end), None)
    told = behind is not None and says_how_far(behind, scene)
    return scene.metrics_in(named) if told and not scene.parts_numbers(quantity.end, named.at) else _NO


def _is_decoupling(fact: Reading) -> bool:
    """As in "Output per heartbeat dropped only {session_decoupling} late in the ride"."""
    return "decoupling" in fact.concepts and fact.dimension == "percent"


def _is_of(fact: Reading, claimed: frozenset[str], quantity: Quantity, scene: Scene) -> bool:
    if claimed.isdisjoint(fact.concepts):
        return claimed == _EFFICIENCY and _is_decoupling(fact)
    if fact.role in BY_HOW_MUCH:
        return says_how_far(quantity, scene) or not scene.sentence.has_before(quantity.at, *_LEVELS)
    if not claimed & BARE or fact.dimension == "number":
        return True
    # "Fitness is {fitness_of_peak} of its highest", and no "Form is {form_lower_share}".
    if fact.dimension == "days" and scene.sentence.has("clause:to_come") and "form" in fact.concepts:
        return True  # "form would need {days_to_regular_form}"
    estimated = "estimated" in fact.concepts and scene.sentence.has("metric:estimated")
    return fact.dimension == "percent" and (estimated or scene.sentence.has_at(quantity.end, "article:of"))


def _said_to_have_come_to(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "Form fell by {form_change} to {form}"."""
    sentence = scene.sentence
    if not sentence.has_before(quantity.at, "role:to"):
        return _NO
    moved = [m for m in scene.ways if sentence.together(m.at, quantity.at)]
    ahead = [m for m in moved if m.end <= quantity.at]
    named = [m for m in sentence.naming("metric") if ahead and ahead[-1].end <= m.at < quantity.at]
    if named and not is_weak(named[-1]):
        return scene.metrics_in(named[-1]) & BARE  # "load fell, and time by {time_change} to {time_month}"
    way = ahead[-1] if ahead else next(iter(moved), None)  # "ist um 5 auf {form} gestiegen"
    if way is None:
        return _NO
    of = scene.subject_of(way) & BARE  # "…, die Fitness nur um {fitness_change} auf {fitness}"
    told = of == _INTENSITY <= told_beside(quantity, (scene,))
    return _NO if told else of  # "each hour carried {session_intensity_change} more, lifting it to {…}"


def _was_taken(quantity: Quantity, scene: Scene) -> bool:
    """As in "You took {sessions_week}": somebody takes days of rest, and nothing else that is counted."""
    unit = scene.evidence.facts[quantity.fact].unit
    return unit != "rest days" and scene.sentence.has_before(quantity.at, "clause:taken")


def _lasted(quantity: Quantity, scene: Scene) -> bool:
    """As in "It took {session_time}"."""
    ahead = scene.sentence.ending.get(quantity.at)
    if ahead is not None and "role:at" in ahead.tags:
        ahead = scene.sentence.ending.get(ahead.at)  # "dauerte mit {session_time} so lange wie sonst"
    return ahead is not None and is_weak(ahead) and scene.metrics_in(ahead) == _TIME


def _may_have_lasted(fact: Reading, quantity: Quantity, scene: Scene) -> bool:
    """As in "Die Einheit dauerte {session_time_change} länger", "die längste Lücke {longest_gap}"."""
    off = scene.sentence.has("clause:break", "clause:off")  # "deine Pause dauerte {break_days}"
    if fact.dimension == "days" and (off or not own(fact).isdisjoint(spoken(scene))):
        return True
    if fact.dimension == "percent" and scene.sentence.has_at(quantity.end, "article:of"):
        return True  # "took {longest_share} of the week's time"
    return fact.dimension == "time" or (fact.role == "change" and says_how_far(quantity, scene))


def _is_named(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    sentence = scene.sentence
    behind = sentence.starting.get(quantity.end)
    if "share" in fact.concepts and behind and ("article:of" in behind.tags or behind.keys("period")):
        return True  # "{lightest_week_share} of what the others averaged", "{session_week_share} der Woche"
    named = spoken(scene) | told_beside(quantity, (scene,))  # "a week of {load_week} after {load_usual}"
    named |= {key.partition(".")[0] for m in sentence.naming("implied") for key in m.keys("implied")}
    return scene.is_ago(quantity) or not own(fact).isdisjoint(named)
