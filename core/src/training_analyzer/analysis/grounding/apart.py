"""How far a fact is from another that the words name: "8 W above the target", "an hour less than usual"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from training_analyzer.analysis.grounding.between import between, names_opposites
from training_analyzer.analysis.grounding.comparing import Comparison, comparison
from training_analyzer.analysis.grounding.differing import agrees, differing, measure_alike
from training_analyzer.analysis.grounding.evoked import clarity, marks, unsaid
from training_analyzer.analysis.grounding.matching import meanings
from training_analyzer.analysis.grounding.misfits.spans import overlap
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.results import Result
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention


class Apart(NamedTuple):
    """How far two facts are apart that the words mean."""

    found: list[Reading]
    turned: bool = False
    """The number is right, and the words say that the wrong one is more."""
    otherwise: bool = False
    """The words mean two facts that are not as far apart as the number says."""


def apart(quantity: Quantity, scene: Scene) -> Apart:
    """
    Return how far two facts are apart, if the words mean these two and no other.

    As in "18 minutes short of plan", "Your target pace is six seconds slower than your threshold pace".
    """
    if quantity.fraction:
        return Apart([])
    compared = comparison(quantity, scene)
    if compared is None and not names_opposites(scene):
        return Apart([])
    rated = bool(scene.sentence.naming("per") or scene.sentence.naming("statistic"))
    levels = [r for r in scene.evidence.levels if not r.derived and (rated or not r.per)]
    pairs = list(_meant(quantity, compared, levels, scene)) if compared else []
    way = compared.way if compared else None
    meant = [r for meaning in meanings(quantity, scene) for r in differing(quantity, meaning, pairs)]
    if not meant:
        meant, way = between(quantity, levels, scene)
    meant = [result for result in meant if _is_cited(result, scene)]
    found = [result for result in meant if way is None or agrees(way, result)]
    if found:
        scene.settled.update(_settled(way, found, scene))
    told = bool(compared and compared.subject.names and compared.reference.is_telling)
    return Apart(
        [result.reading() for result in found],
        turned=bool(meant) and not found,
        otherwise=bool(pairs) and told and not meant,
    )


def says_apart(quantity: Quantity, scene: Scene) -> bool:
    """As in "Your 11 swims are three more than planned": a number that can be of no fact alone."""
    compared = comparison(quantity, scene)
    if compared is None or compared.way is None:
        return False
    if any(q.at in (compared.way.end, compared.start) for q in scene.sentence.quantities):
        return False  # "three runs over 25 km"
    behind = (quantity.end, scene.behind_measure(quantity))
    return compared.way.at in behind and quantity.end < compared.start


def _meant(
    quantity: Quantity, compared: Comparison, levels: list[Reading], scene: Scene
) -> Iterator[tuple[Reading, Reading]]:
    """Return the pairs of facts that the words may mean: of one dimension, the second told from the first."""
    for dimension in {r.dimension for r in levels}:
        alike = [r for r in levels if r.dimension == dimension]
        if len(alike) > 1 and any(measure_alike(m, alike[0]) for m in meanings(quantity, scene)):
            for one in _subjects(quantity, compared, alike, scene):
                yield from ((one, other) for other in _references(one, compared, alike, scene))


def _subjects(
    quantity: Quantity, compared: Comparison, alike: list[Reading], scene: Scene
) -> Sequence[Reading]:
    """Return what the words ahead mean: the fact whose number they state, if they do."""
    words = compared.subject
    ahead = _stated(quantity.at, alike, scene, compared)
    if not ahead and not words.names and scene.before is not None:
        ahead = _stated(len(scene.before.sentence.tokens), alike, scene.before, compared)
    if ahead:
        return ahead
    said = words.all | scene.things
    return _clearest(
        [
            ((clear, -unsaid(r, said, scene)), r)
            for r in alike
            if r.role == "now" or words.last or words.usual
            if (clear := clarity(words, r, scene)) is not None
            if clear or not words.names or r.dimension != "days"  # "four sessions more", and no days
        ]
    )


def _stated(end: int, alike: list[Reading], scene: Scene, compared: Comparison) -> list[Reading]:
    """Return what the numbers of that kind are that stand ahead: of the clause, if it has one, or of any."""
    within, ahead = list[Reading](), list[Reading]()
    for at in scene.said:
        if at < end and not compared.start <= at < compared.end:
            ids = {r.ids for r in scene.said[at] if r.role in LEVELS}
            found = [r for r in alike if r.ids in ids]
            ahead += found
            if end < len(scene.sentence.tokens) and scene.sentence.together(at, end):
                within = found
    return within or ahead


def _references(one: Reading, compared: Comparison, alike: list[Reading], scene: Scene) -> Sequence[Reading]:
    """Return what the words behind mean: the fact whose number they state, or that they tell from it."""
    words = compared.reference
    others = [r for r in alike if r.ids != one.ids and _are_of_one_kind(one, r)]
    if stated := _stated_within(compared, scene):
        return [r for r in others if r.ids in stated]
    said = words.all | marks(one, scene)
    return _clearest(
        [
            (
                (
                    clear,
                    -_spans_unsaid(r, one, words.spans, scene),
                    r.stem == one.stem,
                    len(r.concepts & one.concepts) - len(r.concepts - one.concepts - words.all),
                    -unsaid(r, said, scene),
                ),
                r,
            )
            for r in others
            if _is_told(r, one, compared, scene) and (clear := clarity(words, r, scene)) is not None
        ]
    )


def _spans_unsaid(other: Reading, one: Reading, said: frozenset[float], scene: Scene) -> int:
    """As in "Less than in the month before", which is not the same month last year."""
    more = scene.evidence.label_of(other).days - scene.evidence.label_of(one).days
    return sum(not overlap(frozenset({days}), said) for days in more)


def _stated_within(compared: Comparison, scene: Scene) -> set[tuple[str, ...]]:
    return {
        r.ids
        for at, said in scene.said.items()
        if compared.start <= at < compared.end
        for r in said
        if r.role in LEVELS
    }


def _are_of_one_kind(one: Reading, other: Reading) -> bool:
    apart = one.sports and other.sports and one.sports.isdisjoint(other.sports)
    return not apart and bool(one.concepts & other.concepts) and one.per == other.per


def _is_told(other: Reading, one: Reading, compared: Comparison, scene: Scene) -> bool:
    """Return whether the words behind tell a fact from the one that is compared with it."""
    words = compared.reference
    averaged = words.habit and other.statistic == "average" and "average" in words.all
    if ((other.role == "usual") != words.usual and not averaged) or (other.earlier and words.habit):
        return False
    spans = scene.evidence.label_of(other).days - scene.evidence.label_of(one).days
    told = words.all & (marks(other, scene) - marks(one, scene))
    return bool(told or (words.spans and spans)) or other.role != one.role


def _clearest(found: Sequence[tuple[tuple[int, ...], Reading]]) -> Sequence[Reading]:
    most = max((how for how, _ in found), default=())
    return [reading for how, reading in found if how == most]


def _is_cited(result: Result, scene: Scene) -> bool:
    return scene.cited is None or scene.cited.issuperset((*result.one.ids, *result.other.ids))


def _settled(way: Mention | None, found: list[Result], scene: Scene) -> Iterator[int]:
    """Return the places of the phrases that have been held against the two facts."""
    if way is not None:
        yield way.at
    ranks = frozenset[str]().union(*(marks(r, scene) for result in found for r in (result.one, result.other)))
    for mention in scene.sentence.naming("superlative"):
        if mention.keys("superlative") <= ranks:
            yield mention.at
