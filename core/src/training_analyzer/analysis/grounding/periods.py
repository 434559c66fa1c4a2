"""Of which spans of time a number is said to be, and with which it is compared."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR
from training_analyzer.analysis.grounding.windows import is_of_the_last

_NO_SPANS: Final = frozenset[float]()
_COMPARING: Final = ("role:versus", "comparison:above", "comparison:below", "clause:like", "direction:flat")


def windows(quantity: Quantity, scene: Scene, reach: int = 100) -> frozenset[float]:
    """Return the spans of time, in days, that are named in a number's part of the sentence."""
    sentence = scene.sentence
    spans = {
        other.meanings[0].value
        for other in sentence.quantities
        if (other.dimension == "days" or (other.dimension is None and is_of_the_last(other, sentence)))
        and other is not quantity
        and scene.is_window(other)
        and not _is_compared_with(quantity, other.at, scene)
        and not _is_parted(quantity, other.at, scene)
        and not (quantity.fact and _is_what_was(other, scene))
        and (-reach <= other.at - quantity.at <= reach or _is_a_frame(other, scene))
        and sentence.between(other.at, quantity.at) <= APART
    }
    named = {
        float(key)
        for mention in sentence.naming("period")
        for key in mention.keys("period")
        if not mention.keys("per")
        and not (mention.at < quantity.at and _is_the_usual(quantity, scene))
        and not _is_compared_with(quantity, mention.at, scene)
        and not _is_parted(quantity, mention.at, scene)
        and -reach <= mention.at - quantity.at <= reach
        and sentence.between(mention.at, quantity.at) < APART
    }
    return frozenset(spans | named)


def _is_what_was(span: Quantity, scene: Scene) -> bool:
    """As in "Genau wie in den vier Wochen davor": with what a placeholder is compared, if it is not of it."""
    sentence = scene.sentence
    article = sentence.ending.get(span.at)
    at = article.at if article is not None and article.keys("article") else span.at
    return sentence.has_at(span.end, "role:usual") and sentence.has_before(at, *_COMPARING)


def _is_the_usual(quantity: Quantity, scene: Scene) -> bool:
    """As in "This week is practically your usual {load_usual}": the week is of what is compared."""
    return bool(quantity.fact) and scene.sentence.has_before(quantity.at, "habit:any")


def compared_spans(quantity: Quantity, scene: Scene) -> frozenset[float]:
    """Return the periods with which a number is compared: right behind "than", "compared with"."""
    periods = scene.sentence.naming("period")
    if not periods:
        return _NO_SPANS
    versus = [
        m.end
        for m in scene.sentence.mentions
        if (m.keys("comparison") or "role:versus" in m.tags)
        and not (m.end == quantity.at and m.keys("hedge") & quantity.hedges)  # "more than half this week"
    ]
    return frozenset(
        float(key)
        for mention in periods
        for key in mention.keys("period")
        if (mention.at and scene.sentence.is_word(mention.at - 1, "since"))
        or (
            any(0 <= mention.at - end <= 1 for end in versus)
            and not _is_of_another_number(quantity, mention.at, scene)
        )
    )


def compared_span(quantity: Quantity, scene: Scene) -> float:
    """
    Return the span of time with which a number is compared, in days; nothing where none is named.

    As in "22 % lower than in the same month last year", "12 % below your four-week average": the longest of
    the spans right behind the words that compare.
    """
    sentence = scene.sentence
    than = next(
        (
            m
            for m in sentence.mentions
            if (m.keys("comparison") or "role:versus" in m.tags)
            and 0 <= m.at - quantity.end <= CLOSE
            and sentence.between(quantity.end - 1, m.at) < APART
        ),
        None,
    )
    if than is None:
        return 0.0
    reach = range(than.end, than.end + NEAR + CLOSE + 1)
    spans = [
        float(key)
        for m in sentence.naming("period")
        if m.at in reach and not m.keys("per") and not scene.parts_numbers(than.end, m.at)
        for key in m.keys("period")
    ]
    spans += [
        q.meanings[0].value
        for q in sentence.quantities
        if q.at in reach and q.dimension == "days" and scene.is_window(q)
    ]
    return max(spans, default=0.0)


