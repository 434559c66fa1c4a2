"""Whether a placeholder stands where its fact belongs: code writes the number, a model chose the place."""

from collections.abc import Iterable, Iterator
from typing import Final

from training_analyzer.analysis.grounding.called import has_words, is_called
from training_analyzer.analysis.grounding.measured import IN_ONE_UNIT
from training_analyzer.analysis.grounding.naming import is_weak
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE

_BARE: Final = frozenset({"fitness", "fatigue", "form", "load", "monotony", "strain", "intensity"})
"""Metrics whose numbers have no unit."""
_TELLING: Final = IN_ONE_UNIT | _BARE | {"decoupling", "efficiency", "distance", "elevation"}
"""Metrics that say how they are measured: what stands right beside one of these is of it."""
_JOINING: Final = frozenset(
    {"role:at", "role:to", "role:now", "article:of", "article:the", "article:one", "clause:only"}
)
_LEVELS: Final = frozenset({"role:at", "role:to"})
_BY_HOW_MUCH: Final = frozenset({"change", "part"})
_TELLING_NOTHING: Final = frozenset({"", "%"})
"""Units that do not say what is measured."""
_GENERAL: Final = frozenset({"session", "share"})
_TIME: Final = frozenset({"time"})
_MARKS: Final = frozenset(":(")
_NO: Final = frozenset[str]()


def check(scene: Scene) -> Iterator[str]:
    """Return the placeholders whose facts are not what the words beside them speak of."""
    told: set[str] = set()
    for quantity in scene.sentence.quantities:
        fact = scene.evidence.by_id.get(quantity.fact)
        if fact is None:
            continue
        if quantity.fact in told:
            yield f"{{{quantity.fact}}} is told twice in one sentence"
        elif wrong := _misplaced(quantity, fact, scene):
            yield f"{{{quantity.fact}}} {wrong}"
        told.add(quantity.fact)


def _misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """Return what is wrong with a placeholder's place; nothing where it fits."""
    claimed = (
        _said_right_before(quantity, scene)
        or _said_right_behind(quantity, scene)
        or _said_to_have_come_to(quantity, scene)
    )
    if claimed and not _is_of(fact, claimed, quantity, scene):
        return f"is said of {what(claimed)}, but is {fact.dimension} of {what(fact.concepts)}"
    if fact.dimension != "time" and fact.role not in _BY_HOW_MUCH and _lasted(quantity, scene):
        return f"is said to be how long something took, but is {what(fact.concepts)}"
    if fact.role == "change" and not _tells_of_change(quantity, scene):
        return "is how far something has changed, and nothing says so"
    if not claimed and fact.role not in _BY_HOW_MUCH and _says_how_far(quantity, scene):
        return "says how far two things are apart, but is how one of them is"
    if _said_to_be_usual(quantity, scene) and not _may_be_usual(quantity, fact, scene):
        return "is said to be usual, but is another fact"
    if has_words(quantity, scene):
        return "" if is_called(quantity, scene) else "is a fact of which the sentence does not speak"
    if _has_to_be_named(fact, scene) and not _is_named(quantity, fact, scene):
        return f"is {what(fact.concepts)}, of which the sentence does not speak"
    return ""


