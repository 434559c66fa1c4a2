"""Every word for a direction must agree with a fact: rose, fell, more, lighter, unchanged, above."""

from collections.abc import Callable, Iterator
from typing import Final

from training_analyzer.analysis.grounding.directions.between_metrics import (
    as_high_as,
    carried_over,
    more_of_one,
    of_changes,
    of_growth,
    of_manner,
    two_metrics,
)
from training_analyzer.analysis.grounding.directions.between_numbers import (
    from_to,
    of_equality,
    of_numbers,
    of_target,
)
from training_analyzer.analysis.grounding.directions.between_paces import of_paces
from training_analyzer.analysis.grounding.directions.between_pairs import (
    arrived,
    explained,
    of_a_pair,
    of_what_it_was,
)
from training_analyzer.analysis.grounding.directions.between_parts import (
    of_both_halves,
    of_ends,
    of_halves,
    of_parts,
    paced,
)
from training_analyzer.analysis.grounding.directions.between_plans import of_shortfall
from training_analyzer.analysis.grounding.directions.between_sports import of_both, of_likes, of_sports
from training_analyzer.analysis.grounding.directions.claims import claim, joined_to, looks_back
from training_analyzer.analysis.grounding.directions.denying import is_negated
from training_analyzer.analysis.grounding.directions.moving import changes
from training_analyzer.analysis.grounding.directions.of_drift import of_drift
from training_analyzer.analysis.grounding.directions.of_shares import of_shares
from training_analyzer.analysis.grounding.directions.passing import claims_nothing
from training_analyzer.analysis.grounding.directions.reaching import reached
from training_analyzer.analysis.grounding.directions.regions import regions
from training_analyzer.analysis.grounding.directions.states import (
    calls_calm,
    calls_new,
    for_weeks,
    states,
)
from training_analyzer.analysis.grounding.directions.unshown import (
    follows_a_sport,
    is_claimed,
    is_said_of_another,
    is_told_of_something,
)
from training_analyzer.analysis.grounding.implied import FLAT_PERCENT, FLAT_POINTS
from training_analyzer.analysis.grounding.sayable import IN_POINTS, TURNED, Direction, Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import NEAR

NEARLY_FLAT_PERCENT: Final = 12.0
NEARLY_FLAT_POINTS: Final = 2.0
"""What may be called nearly the same. Our choice."""
_STEADY: Final = frozenset({"speed", "heart_rate", "resting_heart_rate", "cadence"})
_NEARLY_STEADY_PERCENT: Final = 6.0
"""What hardly varies from one session to the next, so that less of it is much. Our choice."""
_NOT_MUCH: Final = {"percent": NEARLY_FLAT_PERCENT, "number": 6.0}
"""How much "not much" may be. Our choice."""
_IN_WHOLES: Final = frozenset({"session", "rest_day", "training_day"})
_HALF: Final = 0.5
_FOLLOWING: Final = {"load": frozenset({"fatigue", "form", "time", "distance", "longest"})}
"""What goes along with a metric: a lighter week tires less."""
_TOLD: Final = frozenset({"direction", "implied", "comparison"})
_ANY: Final = frozenset[str]()
_CLAIMS: Final[tuple[tuple[Callable[[Scene], Iterator[str]], frozenset[str]], ...]] = (
    (states, frozenset({"state", "sign"})),
    (calls_calm, frozenset({"calm:any"})),
    (calls_new, frozenset({"clause:new"})),
    (regions, frozenset({"metric", "thing:goal"})),
    (carried_over, frozenset({"clause:alike"})),
    (of_both, frozenset({"clause:both"})),
    (of_likes, frozenset({"clause:like"})),
    (paced, frozenset({"pacing"})),
    (of_both_halves, frozenset({"clause:both"})),
    (for_weeks, _ANY),
    (explained, frozenset({"clause:quantifier"})),
    (arrived, frozenset({"role:to"})),
    (reached, frozenset({"thing"})),
)
"""What a sentence may claim besides, and what calls for asking (`Sentence.calls_for`)."""
_VERSUS: Final = frozenset({"role:versus"})
_SPORT: Final = frozenset({"sport"})
_COMPARISONS: Final[tuple[tuple[Callable[[Mention, Scene], list[str] | None], frozenset[str]], ...]] = (
    (of_shares, _ANY),
    (of_drift, _ANY),
    (of_equality, frozenset({"flat:nearly", "clause:equal"})),
    (of_shortfall, frozenset({"direction:down"})),
    (of_paces, _VERSUS),
    (of_growth, frozenset({"clause:growth"})),
    (of_manner, frozenset({"clause:growth"})),
    (of_changes, _ANY),
    (two_metrics, frozenset({"comparison:above", "comparison:below", "role:versus"})),
    (as_high_as, frozenset({"direction:flat"})),
    (more_of_one, _VERSUS),
    (of_ends, frozenset({"end:first"})),
    (from_to, _ANY),
    (of_parts, _SPORT),
    (of_halves, frozenset({"thing:half1", "thing:half2"})),
    (of_sports, _SPORT),
    (of_target, frozenset({"thing"})),
    (of_numbers, _ANY),
    (of_what_it_was, _VERSUS),
    (of_a_pair, frozenset({"comparison", "clause:quantifier", "clause:growth"})),
)
"""
What a phrase may compare. Each returns None where it is no such thing; the first that is decides.
Beside it stands what calls for asking.
"""


