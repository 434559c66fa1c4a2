"""Whether a number is said to be how it is, how it usually is, or how far apart, as the fact is."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.customary import is_as_usual, is_rightly_usual
from training_analyzer.analysis.grounding.misfits.beside import has_now, has_usual
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.misfits.spans import overlap
from training_analyzer.analysis.grounding.readings import A_WEEK
from training_analyzer.analysis.grounding.sayable import AVERAGING, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import NEAR
from training_analyzer.domain.insight import Fact

_OCCASIONS: Final = frozenset({"session"})
"""When it was otherwise: "five beats fewer than on comparable rides"."""
_PAIR: Final = 2
_SMALL: Final = 3
"""Words that tell two labels apart are longer."""


def of_change(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep how far two numbers are apart, and what one is of another, apart from the numbers."""
    if reading.role == "part":
        misfit = words.changing and reading.dimension != "times"
        return TOO_MUCH if misfit or _is_of_another(reading, words, scene) else 0.0
    if "missed" in reading.things:
        return 0.0  # "you fell two runs short"
    if reading.role != "change":
        return TOO_MUCH if words.changing and reading.dimension != "times" else 0.0
    if words.reference and scene.sentence.has_before(words.quantity.at, "role:usual"):
        return TOO_MUCH  # "21 below your usual -30"
    if words.part or words.reaching:
        return TOO_MUCH
    if words.stated_so and has_now(scene, reading):
        return TOO_MUCH
    if words.compared:
        return 0.0
    return TOO_MUCH if reading.derived or scene.says_now(words.quantity) else 0.0