def _is_of_another_number(quantity: Quantity, at: int, scene: Scene) -> bool:
    """As in "39 % below last week, and 24 % below your usual": the span is that of the number before it."""
    if at >= quantity.end:
        apart = not scene.sentence.together(quantity.end - 1, at)
        return apart or _is_parted(quantity, at, scene)
    return scene.sentence.between(at, quantity.at) > APART or any(
        other.at < at and not scene.is_window(other) for other in scene.sentence.quantities
    )


def _is_parted(quantity: Quantity, at: int, scene: Scene) -> bool:
    """Return whether another number stands between a number and a span of time."""
    low, high = min(quantity.end, at), max(quantity.at, at)
    return any(
        low <= other.at < high and other.at not in (quantity.at, at) and not scene.is_window(other)
        for other in scene.sentence.quantities
    )


def _is_a_frame(span: Quantity, scene: Scene) -> bool:
    """As in "Over the last 28 days, your load came to 231": the sentence begins with it."""
    tokens = scene.sentence.tokens
    closed = span.end < len(tokens) and tokens[span.end].word == ","
    return closed and span.at <= CLOSE + 1 and not scene.sentence.quantities[0].at < span.at


def _is_compared_with(quantity: Quantity, at: int, scene: Scene) -> bool:
    """Return whether a comparison parts a number from what is behind it: "49, above the 60-day mean"."""
    return any(
        (
            quantity.end <= m.at < at
            and (m.keys("comparison") or m.keys("direction") or "role:versus" in m.tags)
        )
        or (at < m.at < quantity.at and "role:versus" in m.tags)
        for m in scene.sentence.mentions
    )


def is_averaged(quantity: Quantity, scene: Scene) -> bool:
    return any(
        scene.sentence.between(m.at, quantity.at) < APART and not _is_compared_with(quantity, m.at, scene)
        for m in scene.sentence.mentions
        if "role:average" in m.tags or "statistic:average" in m.tags
    )


def is_habitual(quantity: Quantity, scene: Scene) -> bool:
    return any(
        scene.sentence.between(m.at, quantity.at) < APART and not _is_compared_with(quantity, m.at, scene)
        for m in scene.sentence.naming("habit")
    )


def is_once(quantity: Quantity, scene: Scene) -> bool:
    return any(
        scene.sentence.between(m.at, quantity.at) <= APART and not _is_compared_with(quantity, m.at, scene)
        for m in scene.sentence.naming("past")
    )


def ago(said: Quantity, scene: Scene) -> frozenset[float]:
    """Return the spans with which a change is compared: "than four weeks ago"."""
    sentence = scene.sentence
    if not sentence.has("clause:ago", "clause:ago_before"):
        return _NO_SPANS
    ends = {m.at for m in sentence.tagged("clause:ago") if not _before_something(m, scene)}
    begins = {m.end for m in sentence.tagged("clause:ago_before")}
    return frozenset(
        quantity.meanings[0].value
        for quantity in sentence.quantities
        if quantity.dimension == "days"
        and (quantity.end in ends or quantity.at in begins)
        and sentence.together(said.at, quantity.at)
        and not any(said.end <= m.at < quantity.at for m in sentence.tagged("clause:tested"))
    )


def spans(quantity: Quantity, scene: Scene) -> dict[float, Mention]:
    """Return the periods that are named not far from a number, in days, with the words for them."""
    return {
        float(key): mention
        for mention in scene.sentence.naming("period")
        for key in mention.keys("period")
        if scene.sentence.between(mention.at, quantity.at)
        < (APART if _is_of_the_best(mention, quantity, scene) else APART + 2)
        and abs(mention.at - quantity.at) <= 2 * NEAR + 2
    }


def _is_of_the_best(period: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "It was the longest in a year and took five hours": the five hours are of no year."""
    return period.at < quantity.at and any(
        0 <= period.at - m.end <= CLOSE for m in scene.sentence.naming("superlative")
    )


def _before_something(mention: Mention, scene: Scene) -> bool:
    """As in "Four days before the race": no change since then."""
    return any(
        mention.end <= other.at <= mention.end + 2 and (other.keys("thing") or other.keys("metric"))
        for other in scene.sentence.mentions
    )


def is_now(quantity: Quantity, scene: Scene) -> bool:
    """Return whether it is said beside a number that it is how it is now: "this week you averaged"."""
    at, sentence = quantity.at, scene.sentence
    return any(
        m.at == quantity.end
        or (m.end <= at and sentence.between(m.at, at) < APART and not scene.parts_numbers(m.end, at))
        for m in sentence.tagged("role:now")
    )
