"""Which placeholders are said to be what is usual, in whatever words: code wrote their numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

if TYPE_CHECKING:
    from training_analyzer.analysis.grounding.subjects import Subjects

_FORMER: Final = frozenset(
    {"role:usual", "role:average", "statistic:average", "clause:back", "clause:lately", "clause:since"}
)

_AHEAD: Final = "clause:ahead"
_RELATIVE: Final = frozenset({"article:the", "clause:but", "clause:this_is"})
_ABOUT, _POINT = 0.05, 1.0
"""How far something may be from what is usual and be called so. Our choice."""
_NEARLY: Final = 0.12
"""How far it may be from it and be near. Our choice."""
_EQUAL: Final = frozenset({"direction:flat", "clause:equal", "clause:like"})


def told_as_usual(scene: "Subjects") -> Iterator[Quantity]:
    """As in "As long as ever ({time_usual})", "{load_change} below the {load_usual} of these weeks"."""
    told: Quantity | None = None
    for quantity in scene.sentence.quantities:
        fact = scene.evidence.by_id.get(quantity.fact)
        if fact is None or fact.role != "usual":
            continue
        start = max((q.end for q in scene.sentence.quantities if q.end <= quantity.at), default=0)
        ahead = [m for m in scene.sentence.mentions if start <= m.at and m.end <= quantity.at]
        if (
            _is_surpassed(quantity, ahead, scene)
            or _is_explained_behind(quantity, scene)
            or _is_neared(quantity, fact, ahead, scene)
            or any(m.tags & _EQUAL and scene.gap(m.end, quantity.at) <= NEAR for m in ahead)
            or any(_is_of_before(m) and _leads_to(m, quantity, scene) for m in ahead)
            or _is_led_to(quantity, ahead)
            or _is_called_average(quantity, scene)
            or (told is not None and told.end == start and _is_joined_to(told, quantity, scene))
        ):
            yield quantity  # "{load_month} is on a par with the {load_month_before}"
            told = quantity


def is_rightly_usual(fact: Reading, quantity: Quantity, scene: "Subjects") -> bool:
    """As in "{rest_days} are normal for you", "were normal at {rest_days}", where as many are usual."""
    sentence = scene.sentence
    if not quantity.fact or fact.role != "now":
        return False
    if any(_tells_which(m, quantity, scene) for m in sentence.naming("habit") if m.end <= quantity.at):
        return True
    at = next((m.at for m in sentence.tagged("role:at") if m.end == quantity.at), None)
    if quantity.at and sentence.tokens[quantity.at - 1].word == "(":
        at = quantity.at - 1  # "volume was normal ({time_week})"
    said = any(
        m.end == at
        or (
            m.at >= quantity.end
            and sentence.together(m.at, quantity.at)
            and not scene.quantities_between(quantity.end, m.at)
        )
        for m in sentence.naming("habit")
    )
    said = said or any(
        m.at >= quantity.end and _is_told_alike(m, scene) for m in sentence.tagged("role:usual")
    )
    return said and is_as_usual(fact, scene)


def is_as_usual(fact: Reading, scene: "Subjects") -> bool:
    """Return whether something is about what is usual, so that whoever calls it that is right."""
    return any(c.stem == fact.stem and fact.things <= c.things for c in scene.evidence.unchanged) or any(
        other.stem == fact.stem and fact.things <= other.things and _is_about_as_much(other, fact)
        for other in scene.evidence.of(fact.concepts)
        if other.role == "usual" and not (other.derived or other.earlier)
    )


def is_beaten(quantity: Quantity, scene: "Subjects") -> bool:
    """As in "You beat the {best_run_5k_before}", "die {best_run_5k_before} unterboten"."""
    article = scene.sentence.ending.get(quantity.at)
    if article is None or "article:the" not in article.tags:
        return False
    beside = scene.sentence.ending.get(article.at), scene.sentence.starting.get(quantity.end)
    return any(m is not None and _AHEAD in m.tags for m in beside)


def _tells_which(usual: Mention, quantity: Quantity, scene: "Subjects") -> bool:
    """As in "A normal swim of {session_distance}": which swim it was, and of what length."""
    sentence = scene.sentence
    noun = sentence.starting.get(usual.end)
    one = sentence.has_before(usual.at, "article:one") or sentence.begins(usual.at)
    if noun is None or not one or not (noun.keys("sport") or "metric:session" in noun.tags):
        return False
    of = sentence.starting.get(noun.end)
    return of is not None and "article:of" in of.tags and of.end == quantity.at


def _is_told_alike(usual: Mention, scene: "Subjects") -> bool:
    """As in "Mit {sessions_month} waren es so viele wie im Block davor"."""
    likes = scene.sentence.tagged("clause:like")
    return any(0 <= usual.at - m.end <= NEAR and scene.sentence.together(m.at, usual.at) for m in likes)


def _is_about_as_much(usual: Reading, now: Reading) -> bool:
    """As in "Der lockere Anteil ist mit {easy_share} der übliche", where it was 83 % and is 82 %."""
    one, other = usual.values[0], now.values[0]
    return abs(one - other) <= max(_ABOUT * max(abs(one), abs(other)), _POINT)


def _is_nearly_as_much(usual: Reading, now: Reading) -> bool:
    one, other = usual.values[0], now.values[0]
    return abs(one - other) <= max(_NEARLY * max(abs(one), abs(other)), 2 * _POINT)


def _is_of_before(mention: Mention) -> bool:
    return bool(mention.tags & _FORMER or mention.keys("habit"))


def _leads_to(mention: Mention, quantity: Quantity, scene: "Subjects") -> bool:
    """As in "Your usual average of 480", "usual (480)", and not "longer than usual, at 480"."""
    if scene.sentence.tokens[quantity.at - 1].word == "(" or scene.gap_of(mention.end, quantity.at) <= 0:
        return True
    beyond = scene.sentence.has_before(mention.at, "role:versus", "comparison:above", "comparison:below")
    near = scene.sentence.together(mention.at, quantity.at) and scene.gap(mention.end, quantity.at) <= NEAR
    return near and not beyond


def _is_joined_to(told: Quantity, quantity: Quantity, scene: "Subjects") -> bool:
    """As in "Your usual ride takes {session_time_usual} and carries {session_load_usual}"."""
    joined = scene.sentence.starting.get(told.end)
    return joined is not None and "clause:and" in joined.tags and quantity.at - joined.end <= NEAR


def _is_surpassed(quantity: Quantity, ahead: list[Mention], scene: "Subjects") -> bool:
    """As in "You beat the {best_run_5k_before}", "deine Zeit von {best_run_5k_before} um … unterboten"."""
    sentence = scene.sentence
    return any(
        (m in ahead or quantity.end <= m.at) and sentence.together(quantity.at, m.at)
        for m in sentence.tagged(_AHEAD)
    )


def _is_neared(quantity: Quantity, usual: Reading, ahead: list[Mention], scene: "Subjects") -> bool:
    """As in "Load stayed near {load_usual}", where it did."""
    about = any("hedge:about" in m.tags and scene.gap(m.end, quantity.at) <= 0 for m in ahead)
    return about and any(
        other.role == "now" and other.stem == usual.stem and _is_nearly_as_much(usual, other)
        for other in scene.evidence.by_dimension.get(usual.dimension, ())
        if not other.derived
    )


def _is_explained_behind(quantity: Quantity, scene: "Subjects") -> bool:
    """As in "Die {decoupling_usual}, die bei langen Läufen üblich sind", "the {…} that was your best"."""
    sentence, tokens = scene.sentence, scene.sentence.tokens
    beyond = sentence.has_before(quantity.at, "comparison:above", "comparison:below")
    if not beyond and not sentence.has_before(quantity.at, "article:the", "article:of"):
        return False
    marks = [at for at in range(quantity.end, len(tokens)) if tokens[at].kind == "mark"]
    comma = bool(marks) and marks[0] - quantity.end <= 1
    start = marks.pop(0) + 1 if comma else quantity.end
    relative = sentence.starting.get(start)
    leads = relative is not None and not relative.tags.isdisjoint(_RELATIVE)
    if not leads and not (beyond and comma):
        return False
    end = marks[0] if marks else len(tokens)
    behind = [m for m in sentence.mentions if start <= m.at < end]
    was = any(sentence.is_word(at, "were") for at in range(start, end))
    return (beyond and was) or any(_is_of_before(m) or (was and m.keys("superlative")) for m in behind)


def _is_called_average(quantity: Quantity, scene: "Subjects") -> bool:
    """As in "{load_week} this week, {load_usual} on average", "with {form_usual} as the recent average"."""
    behind = scene.sentence.starting.get(quantity.end)
    if behind is not None and "clause:hanging" in behind.tags:
        named = (m for m in scene.sentence.naming("habit") if m.at >= behind.end)
        behind = next((m for m in named if m.at - behind.end <= CLOSE), None)
    return behind is not None and bool(behind.keys("habit"))


def _is_led_to(quantity: Quantity, ahead: list[Mention]) -> bool:
    """As in "{load_change} below the {load_usual} of your recent weeks"."""
    article = next((m for m in ahead if m.end == quantity.at and "article:the" in m.tags), None)
    return article is not None and any(m.keys("comparison") and m.end == article.at for m in ahead)