def of_reference(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what two numbers are apart to what is compared with what: "8 % above your FTP", "than usual"."""
    if reading.role not in ("change", "part"):
        return 0.0
    named = frozenset[str]().union(*(_named_by(m, scene) for m in words.compared_with))
    pair = _two_of_now(reading, scene)
    if pair is None:
        named -= _OCCASIONS
        return TOO_MUCH if named and named.isdisjoint(reading.concepts | reading.things) else 0.0
    if words.moved and not words.stated.issuperset(reading.ids):
        return TOO_MUCH
    one, other = (of.concepts | of.things for of in pair)
    if words.compared_with and _wrong_way_round(reading, words, scene):
        return TOO_MUCH
    if not named:
        usual = any("role:usual" in m.tags for m in words.compared_with)
        averaged = any("statistic:average" in m.tags for m in words.compared_with)
        return TOO_MUCH if usual and not averaged else 0.0
    misplaced = (named & one) - other
    return TOO_MUCH if misplaced else 0.0


def _named_by(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "5 above your usual swims": with which sessions something is compared, and no count."""
    named = scene.metrics_named(mention) | mention.keys("thing")
    return named - {"session"} if mention.keys("sport") else named


def of_role(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what is now apart from what is usual."""
    if _is_still_another(reading, words, scene):
        return TOO_MUCH
    if reading.ids[0] in scene.evidence.ends_of_ranges:
        return 0.0 if scene.sentence.has("clause:range") else TOO_MUCH
    if scene.advice or reading.earlier or reading.role not in ("now", "usual"):
        return 0.0
    if reading.role == "now" and reading.per and reading.per == words.per:
        return 0.0  # "so you average 5 km per run"
    if words.capped and reading.role == "now" and "longest" in reading.concepts:
        return 0.0
    if words.reference:
        habit = words.reference == "usual" and words.habitual
        opposed = reading.role == "now" and (habit or has_usual(scene, reading))
        after = _is_a_break(reading) and not words.habitual
        opposed = opposed and not (after or _is_called_usual(reading, words, scene))
        opposed = opposed and not _is_as_usual(reading, scene)
        opposed = opposed and not is_rightly_usual(reading, words.quantity, scene)
        opposed = opposed and not (words.quantity.fact and is_as_usual(reading, scene))
        return TOO_MUCH if opposed else 0.0
    if reading.role == "now":
        return 0.0
    if _was_best_of_its_time(reading, words, scene) or _is_so_a_week(reading, words, scene):
        return 0.0
    averaged = words.averaged and not words.now and overlap(reading.days, words.windows)
    if averaged or (words.in_brackets and overlap(reading.days, words.close_windows)):
        return 0.0
    now = has_now(scene, reading, reading.dimension) or _is_before_another(reading, scene)
    return TOO_MUCH if now else 0.0


def _is_before_another(reading: Reading, scene: Scene) -> bool:
    """As in "56 km a week over the last eight weeks", where that is the average of the eight before."""
    facts = scene.evidence.facts
    return " before" in facts[reading.ids[0]].label and any(
        A_WEEK.search(label := facts[other.ids[0]].label) and " before" not in label
        for other in scene.evidence.of(reading.concepts)
        if not other.derived and (other.concepts, other.dimension) == (reading.concepts, reading.dimension)
    )


def _is_still_another(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Form is still high at 33.8", where it was that on the day of the return."""
    if reading.role != "now" or reading.derived or words.quantity.fact:
        return False
    sentence, at = scene.sentence, words.quantity.at
    if not sentence.has("clause:still", "role:now"):
        return False
    now = (*sentence.tagged("clause:still"), *sentence.tagged("role:now"))
    if not any(m.end <= at and sentence.together(m.at, at) for m in now) or sentence.naming("superlative"):
        return False
    own = scene.evidence.facts[reading.ids[0]]
    others = (
        scene.evidence.facts[other.ids[0]]
        for other in scene.evidence.of(reading.concepts)
        if other.role == "now" and not other.derived and own.id.startswith(f"{other.ids[0]}_")
    )
    said = {token.word for token in sentence.tokens}
    return any(said.isdisjoint(_telling(own) - _telling(other)) for other in others)


def _telling(fact: Fact) -> set[str]:
    return {word for word in fact.label.lower().replace(",", " ").split() if len(word) > _SMALL}


def _is_of_another(part: Reading, words: Around, scene: Scene) -> bool:
    """As in "131 bpm, 78 % of your maximum": the part must be that of the number which stands before it."""
    if not words.stated or not words.stated.isdisjoint(part.ids) or _is_of_a_pronoun(words, scene):
        return False
    return any(
        other.role == "part"
        and not words.stated.isdisjoint(other.ids[:1])
        and other.ids[1:] == part.ids[1:]
        and other.dimension == part.dimension
        for other in scene.evidence.by_dimension.get(part.dimension, ())
    )


def _is_of_a_pronoun(words: Around, scene: Scene) -> bool:
    """As in "Up from its low of 19.6, although it is only half of its level": of no number before it."""
    at, sentence = words.quantity.at, scene.sentence
    return any(m.end <= at and sentence.between(m.at, at) < APART for m in sentence.tagged("clause:pronoun"))


def _wrong_way_round(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "The intervals averaged 3:52, 85 seconds slower than the week": what is ahead is compared."""
    ahead, behind = (
        {
            fact_id
            for at, said in scene.said.items()
            if (at < words.quantity.at) == is_ahead
            for r in said
            for fact_id in r.ids
        }
        for is_ahead in (True, False)
    )
    one, other = reading.ids
    return (other in ahead and one not in ahead) or (one in behind and other not in behind)


def _two_of_now(reading: Reading, scene: Scene) -> tuple[Reading, Reading] | None:
    """Return the two facts of now of which a reading is the difference, or the part."""
    if reading.role not in ("change", "part") or len(reading.ids) != _PAIR:
        return None
    one, other = (scene.evidence.by_id[fact_id] for fact_id in reading.ids)
    return (one, other) if one.role == other.role == "now" else None


def _is_called_usual(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Typical decoupling of four weeks": the label of a fact of now calls it so."""
    first = scene.evidence.facts[reading.ids[0]].label.lower().split(maxsplit=1)[0]
    return first in AVERAGING and not words.windows


def _is_as_usual(reading: Reading, scene: Scene) -> bool:
    """As in "{session_decoupling} is normal for you", "{lightest_week_share} of what the others averaged"."""
    if reading.statistic == "average" and "share" in reading.concepts:
        return True
    return any(change.base == reading.base for change in scene.evidence.unchanged)


def _is_so_a_week(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Five runs and 62 km a week", on average in the eight weeks that all is of."""
    label = scene.evidence.facts[reading.ids[0]].label
    weekly = not reading.derived and A_WEEK.search(label) is not None
    return weekly and words.per == "week" and " before" not in label


def _was_best_of_its_time(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Your best half marathon of the last half year was {best_run_half_before}"."""
    sentence, at = scene.sentence, words.quantity.at
    if not words.quantity.fact or not sentence.has("superlative:best"):
        return False
    was = any(sentence.is_word(place, "were") for place in range(max(0, at - NEAR), at))
    return was and overlap(reading.days, words.windows)


def _is_a_break(reading: Reading) -> bool:
    """As in "After 12 days without training": no days of rest that others are compared with."""
    return "break" in reading.ids[0].split("_")
