"""What is said to have been reached, or not: a goal, a plan."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, AIMS

_NAMING_AIMS: Final = tuple(f"thing:{aim}" for aim in sorted(AIMS))
_REACHING: Final = ("clause:reached", "clause:reach", "clause:missing", "clause:carried_out")
_MORE_IS_MORE: Final = frozenset({"number", "length", "time", "pace", "percent", "power"})
"""What is measured so that it is plain on which side of a goal somebody has reached it."""
_BESIDE: Final = 11
"""How far a goal and what is said to have become of it may stand apart, in tokens, both included."""
_PREDICTED: Final = frozenset({"predicted"})
_PARTS: Final = frozenset({"percent", "times"})


def reached(scene: Scene) -> Iterator[str]:
    """Return "five walks, so you have met your goal", where it is six, and "you have not", where one has."""
    if not scene.sentence.has(*_NAMING_AIMS) or not scene.sentence.has(*_REACHING):
        return
    for mention in scene.sentence.naming("clause"):
        if mention.tags.isdisjoint(_REACHING):
            continue
        missed = "clause:missing" in mention.tags
        denied = missed or is_negated(mention, scene) or _is_nearly(mention, scene)
        done = "clause:carried_out" in mention.tags
        claimed = missed or denied or done or "clause:reached" in mention.tags
        if not claimed or is_conditional(mention, scene) or scene.is_general(mention.at):
            continue
        pairs = _held(mention, scene) if _aims_beside(mention, scene) else []
        if done:
            pairs = [(level, goal) for level, goal in pairs if not _is_said(level, mention, scene)]
        found = {_is_reached(level, goal) for level, goal in pairs}
        if found == {not denied}:
            scene.settled.add(mention.at)
        if found == {denied}:
            level, goal = pairs[0]
            how = "beyond" if denied else "short of"
            yield f'"{mention.text}", but {level.ids[0]} is {how} {goal.ids[0]}'


def _aims_beside(mention: Mention, scene: Scene) -> bool:
    """As in "Met your goal", "passed the 12,000 m you set yourself", "dein Ziel … erreicht", and no part."""
    sentence = scene.sentence
    for aim in sentence.naming("thing"):
        start, end = min(aim.at, mention.at), max(aim.end, mention.end)
        if not aim.keys("thing") & AIMS or end - start > _BESIDE:
            continue
        if sentence.between(start, end - 1) >= APART or not sentence.together(aim.at, mention.at):
            continue
        of = {m.at for m in sentence.naming("article") if m.tags & {"article:of", "article:out_of"}}
        within = [q for q in sentence.quantities if start <= q.at < end]
        if not any(q.dimension in _PARTS or q.fraction or (q.end in of and aim.at > q.at) for q in within):
            return True
    return False


def _is_nearly(mention: Mention, scene: Scene) -> bool:
    """As in "You almost reached your goal"."""
    hedges = (m for m in scene.sentence.naming("hedge") if 0 <= mention.at - m.end <= ADJACENT)
    return any(m.tags & {"hedge:under", "hedge:about"} for m in hedges)


def _is_said(level: Reading, mention: Mention, scene: Scene) -> bool:
    """As in "You completed six sessions instead of the planned seven": so many, and no more."""
    said = (r for at, found in scene.said.items() if scene.sentence.together(at, mention.at) for r in found)
    return any(reading.ids == level.ids for reading in said)


def _held(mention: Mention, scene: Scene) -> list[tuple[Reading, Reading]]:
    """Return what was done, and what was to be: those of which the sentence states a number, if it does."""
    together = scene.sentence.together
    said = {r.ids for at, found in scene.said.items() if together(at, mention.at) for r in found}
    said = said or {r.ids for found in scene.said.values() for r in found}
    known = [
        r
        for r in scene.evidence.readings
        if r.role == "now" and not r.derived and r.dimension in _MORE_IS_MORE and r.values
    ]
    goals = [r for r in known if r.things & AIMS]
    goals = [r for r in goals if r.ids in said] or goals
    pairs = [
        (level, goal)
        for goal in goals
        for level in known
        if level.things.isdisjoint(AIMS) and _are_of_one_thing(level, goal)
    ]
    plain = [(level, goal) for level, goal in pairs if level.things.isdisjoint(_PREDICTED)]
    pairs = pairs if scene.things & _PREDICTED else plain or pairs
    stated = [(level, goal) for level, goal in pairs if level.ids in said]
    spoken = scene.spoken_metrics()
    named = [(level, goal) for level, goal in pairs if level.concepts & spoken]
    return stated or _told_alike(named or pairs, scene)


def _told_alike(pairs: list[tuple[Reading, Reading]], scene: Scene) -> list[tuple[Reading, Reading]]:
    """As in "Your daily goal", which is of "the steps of the day", and not of those of the walk."""
    words = scene.evidence.label_of
    shared = [len(words(level).words & words(goal).words) for level, goal in pairs]
    return [pair for pair, many in zip(pairs, shared, strict=True) if many == max(shared)]


def _are_of_one_thing(level: Reading, goal: Reading) -> bool:
    return (
        level.dimension == goal.dimension
        and level.concepts == goal.concepts
        and level.sports == goal.sports
        and level.things - _PREDICTED == goal.things - AIMS
        and level.zones == goal.zones
        and level.statistic == goal.statistic
    )


def _is_reached(level: Reading, goal: Reading) -> bool:
    sooner = goal.dimension == "pace" or (goal.dimension == "time" and "goal" in goal.things)
    return level.values[0] <= goal.values[0] if sooner else level.values[0] >= goal.values[0]