def check(scene: Scene) -> Iterator[str]:
    """Return the directions that no fact shows. Advice and conditions state none."""
    if scene.advice:
        return
    for claims in scene.sentence.calls_for(_CLAIMS):
        yield from claims(scene)
    if not _TOLD.isdisjoint(scene.sentence.tags):
        yield from _told(scene)


def _told(scene: Scene) -> Iterator[str]:
    """Return the phrases for directions that facts contradict."""
    judges = scene.sentence.calls_for(_COMPARISONS)
    for mention in scene.sentence.mentions:
        if _TOLD.isdisjoint(mention.sections) or mention.at in scene.settled:
            continue
        if claims_nothing(mention, scene):
            continue
        compared = (judge(mention, scene) for judge in judges)
        if (order := next((found for found in compared if found is not None), None)) is not None:
            yield from order
            continue
        claimed, metrics = claim(mention, scene)
        if looks_back(mention, scene):
            claimed = TURNED.get(claimed, claimed)
        yield from _judge(mention, claimed, metrics, scene)
        if other := joined_to(metrics, mention, scene):
            yield from _judge(mention, claimed, other, scene)


def _judge(mention: Mention, claimed: str, metrics: frozenset[str], scene: Scene) -> Iterator[str]:
    readings = list(changes(metrics, mention, scene))
    if not _is_softened(mention, scene):
        readings = _as_facts_say(readings, scene)
    shown = {reading.direction for reading in readings}
    if is_negated(mention, scene):
        if not shown and is_claimed(mention, metrics, scene):
            yield f'"{mention.text}", but no fact shows a direction of {what(metrics)}'
        elif shown == {claimed} and not _is_denied_to_be_much(mention, readings, scene):
            yield f'"not {mention.text}", but {what(metrics)} went {claimed}'
        return
    if claimed == "flat" and _follows_a_multiple(mention, scene):
        return
    if claimed == "flat":
        yield from _judge_flat(mention, readings, metrics, scene)
        return
    if claimed in shown or claimed in _leanings(mention, scene):
        return
    if shown and (metrics or is_told_of_something(mention, scene)):
        yield f'"{mention.text}", but {what(metrics)} went {" or ".join(sorted(filter(None, shown)))}'
    elif metrics and is_claimed(mention, metrics, scene):
        yield f'"{mention.text}", but no fact shows a direction of {what(metrics)}'


def _as_facts_say(readings: list[Reading], scene: Scene) -> list[Reading]:
    """Leave out differences of which a fact says that they are none: 4.3 %, where 4.0 % are usual."""
    flat = {r.base for r in readings if not r.derived and r.base and r.direction == "flat"}
    by_id = scene.evidence.by_id
    return [r for r in readings if not (r.derived and flat.issuperset(by_id[i].base for i in r.ids))]


def _judge_flat(
    mention: Mention, readings: list[Reading], metrics: frozenset[str], scene: Scene
) -> Iterator[str]:
    if "flat:all" in mention.tags:  # "nothing has changed"
        named = _set_aside(mention, scene)
        meant = [r for r in readings if metrics or not r.derived]
        if told := _told_behind(mention, scene):
            meant = [r for r in meant if r.concepts & told]
        moved = [r for r in meant if not (r.concepts & named or _is_flat(r, loose=True))]
        if moved:
            yield f'"{mention.text}", but {what(moved[0].concepts)} did change'
        return
    if not readings and not is_said_of_another(mention, metrics, scene):
        return
    if not metrics and not follows_a_sport(mention, scene):
        return
    loose = "flat:nearly" in mention.tags or _is_softened(mention, scene)
    # A fact knows its own direction better than a difference does.
    stated = [reading for reading in readings if metrics and not reading.derived]
    if not any(_is_flat(reading, loose=loose) for reading in stated or readings):
        why = f"{what(metrics)} did change" if readings else f"no fact shows a direction of {what(metrics)}"
        yield f'"{mention.text}", but {why}'