def _said_right_before(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "Form is {form}", "with a load of {load_week}", "Decoupling: {decoupling}"."""
    sentence, at, joined = scene.sentence, quantity.at, False
    while at > 0:
        ahead, token = sentence.ending.get(at), sentence.tokens[at - 1]
        if ahead is not None and (keys := scene.metrics_in(ahead)) and not is_weak(ahead):
            told = keys | _joined_before(ahead, scene)
            return told if told & _TELLING else _NO  # "volume" is of hours as well as of kilometres
        if ahead is not None and not ahead.tags.isdisjoint(_JOINING):
            at, joined = ahead.at, True
        elif token.word in _MARKS or sentence.is_word(at - 1, "copula") or sentence.is_word(at - 1, "were"):
            at -= 1
        elif joined and token.kind == "word" and (ahead is None or ahead.keys("direction")):
            at, joined = (at - 1 if ahead is None else ahead.at), False  # "form lies at", "is down at"
        else:
            break
    return _NO


def _joined_before(metric: Mention, scene: Scene) -> frozenset[str]:
    """As in "Fatigue and fitness are at {fatigue} and {fitness}"."""
    joint = scene.sentence.ending.get(metric.at)
    other = scene.sentence.ending.get(joint.at) if joint and "clause:and" in joint.tags else None
    return scene.metrics_in(other) if other is not None else _NO


def _said_right_behind(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "{load_week} of load", "{session_load} load"."""
    sentence, at = scene.sentence, quantity.end
    if of := sentence.starting.get(at):
        at = of.end if "article:of" in of.tags else at
    behind = sentence.starting.get(at)
    return scene.metrics_in(behind) & _TELLING if behind is not None and not is_weak(behind) else _NO


def _is_of(fact: Reading, claimed: frozenset[str], quantity: Quantity, scene: Scene) -> bool:
    if claimed.isdisjoint(fact.concepts):
        return False
    if fact.role in _BY_HOW_MUCH:
        return _says_how_far(quantity, scene) or not scene.sentence.has_before(quantity.at, *_LEVELS)
    if not claimed & _BARE or fact.dimension == "number":
        return True
    # "Fitness is {fitness_of_peak} of its highest", and no "Form is {form_lower_share}".
    return fact.dimension == "percent" and scene.sentence.has_at(quantity.end, "article:of")


def _said_to_have_come_to(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "Form fell by {form_change} to {form}"."""
    sentence = scene.sentence
    if not sentence.has_before(quantity.at, "role:to"):
        return _NO
    moved = [m for m in scene.ways if sentence.together(m.at, quantity.at)]
    ahead = [m for m in moved if m.end <= quantity.at]
    way = ahead[-1] if ahead else next(iter(moved), None)  # "ist um 5 auf {form} gestiegen"
    return scene.subject_of(way) & _BARE if way is not None else _NO


def _lasted(quantity: Quantity, scene: Scene) -> bool:
    """As in "It took {session_time}"."""
    ahead = scene.sentence.ending.get(quantity.at)
    return ahead is not None and is_weak(ahead) and scene.metrics_in(ahead) == _TIME


def _tells_of_change(quantity: Quantity, scene: Scene) -> bool:
    """Return whether the clause has a word of change, which "{fitness_change} and {time_week}" has not."""
    sentence = scene.sentence
    return any(
        sentence.together(m.at, quantity.at)
        and (m.keys("direction") or m.keys("comparison") or m.keys("implied"))
        for m in sentence.mentions
    ) or sentence.has("role:by", "role:by_before", "role:versus")


def _says_how_far(quantity: Quantity, scene: Scene) -> bool:
    """As in "{load_change} above the usual", "rose by {form_change}"."""
    sentence = scene.sentence
    if sentence.has_before(quantity.at, "role:by_before"):
        return True
    behind = sentence.starting.get(quantity.end)
    return behind is not None and bool(behind.keys("comparison") or behind.keys("implied"))


def _said_to_be_usual(quantity: Quantity, scene: Scene) -> bool:
    """As in "Your usual {load_usual}", "where {load_usual} is usual"."""
    return scene.references.get(quantity.at) == "usual" and any(
        0 <= quantity.at - m.end <= ADJACENT or 0 <= m.at - quantity.end <= CLOSE
        for m in scene.sentence.tagged("role:usual")
    )


def _may_be_usual(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    """Return whether a fact is what is usual, or was, of what the sentence speaks of."""
    if scene.is_ago(quantity) or fact.role in _BY_HOW_MUCH:
        return True
    beside = _told_beside(quantity, (scene, scene.before) if scene.before else (scene,))
    own = fact.concepts - _GENERAL or fact.concepts
    return fact.role == "usual" and not own.isdisjoint(beside | _spoken(scene))


def _told_beside(quantity: Quantity, scenes: Iterable[Scene]) -> frozenset[str]:
    """Return of what the other placeholders are."""
    found = _NO
    for scene in scenes:
        facts = {q.fact for q in scene.sentence.quantities} - {quantity.fact}
        found |= _NO.union(*(scene.evidence.by_id[i].concepts for i in facts & scene.evidence.by_id.keys()))
    return found


def _has_to_be_named(fact: Reading, scene: Scene) -> bool:
    """Return whether the number says nothing without a word for what it is of: "48", "60 %"."""
    unit = scene.evidence.facts[fact.ids[0]].unit
    return unit in _TELLING_NOTHING and fact.role not in _BY_HOW_MUCH


def _is_named(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    sentence = scene.sentence
    behind = sentence.starting.get(quantity.end)
    if "share" in fact.concepts and behind and ("article:of" in behind.tags or behind.keys("period")):
        return True  # "{lightest_week_share} of what the others averaged", "{session_week_share} der Woche"
    own = fact.concepts - _GENERAL or fact.concepts
    spoken = _spoken(scene) | _told_beside(quantity, (scene,))  # "a week of {load_week} after {load_usual}"
    return scene.is_ago(quantity) or not own.isdisjoint(spoken)


def _spoken(scene: Scene) -> frozenset[str]:
    """Return what the sentence and the one before it speak of."""
    before = scene.before.spoken_metrics() if scene.before is not None else _NO
    return scene.spoken_metrics() | before
