"""Numbers and their units as they are written in a language."""

import re
from typing import Final

from training_analyzer.analysis.language.texts import Catalogue, catalogue_of
from training_analyzer.domain.insight import CLOCK, Fact
from training_analyzer.domain.style import NumberFormat, Style

_MARKS: Final = {
    NumberFormat.POINT: (".", ","),
    NumberFormat.COMMA: (",", "."),
    NumberFormat.SPACE_COMMA: (",", "\u202f"),
    NumberFormat.APOSTROPHE: (".", "\u2019"),
}
MINUTES_PER_HOUR: Final = 60
HOURS_WITH_MINUTES: Final = 10
"""Up to here, people think of a time in hours and minutes; beyond, in hours."""


def written(fact: Fact, style: Style, *, before: str = "") -> str:
    """Return the fact as an athlete reads it. `before`: the text in front of it, which may inflect it."""
    catalogue = catalogue_of(style.language)
    unit = _unit(fact, catalogue, before)
    number = number_of(fact, style)
    if fact.unit == "%":
        return f"{number}{catalogue.numbers.before_percent}%"
    if fact.unit == "h" and abs(fact.value) < HOURS_WITH_MINUTES:
        return _hours_and_minutes(fact.value)
    if fact.unit == "min":
        return _clock(fact.value)
    return f"{number} {unit}" if unit else number


def number_of(fact: Fact, style: Style) -> str:
    """Return the number with the marks of the athlete's format."""
    if fact.unit in CLOCK:
        return fact.number
    numbers = catalogue_of(style.language).numbers
    decimal, thousands = _MARKS.get(style.numbers, (numbers.decimal, numbers.thousands))
    whole, _, fraction = fact.number.partition(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", thousands, whole)
    return grouped + (decimal + fraction if fraction else "")


def _hours_and_minutes(value: float) -> str:
    hours, minutes = divmod(round(value * MINUTES_PER_HOUR), MINUTES_PER_HOUR)
    written_hours, written_minutes = f"{hours} h", f"{minutes} min"
    return (
        written_minutes if not hours else f"{written_hours} {written_minutes}" if minutes else written_hours
    )


def _clock(minutes: float) -> str:
    """Return a time that was run: 41:30, or 1:32:05."""
    seconds = round(minutes * 60)
    hours, rest = divmod(seconds, 3600)
    tail = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{tail}" if hours else tail.removeprefix("0")


def _unit(fact: Fact, catalogue: Catalogue, before: str) -> str:
    counted = catalogue.units.get(fact.unit)
    if counted is None:
        return fact.unit
    if fact.number in {"1", "-1"}:
        return counted.one
    words = before.split()
    inflected = bool(words) and words[-1].lower() in catalogue.prepositions
    return counted.after_preposition if inflected and counted.after_preposition else counted.other
