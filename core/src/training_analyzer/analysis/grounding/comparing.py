"""Where a sentence says how far one thing is from another, and which words stand for each of them."""

from typing import NamedTuple

from training_analyzer.analysis.grounding.differing import compares
from training_analyzer.analysis.grounding.evoked import Stretch, stretch
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, NEAR


class Comparison(NamedTuple):
    """A number that says how far what the words ahead mean is from what those behind mean."""

    way: Mention | None
    """The phrase that says which of them is more, if one does."""
    subject: Stretch
    reference: Stretch
    start: int
    """From where to where the words of the reference stand."""
    end: int


def comparison(quantity: Quantity, scene: Scene) -> Comparison | None:
    """Return what a number compares, if it does."""
    return _by_verb(quantity, scene) or _by_way(quantity, scene) or _by_distance(quantity, scene)


def _by_way(quantity: Quantity, scene: Scene) -> Comparison | None:
    """As in "18 minutes short of plan", "compared with the month before, 38 km more"."""
    sentence = scene.sentence
    way = next((m for m in sentence.mentions if m.at >= quantity.end and compares(m)), None)
    if (
        way is None
        or sentence.between(quantity.end - 1, way.at) >= APART
        or scene.gap(quantity.end, way.at) > NEAR
        or scene.parts_numbers(quantity.end, way.at)
    ):
        return None
    start, begin = _behind_than(way, scene), _begin(quantity.at, scene)
    if start is None:
        versus = next((m for m in sentence.tagged("role:versus") if m.end <= quantity.at), None)
        if versus is None:
            return None
        start, begin = versus.end, min(_stop(versus.end, scene), quantity.at)
    subject = stretch(scene, begin, quantity.at)
    if not subject.names and begin and start > quantity.at:
        subject = stretch(scene, 0, quantity.at)
    counted = stretch(scene, quantity.end, way.at).names + stretch(scene, way.end, max(start, way.end)).names
    own, reference = stretch(scene, way.at, way.end), stretch(scene, start, _stop(start, scene))
    return Comparison(
        way=way,
        subject=subject._replace(names=subject.names + counted),
        reference=reference.with_(own),
        start=start,
        end=_stop(start, scene),
    )


def _by_verb(quantity: Quantity, scene: Scene) -> Comparison | None:
    """As in "You missed your goal by six minutes", "Du hast dein Ziel um sechs Minuten verfehlt"."""
    by = scene.sentence.ending.get(quantity.at)
    if by is None or "role:by_before" not in by.tags:
        return None
    begin = _begin(quantity.at, scene)
    verbs = [m for m in scene.sentence.mentions if compares(m) and scene.sentence.together(m.at, by.at)]
    ahead = [m for m in verbs if m.end < by.at]
    behind = [m for m in verbs if m.at == quantity.end]
    verb, start = (ahead[-1], ahead[-1].end) if ahead else (behind[0], begin) if behind else (None, begin)
    reference = stretch(scene, start, by.at)
    if verb is None or not reference.names or (behind and _behind_than(behind[0], scene) is not None):
        return None
    subject = stretch(scene, begin, verb.at) if ahead else stretch(scene, begin, begin)
    return Comparison(verb, subject, reference, start, by.at)


def _by_distance(quantity: Quantity, scene: Scene) -> Comparison | None:
    """As in "You came within six beats of your maximum"."""
    within = scene.sentence.has_before(quantity.at, "clause:nearing")
    behind = scene.sentence.starting.get(quantity.end) if within else None
    if behind is None or not (behind.tags & {"article:of", "role:versus"} or behind.keys("thing")):
        return None
    end = _stop(behind.end, scene)
    subject = stretch(scene, _begin(quantity.at, scene), quantity.at)
    return Comparison(None, subject, stretch(scene, behind.at, end), behind.end, end)


def _behind_than(way: Mention, scene: Scene) -> int | None:
    """Return where begins with what something is compared: behind "above", "more than", "more runs than"."""
    reach = ADJACENT if way.keys("comparison") else NEAR + CLOSE
    than = next(
        (
            m
            for m in scene.sentence.tagged("role:versus")
            if 0 <= m.at - way.end <= reach and scene.sentence.between(way.at, m.at) < APART
        ),
        None,
    )
    if than is not None and not scene.parts_numbers(way.end, than.at):
        return than.end
    return way.end if way.keys("comparison") or way.keys("hedge") else None


def _begin(at: int, scene: Scene) -> int:
    clauses = scene.sentence.clauses
    return next((place for place in range(at + 1) if clauses[place] == clauses[at]), at)


def _stop(start: int, scene: Scene) -> int:
    """Return where a part of the sentence ends, as in "two seconds under plan and five under your best"."""
    tokens, clauses = scene.sentence.tokens, scene.sentence.clauses
    numbers = {q.at for q in scene.sentence.quantities}
    ends = {m.at for m in scene.sentence.tagged("clause:and") if m.at > start and m.end in numbers}
    return next(
        (
            at
            for at in range(start, len(tokens))
            if tokens[at].kind == "mark" or clauses[at] != clauses[start] or at in ends
        ),
        len(tokens),
    )
