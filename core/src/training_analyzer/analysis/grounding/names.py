"""Everything that a text names must be in the facts: sports, sessions, days, bodies, sensors, records."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.always import always
from training_analyzer.analysis.grounding.courses import COURSES, is_told
from training_analyzer.analysis.grounding.drifting import is_drift
from training_analyzer.analysis.grounding.events import KINDS, LEGS, is_of_another_kind
from training_analyzer.analysis.grounding.lexicon import CAPITALIZING
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.superlatives import superlatives
from training_analyzer.analysis.grounding.surroundings import CLOSE, EVENTS, NEAR
from training_analyzer.analysis.grounding.unknown_periods import unknown_periods
from training_analyzer.analysis.grounding.warmth import is_felt

ORDINARY: Final = frozenset(
    {
        "time", "distance", "session", "load", "fitness", "fatigue", "form", "intensity", "share",
        "longest", "easy", "moderate", "hard", "history", "energy", "speed", "training_day", "rest_day",
        "since_last", "since_rest", "streak", "estimated", "strain", "ratio", "ramp", "efficiency",
        "threshold", "stroke_count", "steps",
    }
)  # fmt: skip
"""Metrics whose words are used in ordinary speech, too. Their numbers and directions are checked."""

REST: Final = frozenset({"rest_day"})
PLACES: Final = frozenset({"indoor", "outdoor", "open_water"})
"""Where somebody trains, which facts tell of one sport and not of another."""
_DRIFTING: Final = frozenset({"heart_rate", "power"})
"""What a decoupling is of, whatever facts there are of these: "pulse and power stayed together"."""
_CLOSING: Final = frozenset(":;")
_SPANS: Final = frozenset({"day", "week", "month"})
HALVES: Final = frozenset({"half1", "half2"})
ADVISABLE: Final = frozenset(
    {
        "intervals", "tempo", "planned", "missed", "goal", "indoor", "outdoor", "legs", "plan", "brick",
        "drill", "terrain", "flat_course",
    }
)  # fmt: skip
"""What advice may name though no fact does: it proposes, and claims nothing."""

EASY_ZONES: Final = frozenset({1, 2})
"""What easy training is in everybody's words."""

_NAMING: Final = frozenset({"thing", "sport", "metric", "variety"})
_MOVING: Final = frozenset({"direction", "role"})


def check(scene: Scene, language: str) -> Iterator[str]:
    """Return what the text names that no fact does."""
    for mention in scene.sentence.mentions:
        if "medical:any" in mention.tags and not _is_of_a_metric(mention, scene):
            yield f'medical wording ("{mention.text}")'
        elif "leak:any" in mention.tags:
            yield f'talk of instructions ("{mention.text}")'
        elif not (_NAMING.isdisjoint(mention.sections) or _is_what_drifts(mention, scene)):
            yield from _named(mention, scene)
    if not scene.advice and (unknown := scene.own_zones - scene.evidence.zones - EASY_ZONES):
        yield f"zone {min(unknown)}, of which no fact speaks"
    yield from superlatives(scene)
    if not scene.advice:
        yield from always(scene)
        yield from unknown_periods(scene)
    yield from _unknown(scene, language)


def _is_of_a_metric(mention: Mention, scene: Scene) -> bool:
    """As in "Your fitness is still depressed": it is lower, and nobody is ill."""
    if not mention.keys("direction"):
        return False
    between = scene.sentence.between
    ahead = [m for m in scene.sentence.mentions if m.end <= mention.at and scene.metrics_named(m)]
    return (
        bool(ahead)
        and between(ahead[-1].at, mention.at) < APART
        and not scene.sentence.says("person", ahead[-1].end, mention.at)
    )


def _is_what_drifts(mention: Mention, scene: Scene) -> bool:
    """As in "The pulse drifted by {session_decoupling}"."""
    if mention.keys("metric") != {"heart_rate"}:
        return False
    return any(is_drift(quantity, scene) for quantity in scene.sentence.quantities)


def _named(mention: Mention, scene: Scene) -> Iterator[str]:
    evidence = scene.evidence
    known = evidence.names
    sports, things = mention.keys("sport"), mention.keys("thing")
    precise = mention.keys("effort") | mention.keys("variety")
    unknown = precise - evidence.efforts or _is_of_other_sports(mention, scene)
    if unknown and not scene.advice:
        yield f'"{mention.text}", of which no fact speaks'
        return
    keys = mention.keys("metric") | sports | things
    if precise and not keys:
        return
    if not _MOVING.isdisjoint(mention.sections):
        return  # "climbing": a direction where it is no ascent
    if is_of_another_kind(keys, evidence) and not _is_of_training(mention, scene):
        yield f'"{mention.text}", of which no fact speaks'
        return
    if things or sports:
        keys -= ORDINARY  # "Koppeleinheit", "Schwimmeinheiten" are sessions, but no common ones
    if keys & known or keys & ORDINARY:
        return
    if sports and scene.runs_on(mention):
        return
    advises = scene.advice or scene.sentence.has("advice:anywhere", "clause:if")
    if advises and (sports or keys & ADVISABLE):
        return
    if _is_allowed(mention, keys, known, scene):
        return
    yield f'"{mention.text}", of which no fact speaks'


