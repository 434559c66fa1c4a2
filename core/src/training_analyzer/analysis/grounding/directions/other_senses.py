"""Words for a direction that mean something else: a climb is a hill, and what "fell into May" was then."""

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention


def is_a_slope(mention: Mention, scene: Scene) -> bool:
    """As in "The longest climb took 48 minutes", "tres subidas": a hill, and no rise."""
    sentence = scene.sentence
    if "clause:slope" not in mention.tags or "elevation" not in scene.evidence.concepts:
        return False
    told = ("superlative", "end", "ordinal")
    beside = filter(None, (sentence.ending.get(mention.at), sentence.starting.get(mention.end)))
    counted = any(q.end == mention.at and q.dimension is None for q in sentence.quantities)
    return counted or any(m.keys(section) for m in beside for section in told)


def is_a_heartbeat(mention: Mention, scene: Scene) -> bool:
    """As in "Ton cœur a battu 5 coups de moins": it beat, and has beaten nothing."""
    if "clause:ahead" not in mention.tags:
        return False
    ahead = [m for m in scene.sentence.naming("metric") if m.end <= mention.at]
    return (
        bool(ahead)
        and "metric:heart_rate" in ahead[-1].tags
        and scene.sentence.together(ahead[-1].at, mention.at)
    )


def falls_into_a_period(mention: Mention, scene: Scene) -> bool:
    """As in "Deine längste Strecke fällt in diesen Monat: 3,6 km": then it was, and nothing sank."""
    sentence = scene.sentence
    if mention.keys("direction") != {"down"}:
        return False
    if _into_a_period_first(mention, scene):
        return True
    called = any(
        scene.superlatives_of(m) and sentence.together(m.at, mention.at)
        for m in sentence.naming("superlative")
        if m.end <= mention.at
    )
    if not called:
        return False
    into = next((m for m in sentence.tagged("role:now") if 0 <= m.at - mention.end <= 1), None)
    led = sentence.tagged("role:by_before") if into else ()
    return into is not None and not any(m.at >= into.end and sentence.together(m.at, into.at) for m in led)


def _into_a_period_first(mention: Mention, scene: Scene) -> bool:
    """As in "In diese Woche fällt die neue Bestzeit"."""
    now = scene.sentence.ending.get(mention.at)
    if now is None or "role:now" not in now.tags:
        return False
    return scene.sentence.says("inside", now.at - 1, now.at)


def was_held(mention: Mention, scene: Scene) -> bool:
    """As in "Du hast 20 Minuten lang {best_power_20min} gehalten": for so long, and not as before."""
    if not scene.sentence.is_word(mention.at, "held"):
        return False
    ahead = next((q for q in scene.sentence.quantities if q.end == mention.at), None)
    if ahead is None:
        return False
    return any(reading.statistic == "peak" for reading in scene.said.get(ahead.at, ()))


def turned_out(mention: Mention, scene: Scene) -> bool:
    """As in "Die Fahrten fielen kürzer aus als sonst": how they were, which the word between says."""
    sentence, tokens = scene.sentence, scene.sentence.tokens
    if mention.keys("direction") != {"down"} or "clause:growth" not in mention.tags:
        return False
    marks = (at for at in range(mention.end, len(tokens)) if tokens[at].kind == "mark")
    last = next(marks, len(tokens))
    out = next((at for at in range(mention.end + 1, last) if sentence.is_word(at, "out")), None)
    return out is not None and (out + 1 == last or sentence.has_at(out + 1, "role:versus", "clause:and"))
