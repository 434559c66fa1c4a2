"""Best, longest, first, ever: what a text calls so, a fact must call so, and of the same."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.ends import are_named, is_of_end
from training_analyzer.analysis.grounding.firsts import is_first_since
from training_analyzer.analysis.grounding.labels import label_of
from training_analyzer.analysis.grounding.misfits.spans import overlap
from training_analyzer.analysis.grounding.phrases import Running
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.since_when import (
    is_never_beyond,
    is_of_a_longer_time,
    is_since,
    is_surpassed,
    was_bettered,
)
from training_analyzer.analysis.grounding.stretches import named_stretches, stretches_of
from training_analyzer.analysis.grounding.surroundings import CLOSE
from training_analyzer.analysis.grounding.unanswered import is_unanswered

_NEAR_THE_PEAK: Final = frozenset({"fitness_near_peak"})
_FITNESS: Final = frozenset({"fitness"})
_OF_PEAK: Final = "fitness_of_peak"
_NEAR: Final = frozenset({"hedge:about", "hedge:under"})
_NEARLY: Final = 90.0
"""Percent of a highest value that are close to it. Our choice."""
_KINDS: Final = frozenset({"open_water", "indoor", "outdoor"})
_LONG: Final = frozenset({28.0, 30.0, 60.0, 90.0, 180.0, 365.0})
_EVER: Final = frozenset({"personal", "record", "ever", "career", "lifetime"})
_OF_BESTS: Final = frozenset({"time", "power"})
_OUR_RECORD: Final = "record_gain"
_LEADING_ON: Final = frozenset({"clause:within", "clause:hanging", "role:at"})


def superlatives(scene: Scene) -> Iterator[str]:
    """Return the superlatives that no fact supports, or that a fact says of something else."""
    known = scene.evidence.superlatives
    for mention in scene.sentence.naming("superlative"):
        kinds = scene.superlatives_of(mention)
        if (
            not kinds
            or mention.at in scene.settled
            or scene.sentence.has_at(mention.end, "clause:thereof")
            or (
                kinds & known
                and ("ever" not in kinds or "ever" in known)
                and not _is_another(mention, kinds, scene)
                and not is_of_a_longer_time(mention, kinds, scene)
                and not is_surpassed(mention, kinds, scene)
                and not was_bettered(mention, scene)
                and _is_of_that(mention, kinds, scene)
                and not _is_of_a_time_only(mention, kinds, scene)
            )
            or mention.keys("metric") & scene.evidence.concepts - {"longest"}
        ):
            continue
        if scene.advice and not kinds & {"record", "ever"}:
            continue
        if kinds == {"first"} and (is_first_since(mention, scene) or _is_of_two_ends(scene)):
            continue
        if _is_share_of_the_peak(mention, kinds, scene):
            continue
        if kinds == {"ever"} and _goes_beyond_a_number(mention, scene):
            continue
        if (
            is_never_beyond(mention, scene)
            or is_since(mention, kinds, scene)
            or is_unanswered(mention, scene)
        ):
            continue
        yield f'"{mention.text}", a superlative that no fact supports'


def _is_of_two_ends(scene: Scene) -> bool:
    """As in "Von der ersten zur letzten Wiederholung kletterte der Puls", where facts are of both."""
    if not (are_named(scene) and scene.evidence.ends):
        return False
    return bool(scene.ways) or any(
        is_of_end(reading, quantity, scene)
        for quantity in scene.sentence.quantities
        for reading in scene.said.get(quantity.at, ())
    )


def _is_share_of_the_peak(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "Ausgeglichen und nahe am Höchststand": how near, a share of the highest fitness tells."""
    if kinds != {"highest"} or _OF_PEAK not in scene.evidence.facts:
        return False
    if scene.spoken_metrics() - _FITNESS:
        return False
    near = any(0 <= mention.at - m.end <= CLOSE and m.tags & _NEAR for m in scene.sentence.mentions)
    near = near and scene.evidence.facts[_OF_PEAK].value >= _NEARLY
    return near or any(Running(scene.sentence.tokens, scene.language).find(_NEAR_THE_PEAK))


