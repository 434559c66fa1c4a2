"""Whether a number is said to be an average or a peak, and by what it is divided."""

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR


def statistic_of(quantity: Quantity, scene: Scene) -> str:
    """Return whether a number is said to be an average, a peak, or normalized; empty if neither."""
    sentence = scene.sentence
    said = sentence.naming("statistic")
    if not said:
        return "average" if _is_averaged_ahead(quantity, scene) else ""
    before = [
        m
        for m in said
        if m.end <= quantity.at
        and sentence.between(m.at, quantity.at) < APART
        and not scene.quantities_between(m.end, quantity.at)
    ]
    after = [
        m
        for m in said
        if 0 <= m.at - quantity.end <= NEAR
        and sentence.between(quantity.end - 1, m.at) < APART
        and not scene.quantities_between(quantity.end, m.at)
    ]
    nearest = before[-1] if before else after[0] if after else None
    if nearest is None:
        return "average" if _is_averaged_ahead(quantity, scene) else ""
    return min(nearest.keys("statistic"))


def _is_averaged_ahead(quantity: Quantity, scene: Scene) -> bool:
    """As in "Your average power was 201 W"."""
    sentence = scene.sentence
    return any(
        m.keys("habit")
        and m.end <= quantity.at
        and any(metric.at == m.end for metric in sentence.naming("metric"))
        and sentence.between(m.at, quantity.at) < APART
        and not scene.quantities_between(m.end, quantity.at)
        for m in sentence.tagged("role:average")
    )


def per_what(quantity: Quantity, scene: Scene) -> str:
    """Return by what a number is divided: "8.6 hours per week", "an average of 75 minutes a session"."""
    if scene.sentence.has_at(scene.behind_measure(quantity), "clause:overall"):
        return ""  # "each was shorter: 2.2 hours in all"
    found = [
        (max(mention.at - quantity.end, quantity.at - mention.end), min(per))
        for mention in scene.sentence.naming("per")
        if (per := mention.keys("per"))
        and ("day" not in per or _is_a_day(mention, quantity, scene))
        and (
            not scene.quantities_between(quantity.end, mention.at)
            or _is_joined_ahead(mention, quantity, scene)
        )
        and (
            scene.is_set_before(mention)
            or ("clause:each" in mention.tags and _leads(mention, scene))
            or (
                0 <= mention.at - scene.behind_measure(quantity) <= CLOSE
                and scene.sentence.between(quantity.end - 1, mention.at) < APART
            )
            or (
                0 <= quantity.at - mention.end <= NEAR
                and scene.sentence.between(mention.at, quantity.at) < APART
            )
            or ("day" in per and mention.at == 0)
            or _is_joined_to(mention, quantity, scene)
            or _is_joined_ahead(mention, quantity, scene)
        )
    ]
    return min(found)[1] if found else ""


def _is_a_day(mention: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "1.8 points per day", "täglich kommen 1,8 Punkte dazu": a day is said of much else, too."""
    return mention.at in (0, scene.behind_measure(quantity))


def _is_joined_to(mention: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "Five runs per week and 64 km", "37 km a week, spread over four runs": so much per week, too."""
    tokens, end = scene.sentence.tokens, scene.behind_measure(quantity)
    joined = any(m.at == mention.end and m.end == quantity.at for m in scene.sentence.tagged("clause:and"))
    spread = mention.end <= quantity.at and not scene.quantities_between(mention.end, quantity.at)
    joined |= spread and any(m.end == quantity.at for m in scene.sentence.tagged("clause:spread"))
    return joined and (end == len(tokens) or tokens[end].kind == "mark")


def _is_joined_ahead(mention: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "Five runs and 62 km a week"."""
    end = scene.behind_measure(quantity)
    joined = next((m for m in scene.sentence.tagged("clause:and") if m.at == end), None)
    other = next((q for q in scene.sentence.quantities if joined and q.at == joined.end), None)
    return other is not None and scene.behind_measure(other) == mention.at


def _leads(mention: Mention, scene: Scene) -> bool:
    """As in "On average each hike came to 14.3 km": near where a part of the sentence begins."""
    begins = scene.sentence.begins
    return any(begins(at) for at in range(max(0, mention.end - NEAR), mention.at + 1))