def _told_behind(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Alles beim Alten: {rest_days} wie üblich, …": of what is told behind the colon."""
    tokens = scene.sentence.tokens
    if mention.end >= len(tokens) or tokens[mention.end].word != ":":
        return frozenset()
    behind = (said for at, said in scene.said.items() if at > mention.end)
    return frozenset[str]().union(*(r.concepts for said in behind for r in said))


def _set_aside(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "A little lighter, otherwise all as before": what is said to have moved is not meant."""
    if not any(0 <= mention.at - m.end <= 1 for m in scene.sentence.tagged("clause:otherwise")):
        return frozenset()
    ways = [m for m in scene.ways if m.end <= mention.at]
    implied = {key.partition(".")[0] for way in ways for key in way.keys("implied")}
    along = (_FOLLOWING.get(metric, frozenset()) for metric in implied)
    return frozenset(implied).union(*along, *(scene.subject_of(way) for way in ways))


def _leanings(mention: Mention, scene: Scene) -> set[Direction | None]:
    """As in "1.4 below", "rose by 7 W": to which side numbers are of each other that are so little apart."""
    return {
        reading.leans
        for quantity in scene.sentence.quantities
        if quantity.end == mention.at or 0 <= scene.gap(mention.end, quantity.at) <= 1
        for reading in scene.said.get(quantity.at, ())
        if reading.role == "change"
    }


def _follows_a_multiple(mention: Mention, scene: Scene) -> bool:
    """As in "Twice as many as usual": nothing is said to be as usual."""
    return any(q.fraction and 0 <= mention.at - q.end <= NEAR for q in scene.sentence.quantities)


def _is_softened(mention: Mention, scene: Scene) -> bool:
    """As in "About the same", "virtually unchanged", "it matched roughly what you are used to"."""
    reach = NEAR if "clause:equal" in mention.tags else 0
    nearly = scene.sentence.tagged("flat:nearly")
    if any(mention.end <= m.at and scene.sentence.together(m.at, mention.at) for m in nearly):
        return True  # "blieb bei {form}, also nah am Üblichen"
    return any(
        m.keys("hedge") or m.keys("soft")
        for m in scene.sentence.mentions
        if 0 <= mention.at - m.end <= 1 or 0 <= m.at - mention.end <= reach
    )


def _is_denied_to_be_much(mention: Mention, readings: list[Reading], scene: Scene) -> bool:
    """As in "The number of rides hardly grew", "not much fitter", "ohne viel Fitness zu verlieren"."""
    if any(0 <= mention.at - m.end <= 1 for m in scene.sentence.tagged("soft:small")):
        return any(_is_flat(r, loose=True) for r in readings if _is_measured_by_degrees(r))
    negations = scene.sentence.tagged("negation:not")
    much = any(
        degree.at == negation.end and degree.end <= mention.at <= degree.end + NEAR
        for negation in negations
        for degree in scene.sentence.tagged("clause:degree")
    )
    return much and any(
        abs(r.values[0]) <= _NOT_MUCH[r.dimension] for r in readings if _is_measured_by_degrees(r)
    )


def _is_measured_by_degrees(reading: Reading) -> bool:
    return reading.dimension == "percent" or bool(
        reading.concepts & IN_POINTS and reading.dimension == "number"
    )


def _is_flat(reading: Reading, *, loose: bool) -> bool:
    if reading.direction == "flat":
        return True
    if reading.dimension == "percent":
        nearly = _NEARLY_STEADY_PERCENT if reading.concepts & _STEADY else NEARLY_FLAT_PERCENT
        return abs(reading.values[0]) <= (nearly if loose else FLAT_PERCENT)
    limit = NEARLY_FLAT_POINTS if loose else FLAT_POINTS
    if reading.concepts & _IN_WHOLES:  # three are not "as many as" two
        limit = _HALF
    return reading.dimension in ("number", "beats") and abs(reading.values[0]) <= limit
