"""How far a fact is from another that the words name: "8 W above the target", "an hour less than usual"."""

from collections.abc import Iterator
from typing import NamedTuple

from training_analyzer.analysis.grounding.between import between
from training_analyzer.analysis.grounding.differing import agrees, compares, differing
from training_analyzer.analysis.grounding.evoked import Stretch, clarity, label, marks, stretch, unsaid
from training_analyzer.analysis.grounding.matching import meanings
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.results import Result
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR


class Apart(NamedTuple):
    """How far two facts are apart that the words mean, and whether they say which of them is more."""

    found: list[Reading]
    turned: bool = False
    """The number is right, and the words say that the wrong one is more."""


class Comparison(NamedTuple):
    """A number that says how far what the words ahead mean is from what those behind mean."""

    way: Mention
    subject: Stretch
    reference: Stretch
    start: int
    """From where to where the words of the reference stand."""
    end: int


def apart(quantity: Quantity, scene: Scene) -> Apart:
    """
    Return how far two facts are apart, if the words mean these two and no other.

    As in "18 minutes short of plan", "Your target pace is six seconds slower than your threshold pace".
    """
    if quantity.fraction:
        return Apart([])
    levels = [r for r in scene.evidence.readings if r.role in LEVELS and r.values and not r.derived]
    meant, way = _compared(quantity, levels, scene)
    if not meant:
        meant, way = between(quantity, levels, scene)
    meant = [result for result in meant if _is_cited(result, scene)]
    found = [result for result in meant if way is None or agrees(way, result)]
    if found:
        scene.settled.update(_settled(way, found, scene))
    return Apart([result.reading() for result in found], turned=bool(meant) and not found)


def says_apart(quantity: Quantity, scene: Scene) -> bool:
    """As in "Your 11 swims are three more than planned": a number that can be of no fact alone."""
    compared = _comparison(quantity, scene)
    return compared is not None and compared.way.at == quantity.end < compared.start


def _compared(quantity: Quantity, levels: list[Reading], scene: Scene) -> tuple[list[Result], Mention | None]:
    """Return how far what the words ahead mean is from what those behind mean."""
    compared = _comparison(quantity, scene)
    if compared is None:
        return [], None
    return [
        result
        for meaning in meanings(quantity, scene)
        for result in differing(quantity, meaning, levels)
        if _is_meant(quantity, result, compared, levels, scene)
    ], compared.way


def _comparison(quantity: Quantity, scene: Scene) -> Comparison | None:
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
    end = _stop(start, scene)
    subject = stretch(scene, begin, quantity.at)
    if not subject.names and begin and start > quantity.at:
        subject = stretch(scene, 0, quantity.at)
    counted = stretch(scene, quantity.end, way.at).names + stretch(scene, way.end, max(start, way.end)).names
    own, reference = stretch(scene, way.at, way.end), stretch(scene, start, end)
    return Comparison(
        way=way,
        subject=subject._replace(names=subject.names + counted),
        reference=Stretch(
            names=reference.names + own.names,
            spans=reference.spans | own.spans,
            usual=reference.usual or own.usual,
            habit=reference.habit or own.habit,
        ),
        start=start,
        end=end,
    )


def _behind_than(way: Mention, scene: Scene) -> int | None:
    """Return where begins with what something is compared: behind "above", "more than", "more runs than"."""
    than = next(
        (
            m
            for m in scene.sentence.tagged("role:versus")
            if 0 <= m.at - way.end <= NEAR + CLOSE and scene.sentence.between(way.at, m.at) < APART
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
    """Return where a part of the sentence ends."""
    tokens, clauses = scene.sentence.tokens, scene.sentence.clauses
    return next(
        (
            at
            for at in range(start, len(tokens))
            if tokens[at].kind == "mark" or clauses[at] != clauses[start]
        ),
        len(tokens),
    )


def _is_cited(result: Result, scene: Scene) -> bool:
    return scene.cited is None or scene.cited.issuperset((*result.one.ids, *result.other.ids))


def _is_meant(
    quantity: Quantity, result: Result, compared: Comparison, levels: list[Reading], scene: Scene
) -> bool:
    one, other = result.one, result.other
    if not one.concepts & other.concepts or (one.sports and other.sports and not one.sports & other.sports):
        return False
    alike = [r for r in levels if r.dimension == one.dimension]
    return _is_subject(one, quantity, compared, alike, scene) and _is_reference(
        other, one, compared, alike, scene
    )


def _is_subject(
    one: Reading, quantity: Quantity, compared: Comparison, alike: list[Reading], scene: Scene
) -> bool:
    """Return whether a fact is what the words ahead mean: the one whose number they state, if they do."""
    words = compared.subject
    ahead = _stated(quantity.at, alike, scene, compared)
    if not ahead and not words.names and scene.before is not None:
        ahead = _stated(len(scene.before.sentence.tokens), alike, scene.before, compared)
    if ahead:
        return any(one.ids == r.ids for r in ahead)
    said = words.all | scene.things
    found = {
        r.ids: (clear, -unsaid(r, said, scene))
        for r in alike
        if (clear := clarity(words, r, scene)) is not None and (r.role == "now" or words.last or words.usual)
    }
    return one.ids in found and found[one.ids] == max(found.values())


def _stated(end: int, alike: list[Reading], scene: Scene, compared: Comparison) -> list[Reading]:
    """Return what the last number of that kind is that stands ahead, and is no part of the reference."""
    ids = {r.ids for r in alike}
    for at in sorted(scene.said, reverse=True):
        if at < end and not compared.start <= at < compared.end:
            found = [r for r in scene.said[at] if r.ids in ids and r.role in LEVELS]
            if found:
                return found
    return []


def _is_reference(
    other: Reading, one: Reading, compared: Comparison, alike: list[Reading], scene: Scene
) -> bool:
    """Return whether a fact is what the words behind mean: that which they tell from the first."""
    words = compared.reference
    averaged = words.habit and other.statistic == "average" and "average" in words.all
    if (other.role == "usual") != words.usual and not averaged:
        return False
    if other.earlier and words.habit:
        return False
    stated = [
        r
        for at, said in scene.said.items()
        if compared.start <= at < compared.end
        for r in said
        if r.dimension == one.dimension and r.role in LEVELS
    ]
    if stated:
        return any(other.ids == r.ids for r in stated)
    told = marks(other, scene) - marks(one, scene)
    spans = label(other, scene).days - label(one, scene).days
    if not (words.all & told or (words.spans and spans) or other.role != one.role):
        return False
    said = words.all | marks(one, scene)
    found = {
        r.ids: (
            clear,
            r.stem == one.stem,
            len(r.concepts & one.concepts) - len(r.concepts - one.concepts - words.all),
            -unsaid(r, said, scene),
        )
        for r in alike
        if r.ids != one.ids and r.role == other.role
        if (clear := clarity(words, r, scene)) is not None
    }
    return other.ids in found and found[other.ids] == max(found.values())


def _settled(way: Mention | None, found: list[Result], scene: Scene) -> Iterator[int]:
    """Return the places of the phrases that have been held against the two facts."""
    if way is not None:
        yield way.at
    ranks = frozenset[str]().union(*(marks(r, scene) for result in found for r in (result.one, result.other)))
    for mention in scene.sentence.naming("superlative"):
        if mention.keys("superlative") <= ranks:
            yield mention.at
