"""Which direction a phrase claims, and of which metrics."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.directions.about import (
    counted_at,
    found_in,
    is_at_as_many,
    is_told_elsewhere,
    points_back,
    stated_before,
    summed_up,
    told_from,
)
from training_analyzer.analysis.grounding.directions.denying import is_negated
from training_analyzer.analysis.grounding.directions.moving import changes, changes_beside, directions_of
from training_analyzer.analysis.grounding.directions.of_others import is_of_those_before
from training_analyzer.analysis.grounding.directions.shown_by import (
    EFFICIENCY,
    FATIGUE,
    FORM,
    is_at_the_same_pulse,
    is_shown_by_form,
)
from training_analyzer.analysis.grounding.sayable import TURNED
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, EVENTS, NEAR

HARDNESS: Final = frozenset({"load", "heart_rate", "power", "hard", "speed"})
_COSTS: Final = frozenset({"swolf", "decoupling"})
"""What shows as well as the pulse how much something costs."""
_PULSE: Final = frozenset({"heart_rate"})
_DRIVING: Final = frozenset({"speed", "power", "cadence"})
"""What a heartbeat drives."""
_TRAINING: Final = ("sport:ride", "sport:run", "sport:swim", "metric:session")
_TRAINED: Final = frozenset({"time", "load"})
_LONGEST: Final = frozenset({"longest"})
_TIME: Final = frozenset({"time"})
_TIMED: Final = frozenset({"time", "race"})
_SPEED: Final = frozenset({"speed"})
_MERITS: Final = frozenset({"better", "worse"})
_NAMED: Final = ("metric:fitness", "metric:form", "metric:load", "metric:time", "article:of")
_RACE: Final = frozenset({"race"})
BETTER_WHEN_LOWER: Final = frozenset(
    {"resting_heart_rate", "decoupling", "fatigue", "monotony", "strain", "swolf", "ground_contact"}
)

_VOLUME: Final = frozenset({"load", "time", "distance"})
_NO: Final = frozenset[str]()


def claim(mention: Mention, scene: Scene) -> tuple[str, frozenset[str]]:
    """Return which direction is claimed, and of which metrics."""
    implied = sorted(mention.keys("implied"))
    if is_shown_by_form(implied, mention, scene):
        return TURNED[implied[0].partition(".")[2]], FORM
    if not implied and is_at_as_many(mention, scene):
        return _way(mention, _VOLUME, scene), _VOLUME
    if not implied and is_told_elsewhere(mention, scene):
        return _way(mention, _NO, scene), _NO
    claimed, metrics = _claimed(mention, implied, scene)
    if mention.keys("direction") & _MERITS and _is_of_output(metrics, mention, scene):
        return claimed, EFFICIENCY
    if metrics == FATIGUE and claimed in TURNED:
        unlike = claimed not in directions_of(FATIGUE, mention, scene)
        if _is_held_against_the_usual(mention, scene) or (unlike and _is_of_some_fatigue(mention, scene)):
            return TURNED[claimed], FORM
    return claimed, metrics


def _is_of_output(metrics: frozenset[str], mention: Mention, scene: Scene) -> bool:
    """As in "As many rides, and a step forward": where nothing else moved, what a heartbeat gives did."""
    named = scene.named_before(mention) or scene.sentence.has_at(mention.end, *_NAMED)
    moved = directions_of(metrics, mention, scene) - {"flat"}
    return not (named or moved) and bool(directions_of(EFFICIENCY, mention, scene) - {"flat"})


def _is_of_some_fatigue(mention: Mention, scene: Scene) -> bool:
    """As in "In balance, with a touch more fatigue": than is usual, which form tells."""
    more = "clause:quantifier" in mention.tags and scene.sentence.has_at(mention.end, "metric:fatigue")
    return more and scene.against(mention.at, mention.end) != "past"


def _is_held_against_the_usual(mention: Mention, scene: Scene) -> bool:
    """As in "A little more fatigue than usual": of fatigue that is not known, form tells as much."""
    sentence = scene.sentence
    if any(q.end == mention.at for q in sentence.quantities):
        return False  # "{load_change} below usual, let fatigue drop to {fatigue}"
    than = [mention, *(m for m in sentence.tagged("role:versus") if 0 <= m.at - mention.end <= NEAR)]
    usual = any(
        0 <= m.at - one.end <= CLOSE and sentence.together(m.at, mention.at)
        for one in than
        for m in sentence.naming("habit")
    )
    if "clause:quantifier" in mention.tags and sentence.has_at(mention.end, "metric:fatigue"):
        # "mehr Ermüdung als in den vier Wochen davor"
        usual = usual or scene.against(mention.at, mention.end) == "habit"
    return usual and not any(r.role == "usual" and not r.derived for r in scene.evidence.of(FATIGUE))


def _claimed(mention: Mention, implied: Sequence[str], scene: Scene) -> tuple[str, frozenset[str]]:
    if not implied and (found := found_in(mention, scene)):
        metrics = found
    elif not implied and points_back(mention, scene):
        metrics = scene.before.spoken_metrics() if scene.before is not None else frozenset()
    else:
        metrics = (
            told_from(mention, scene)
            or counted_at(mention, scene)
            or summed_up(mention, scene)
            or scene.subject_of(mention)
        )
    if implied:
        return _implied(implied[0], metrics, mention, scene)
    metrics = metrics or stated_before(mention, scene)
    way = _way(mention, metrics, scene)
    if metrics == _PULSE and way == "up" and is_at_the_same_pulse(metrics, mention, scene):
        return way, EFFICIENCY
    return way, metrics


def _implied(key: str, subject: frozenset[str], mention: Mention, scene: Scene) -> tuple[str, frozenset[str]]:
    """As in "Longer", "harder", "fitter": what a word says by itself, of a subject that has it or not."""
    metric, direction = key.split(".")
    if metric == "time" and scene.sentence.says("training", mention.at, mention.end):
        return direction, _TRAINED  # "with less training": of its time or its load
    if metric == "time" and not directions_of(frozenset({metric}), mention, scene):
        metric = "distance"  # "longer than usual", of a run whose way is known
    own = frozenset({metric})
    known = directions_of(own, mention, scene) if metric == "intensity" else {metric}
    attributed = not known and is_negated(mention, scene) and scene.sentence.has_at(mention.end, *_TRAINING)
    if not attributed and (not known or (known == {"flat"} and not is_negated(mention, scene))):
        own = HARDNESS  # whatever made it hard; not so "it came from time, not from harder riding"
    metrics = subject if subject & {metric, "longest"} and directions_of(subject, mention, scene) else own
    if metric == "time" and _is_of_the_longest(mention, scene):
        metrics = _LONGEST
    elif metric == "heart_rate" and subject & _COSTS:
        metrics = subject & _COSTS  # "SWOLF improved, so each length cost you less"
    elif metrics & _DRIVING and is_at_the_same_pulse(metrics, mention, scene):
        metrics = EFFICIENCY
    elif metric == "speed" and not directions_of(metrics, mention, scene):
        metrics |= {"cadence"}  # "you pedalled a little faster"
    return direction, metrics


def _is_of_the_longest(mention: Mention, scene: Scene) -> bool:
    """As in "Longer long runs", "the long run was shorter", "your longest run was longer"."""
    long, together = scene.sentence.tagged("clause:long"), scene.sentence.together
    if any(
        0 <= m.at - mention.end <= 1 or (m.end <= mention.at and together(m.at, mention.at)) for m in long
    ):
        return True
    return "longest" in scene.subject_of(mention)


def _way(mention: Mention, metrics: frozenset[str], scene: Scene) -> str:
    """Return which way a phrase says that metrics went."""
    keys = mention.keys("direction")
    if keys <= TURNED.keys() and (
        _is_of_a_split(mention, scene)
        or _is_of_a_best_time(metrics, mention, scene)
        or _is_time_won(mention, scene)
    ):
        keys = frozenset(TURNED[key] for key in keys)
    if keys & {"better", "worse"}:
        lower = metrics & BETTER_WHEN_LOWER or (metrics - _RACE == _TIME and _is_raced_for(scene))
        return "up" if ("better" in keys) != bool(lower) else "down"
    return next(iter(sorted(keys)), "")


def _is_of_a_best_time(metrics: frozenset[str], mention: Mention, scene: Scene) -> bool:
    """As in "The half marathon came down by {record_gain}": less of its time is faster."""
    behind = next((q for q in scene.sentence.quantities if 0 <= q.at - mention.end <= 1), None)
    said = scene.said.get(behind.at, ()) if behind and behind.fact else ()
    if not metrics and any(r.role == "now" and r.concepts >= {"speed", "time"} for r in said):
        return True  # "your best over five kilometres is down to {best_run_5k}"
    of_time = metrics <= _TIMED or _TIME < metrics <= _TIMED | _SPEED
    if not of_time or "speed" not in scene.evidence.concepts or "clause:ahead" in mention.tags:
        return False
    # "You took six seconds off your best 400 m": nothing but the number says that it is a time.
    won = "clause:won" in mention.tags  # who loses time is slower
    moved = changes(metrics, mention, scene) if metrics else () if won else changes_beside(mention, scene)
    of_speed = [r.concepts >= {"speed", "time"} for r in moved]
    return bool(of_speed) and all(of_speed)


def _is_time_won(mention: Mention, scene: Scene) -> bool:
    """As in "The prediction was 1:49:00, so you've gained two minutes": who gains time, takes less."""
    if "clause:won" not in mention.tags:
        return False
    behind = next((q for q in scene.sentence.quantities if 0 <= q.at - mention.end <= 1), None)
    said = scene.said.get(behind.at, ()) if behind else ()
    return any(r.dimension == "time" and r.role == "change" and r.things & EVENTS for r in said)


def _is_raced_for(scene: Scene) -> bool:
    """Return whether less time is better, and no fact keeps its direction as one of speed."""
    return bool(scene.evidence.things & EVENTS) and not any(
        reading.dimension == "time" and "speed" in reading.concepts for reading in scene.evidence.of(_TIME)
    )


def _is_of_a_split(mention: Mention, scene: Scene) -> bool:
    """As in "Your split came down four seconds": a split is a time, and less of it is faster."""
    ahead = [m for m in scene.sentence.naming("metric") if m.end <= mention.at]
    if not ahead or not scene.sentence.together(ahead[-1].at, mention.at):
        return False
    split = mention.at - ahead[-1].end <= CLOSE and "clause:split_time" in ahead[-1].tags
    return split or bool(scene.per_way(ahead[-1]))


def looks_back(mention: Mention, scene: Scene) -> bool:
    """
    As in "A week ago it was 18 points lower": what was lower has risen.

    Not so "compared with four weeks ago", "gegenüber dem Stand vor vier Wochen".
    """
    return is_of_those_before(mention, scene) or any(
        back.end <= mention.at and scene.sentence.between(back.at, mention.at) < APART
        for back in scene.sentence.tagged("clause:back")
        if not any(0 <= back.at - versus.end <= CLOSE for versus in scene.sentence.tagged("role:versus"))
    )


def joined_to(metrics: frozenset[str], mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Pulse and power rose": the other one of two of which a direction is said."""
    rest = other_of_two(metrics, mention, scene)
    return rest if rest and directions_of(rest, mention, scene) - {None} else frozenset()


def other_of_two(metrics: frozenset[str], mention: Mention, scene: Scene) -> frozenset[str]:
    sentence = scene.sentence
    named = [m for m in sentence.naming("metric") if scene.metrics_named(m)]
    for one, other in pairwise(named):
        joined = any(
            m.at == one.end and m.end in (other.at, other.at - 1) for m in sentence.tagged("clause:and")
        )
        beside = other.end == mention.at or mention.end == one.at or mention.end == one.at - 1
        counted = "clause:single_rest" in other.tags  # "bei höherer Belastung und nur einem Ruhetag"
        if (
            joined
            and beside
            and not counted
            and metrics in (scene.metrics_named(one), scene.metrics_named(other))
        ):
            return (scene.metrics_named(one) | scene.metrics_named(other)) - metrics
    return frozenset()