def _goes_beyond_a_number(mention: Mention, scene: Scene) -> bool:
    """As in "Heart rate never went above 163": the number is the highest, and is checked as such."""
    if _follows_a_number(mention, scene):
        return True
    return any(
        0 <= m.at - mention.end <= CLOSE and (m.end == quantity.at or _is_than(m.end, quantity.at, scene))
        for m in scene.ways
        for quantity in scene.sentence.quantities
    )


def _follows_a_number(mention: Mention, scene: Scene) -> bool:
    """As in "Länger als {longest_gap} war nie Pause", "mehr als {longest_gap} hast du nie pausiert"."""
    sentence = scene.sentence
    ahead = next((q for q in reversed(sentence.quantities) if q.end <= mention.at), None)
    if ahead is None or not sentence.together(ahead.at, mention.at):
        return False
    return sentence.has_before(ahead.at, "role:versus", "hedge:over")


def _is_than(start: int, end: int, scene: Scene) -> bool:
    """As in "Die Pausen waren nie länger als {longest_gap}"."""
    than = scene.sentence.starting.get(start)
    return than is not None and than.end == end and "role:versus" in than.tags


def _is_of_that(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """Return whether the fact that is called best is of the metric that the text calls best."""
    if kinds & {"longest", "first"}:
        return not _is_of_another_kind(mention, kinds, scene)
    best = [fact_id for fact_id, marks in scene.evidence.superlatives_of.items() if marks & kinds]
    if _is_of_another_span(mention, best, scene):
        return False
    if _is_over_that(mention, best, scene) or _is_the_record(mention, scene):
        return True
    if any(set(reading.ids) & set(best) for said in scene.said.values() for reading in said):
        return True
    if any(
        _is_as_much(reading, scene.evidence.by_id[fact_id])
        for said in scene.said.values()
        for reading in said
        for fact_id in best
    ):
        return True
    if any(
        reading.statistic == "peak"
        for at, said in scene.said.items()
        if 0 <= at - mention.end <= CLOSE
        for reading in said
    ):
        return True
    if metrics := scene.subject_of(mention):
        return any(scene.evidence.by_id[fact_id].concepts & metrics for fact_id in best)
    return "thing:result" in mention.tags and any(_was_reached(fact_id, scene) for fact_id in best)


def _is_over_that(mention: Mention, best: list[str], scene: Scene) -> bool:
    """As in "A new best over five minutes", "the best 5 km of half a year"."""
    by_id = scene.evidence.by_id
    told = (by_id[q.fact] for q in scene.sentence.quantities if q.fact in by_id)
    if any(fact.ids[0] not in best and fact.dimension in _OF_BESTS for fact in told):
        return False  # "a new best over 5 km: {time_week}"
    known = frozenset[float]().union(*(stretches_of(by_id[fact_id], scene) for fact_id in best))
    return bool(known) and any(
        stretch.size in known
        for stretch in named_stretches(scene)
        if 0 <= stretch.at - mention.end <= CLOSE or 0 <= mention.at - stretch.end <= CLOSE
    )


def _is_the_record(mention: Mention, scene: Scene) -> bool:
    """As in "A record in a lighter week", and no "record week": there was one, over whatever it was."""
    starts = [mention.at - ahead for ahead in range(CLOSE + 2) if mention.at > ahead]
    listed = any(scene.sentence.begins(start) for start in starts)  # "more intensity, and a new best"
    if _OUR_RECORD not in scene.evidence.facts or (scene.subject_of(mention) and not listed):
        return False
    tokens, behind = scene.sentence.tokens, scene.sentence.starting.get(mention.end)
    ends = mention.end == len(tokens) or tokens[mention.end].kind == "mark"
    return ends or (behind is not None and not behind.tags.isdisjoint(_LEADING_ON))


def _is_of_another_kind(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "Your longest open-water swim", where the longest is of all swims."""
    kind = frozenset[str]().union(
        *(m.keys("thing") & _KINDS for m in scene.sentence.mentions if m.at == mention.end)
    )
    evidence = scene.evidence
    if not kind or kind <= evidence.activity:
        return False
    return not any(
        marks & kinds and kind <= label_of(fact_id, evidence.facts[fact_id].label).things
        for fact_id, marks in evidence.superlatives_of.items()
    )


def _is_of_another_span(mention: Mention, best: list[str], scene: Scene) -> bool:
    """As in "1,318 W, your highest power of the last 90 days", where that was 1,352 W."""
    evidence = scene.evidence
    said = [r for readings in scene.said.values() for r in readings if r.role == "now" and not r.derived]
    days = {
        q.meanings[0].value
        for q in scene.sentence.quantities
        if q.dimension == "days" and 0 <= q.at - mention.end <= 2 * CLOSE + 1
    }
    of_span = [evidence.by_id[i] for i in best if evidence.by_id[i].days & days]
    alike = [
        _is_as_much(one, other)
        for one in said
        for other in of_span
        if one.dimension == other.dimension and one.concepts == other.concepts
    ]
    return bool(alike) and not any(alike)


def _was_reached(best: str, scene: Scene) -> bool:
    """As in "A new personal best", where the best time of all is the finish time."""
    one = scene.evidence.by_id[best]
    return one.role == "now" and any(
        _is_as_much(one, other) and one.concepts & other.concepts and one.sports == other.sports
        for other in scene.evidence.by_dimension.get(one.dimension, ())
        if other.role == "now" and not other.derived
        if not scene.evidence.superlatives_of[other.ids[0]] and "goal" not in other.things
    )


def _is_of_a_time_only(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "A new personal best", where it is the fastest of the year."""
    if not ("thing:result" in mention.tags and kinds & {"best", "record"}):
        return False
    facts = scene.evidence.facts
    labels = [
        label_of(fact_id, facts[fact_id].label)
        for fact_id, marks in scene.evidence.superlatives_of.items()
        if marks & {"best", "record"}
    ]
    return bool(labels) and all(
        overlap(label.days, _LONG) and not label.words & _EVER and not label.superlatives & {"record", "ever"}
        for label in labels
    )


def _is_as_much(one: Reading, other: Reading) -> bool:
    return one.dimension == other.dimension and one.values[0] == other.values[0]


def _is_in_apposition(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "13.8 km, your longest row", where the longest was 16 km."""
    tokens = scene.sentence.tokens
    comma = next(
        (at for at in range(mention.at - 1, max(0, mention.at - CLOSE) - 1, -1) if tokens[at].word == ","), 0
    )
    ahead = next((q for q in scene.sentence.quantities if q.end == comma), None) if comma else None
    said = scene.said.get(ahead.at, []) if ahead else []
    best = [
        scene.evidence.by_id[fact_id]
        for fact_id, marks in scene.evidence.superlatives_of.items()
        if marks & kinds
    ]
    return (
        bool(said)
        and kinds == {"longest"}
        and all(
            any(other.dimension == one.dimension and other.values[0] > one.values[0] for other in best)
            and not any(_is_as_much(one, other) for other in best)
            for one in said
        )
    )


def _is_another(mention: Mention, kinds: frozenset[str], scene: Scene) -> bool:
    """As in "This was your longest row", where the longest was another."""
    if _is_in_apposition(mention, kinds, scene):
        return True
    if not scene.sentence.has_before(mention.at, "clause:this_is"):
        return False
    by_id = scene.evidence.by_id
    best = [by_id[fact_id] for fact_id, marks in scene.evidence.superlatives_of.items() if marks & kinds]
    if kinds == {"longest"} and any(r in best for said in scene.said.values() for r in said):
        return False  # "at 32.4 km this was your longest ski session", among laps and races
    this_is = scene.sentence.ending[mention.at]
    ahead = next((q for q in scene.sentence.quantities if q.end == this_is.at), None)
    if ahead and any(r in best for r in scene.said.get(ahead.at, ())):
        return False  # "the {best_run_5k_before} that was your best"
    others = [r for r in scene.evidence.readings if r.role == "now" and not r.derived and r not in best]
    alike = [
        _is_as_much(one, other)
        for one in best
        for other in others
        if one.dimension == other.dimension and other.concepts <= one.concepts and other.concepts
    ]
    return bool(alike) and not any(alike)
