"""What so many days are said to be: days of rest, days of training in a row, or days still to come."""

from typing import Final

from training_analyzer.analysis.grounding.naming import Naming
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

RESTED: Final = frozenset({"rest_day", "since_last", "longest"})
"""What days without training are: counted, until today, or the most of them in a row."""
IN_A_ROW: Final = frozenset({"streak"})
SINCE_REST: Final = frozenset({"streak", "since_rest"})
_KINDS: Final = frozenset({"easy", "moderate", "hard"})
_AGES: Final = ("metric:history", "metric:threshold")
_FORM: Final = frozenset({"form"})
_REST: Final = frozenset({"rest_day"})
_TRAINED: Final = frozenset({"training_day", "session", "time"})
_NO: Final = frozenset[str]()


def days_said_to_be(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """Return what the words around days say that they are; empty where they do not."""
    if not _is_of_days(quantity, scene) or scene.is_window(quantity):
        return _NO
    if kind := _of_which_kind(quantity, scene):
        return kind
    if _are_in_a_row(quantity, scene):
        return IN_A_ROW
    if _are_to_come(quantity, scene):
        return _FORM
    if (
        _denies_rest_behind(quantity, scene)
        or _denies_rest_ahead(quantity, scene)
        or _says_when_it_was(quantity, scene)
    ):
        return SINCE_REST
    return RESTED if _are_of_rest(quantity, scene) else _NO


def _is_of_days(quantity: Quantity, scene: Naming) -> bool:
    """As in "Seven days", "three rest days"."""
    if fact := scene.evidence.by_id.get(quantity.fact):
        return fact.dimension == "days"
    counted = quantity.dimension is None and scene.sentence.has_at(quantity.end, "metric:rest_day")
    return quantity.dimension == "days" or counted


def _of_which_kind(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """As in "Three days of hard training"."""
    kinds = (m for m in scene.sentence.naming("metric") if m.at >= quantity.end)
    behind = next((m for m in kinds if scene.gap_of(quantity.end, m.at) == 0), None)
    return behind.keys("metric") & _KINDS if behind else _NO


def _are_in_a_row(quantity: Quantity, scene: Naming) -> bool:
    """As in "Nine days in a row"; not "nine days of rest in a row", nor "in a row without training"."""
    row = next((m for m in scene.sentence.tagged("metric:streak") if _is_beside(m, quantity, scene)), None)
    if row is None:
        return False
    within = [m for m in scene.sentence.mentions if quantity.end <= m.at <= row.end and _names_rest(m)]
    return all(_is_denied(m, scene) for m in within)


def _are_to_come(quantity: Quantity, scene: Naming) -> bool:
    """As in "Without training, form would be back in three days", "form needs three days off"."""
    known = scene.evidence.by_dimension.get("days", ())
    if not any(r.concepts & _FORM for r in known):
        return False
    sentence = scene.sentence
    if any(sentence.together(m.at, quantity.at) for tag in _AGES for m in sentence.tagged(tag)):
        return False  # "your history goes back 300 days, long enough to compare with"
    to_come = sentence.tagged("clause:to_come")
    return any(m.at > quantity.at or sentence.together(m.at, quantity.at) for m in to_come)


def _denies_rest_behind(quantity: Quantity, scene: Naming) -> bool:
    """As in "Nine days without a rest day", "nine days of training without a break"."""
    return any(
        0 <= m.at - quantity.end <= NEAR and _names_rest(m) and _is_denied(m, scene)
        for m in scene.sentence.mentions
    )


def _denies_rest_ahead(quantity: Quantity, scene: Naming) -> bool:
    """As in "Not one day off in more than two weeks", "kein freier Tag seit zwei Wochen"."""
    led = any(
        0 <= quantity.at - m.end <= CLOSE and scene.gap(m.end, quantity.at) <= 0
        for tag in ("clause:within", "clause:during")
        for m in scene.sentence.tagged(tag)
    ) or scene.sentence.says("since", quantity.at - CLOSE - 1, quantity.at)
    return led and any(
        0 <= quantity.at - m.end <= NEAR and _names_rest(m) and _is_denied(m, scene)
        for m in scene.sentence.mentions
    )


def _says_when_it_was(quantity: Quantity, scene: Naming) -> bool:
    """As in "Your last rest day was nine days ago"."""
    last = scene.sentence.tagged("metric:since_rest")
    return any(scene.sentence.together(m.at, quantity.at) for m in last)


def _is_denied(rest: Mention, scene: Naming) -> bool:
    """As in "Without a rest day": who takes none, trains."""
    return rest.keys("negation") != _NO or scene.sentence.has_before(rest.at, "negation:none", "negation:not")


def _are_of_rest(quantity: Quantity, scene: Naming) -> bool:
    """As in "Seven days without training", "you have not trained for seven days"."""
    sentence = scene.sentence
    rest = [m for m in sentence.mentions if _names_rest(m) and _is_beside(m, quantity, scene)]
    if any(not _is_denied(m, scene) for m in rest):
        return True
    return any(
        m.end <= quantity.at
        and m.keys("metric") & _TRAINED
        and sentence.together(m.at, quantity.at)
        and not scene.parts_numbers(m.end, quantity.at)
        and any(0 <= m.at - no.end <= CLOSE for no in sentence.naming("negation"))
        for m in sentence.naming("metric")
    )


def _names_rest(mention: Mention) -> bool:
    return bool(mention.keys("metric") & _REST) or "clause:off" in mention.tags


def _is_beside(mention: Mention, quantity: Quantity, scene: Naming) -> bool:
    """Return whether nothing but small words stands between: "off for seven days", "seven days were free"."""
    start, end = (mention.end, quantity.at) if mention.end <= quantity.at else (quantity.end, mention.at)
    return (
        0 <= scene.gap_of(start, end) <= CLOSE
        and scene.sentence.together(mention.at, quantity.at)
        and not scene.parts_numbers(start, end)
        and not any(start <= m.at < end for m in scene.sentence.tagged("clause:and"))
    )