def _is_of_training(mention: Mention, scene: Scene) -> bool:
    """As in "A balanced triathlon week", "une semaine de triathlon", where all of its sports were trained."""
    if not any(LEGS.get(kind, KINDS) <= scene.evidence.sports for kind in mention.keys("thing")):
        return False
    of = next((m for m in scene.sentence.tagged("article:of") if m.end == mention.at), None)
    beside = (m for m in scene.sentence.naming("unit") if m.at == mention.end or (of and m.end == of.at))
    return any(m.keys("unit") & _SPANS for m in beside)


def _is_of_other_sports(mention: Mention, scene: Scene) -> bool:
    """As in "Auf dem Laufband", where the rides were indoors, and no run was."""
    things = mention.keys("thing") & PLACES
    if not things:
        return False
    own = mention.keys("sport") or ({"run"} if "clause:for_running" in mention.tags else frozenset[str]())
    if not own:
        return False
    told = [label.sports for label in scene.evidence.labels.values() if label.things & things]
    return bool(told) and all(sports and sports.isdisjoint(own) for sports in told)


def _is_allowed(mention: Mention, keys: frozenset[str], known: frozenset[str], scene: Scene) -> bool:
    """Return whether a thing may be named though no fact names it: others imply it, or it claims nothing."""
    if keys == {"taper"}:
        return "race" in known
    if keys == {"missed"}:
        return (
            any("missed" in reading.things for said in scene.said.values() for reading in said)
            or _leaves_out_rest(mention, scene)
            or _misses_a_goal(mention, scene)
        )
    if mention.keys("warmth"):
        return is_felt(mention, scene)
    if keys == {"plan"}:
        return "planned" in known
    if keys == {"readiness"}:
        return _is_denied(mention, scene)
    if keys <= _DRIFTING:
        both = scene.spoken_metrics() >= _DRIFTING
        return "decoupling" in known and (both or scene.spoken_of("metric:decoupling"))
    if keys & COURSES:
        return is_told(keys, known, scene)
    if keys & HALVES:  # a decoupling is told by the halves of a session
        return "decoupling" in known
    if keys <= EVENTS and _is_about_an_event(mention, keys, scene):
        return True
    return keys == {"capacity"} or _is_of_training(mention, scene)


def _is_about_an_event(mention: Mention, keys: frozenset[str], scene: Scene) -> bool:
    """As in "The event", "the 165 km you have planned", where the facts are of a race."""
    if keys == {"race"} and "event" in scene.evidence.things:
        return scene.sentence.has_before(mention.at, "article:one", "negation:none")
    if "event" in keys:
        return bool(EVENTS & (scene.evidence.things | scene.evidence.concepts))
    return any(
        EVENTS & (reading.things | reading.concepts) for said in scene.said.values() for reading in said
    )


def _is_denied(mention: Mention, scene: Scene) -> bool:
    """As in "That tells you about rest rather than readiness", "no sign of readiness"."""
    sentence = scene.sentence
    denied = any(
        0 <= mention.at - m.end <= NEAR and sentence.together(m.at, mention.at)
        for m in sentence.tagged("negation:not")
    )
    tokens = scene.sentence.tokens
    marks = (at for at in range(mention.end, len(tokens)) if tokens[at].word in _CLOSING)
    return denied and not scene.parts_numbers(mention.end, next(marks, len(tokens)))


def _leaves_out_rest(mention: Mention, scene: Scene) -> bool:
    """As in "You skipped rest days", where there were none."""
    rest = any(
        0 <= m.at - mention.end <= CLOSE and m.keys("metric") & REST for m in scene.sentence.naming("metric")
    )
    return rest and any(r.role == "now" and r.values[0] == 0 for r in scene.evidence.of(REST))


def _misses_a_goal(mention: Mention, scene: Scene) -> bool:
    """As in "The goal of 3:20 was missed", where it took longer."""
    sentence = scene.sentence
    near = [m for m in sentence.tagged("thing:goal") if sentence.together(m.at, mention.at)]
    if not near:
        return False
    times = [r for r in scene.evidence.by_dimension.get("time", ()) if r.role == "now" and not r.derived]
    goals = [goal for goal in times if "goal" in goal.things]
    taken = [r for r in times if "goal" not in r.things and r.things.isdisjoint(HALVES)]
    return any(
        one.values[0] > goal.values[0]
        for goal in goals
        for one in taken
        if goal.concepts <= one.concepts and goal.sports == one.sports
    )


def _unknown(scene: Scene, language: str) -> Iterator[str]:
    """Names that the lexicon does not have: capitals where there should be none."""
    sentence = scene.sentence
    for at in sentence.unknown:
        token = sentence.tokens[at]
        shouted = len(token.text) > 1 and token.text.isupper()
        capital = at > 0 and token.text[0].isupper() and language not in CAPITALIZING
        if capital and not shouted and (len(token.text) == 1 or sentence.tokens[at - 1].word in ":\"“„«'"):
            continue
        if (
            (shouted or capital)
            and token.word not in scene.evidence.words
            and not token.word.startswith("i'")
        ):
            yield f'"{token.text}", a name that no fact has'
