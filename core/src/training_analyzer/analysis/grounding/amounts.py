"""All quantities of a text: numbers with their units, fractions, multiples, and decades."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.durations import DurationReader
from training_analyzer.analysis.grounding.lexicon import Tags, sections
from training_analyzer.analysis.grounding.numerals import MANY_PARTS, MOVING, SIGNS
from training_analyzer.analysis.grounding.quantities import Meaning, Number, Quantity
from training_analyzer.analysis.grounding.sayable import Direction
from training_analyzer.analysis.grounding.tokens import Token
from training_analyzer.analysis.grounding.units import UNITS

_DECADES: Final = range(20, 1000, 10)
_BEGINNINGS: Final = frozenset({"decade", "multiple", "ago", "span", "fraction", "ordinal"})
"""Sections of the lexicon whose phrases can begin a quantity."""
_BEGINNING: Final = frozenset({"article:one", "negation:minus"})
_OF_WHICH: Final = frozenset({"km", "mi", "points"})
"""Units of which there may be a part more, as there may of hours, but nobody says it of those."""
_HOUR: Final = 3600.0
_ODDS: Final = frozenset({3.0, 4.0, 5.0, 10.0})
_WHOLES: Final = frozenset(map(float, range(3, 11)))
_SHARED: Final = frozenset({"s", "min", "h", "m", "km", "mi"})
"""Units of which one in so many is a share."""
_TWO: Final = 2


@lru_cache(maxsize=8192)
def _begins_a_quantity(tags: Tags) -> bool:
    return not (_BEGINNINGS.isdisjoint(sections(tags)) and _BEGINNING.isdisjoint(tags))


class QuantityReader(DurationReader):
    """Reads the quantity that begins at a token of a sentence, if one does."""

    def read(self, at: int) -> Quantity | None:
        token = self._tokens[at]
        if token.kind == "fact":
            return Quantity(at, at + 1, token.text, (), fact=token.word.strip("{}"))
        sign, start = self._sign(at)
        if start >= len(self._tokens):
            return None
        if self._tokens[start].kind == "clock":
            return self._clock(at, start, sign)
        if self._tokens[at].kind == "number":
            return self._fraction(at) or self._plain(at, start, sign)
        if self._ordinal(at) is not None:
            return self._plain(at, start, sign)
        return (
            self._decade(at)
            or self._multiple(at)
            or self._odds(at)
            or self._one_in(at)
            or self._one_or_two(at)
            or self._compound_with_article(at)
            or self._fraction(at)
            or self._plain(at, start, sign)
        )

    def may_begin(self, token: Token, tags: Tags) -> bool:
        """Return whether a quantity can begin at a token at all. Most words are none, and this is cheap."""
        if token.kind == "mark":
            return token.word in SIGNS
        if token.kind == "word" and token.word not in self._lexicon.first_spelled:
            return _begins_a_quantity(tags)
        return True

    def _plain(self, at: int, start: int, sign: str) -> Quantity | None:
        number = self._ordinal(start) or self._number(start)
        if number is None:
            return None
        number = self._and_fraction(number)
        upper = self._upper(number)
        behind = (upper or number).end
        odd = self._odd(behind)
        behind += odd
        hyphen = self._is_hyphen(behind)
        unit_end, unit = self._unit(behind + hyphen)
        streak = False
        if unit is None:
            unit_end, unit = self._unit_behind_last(behind)
            streak = "metric:streak" in self._match(behind)[1]
        end = unit_end if unit else behind
        quantity = Quantity(
            at=at,
            end=end,
            text=self._text(at, end),
            meanings=tuple(self._meanings(number, unit, self._way(behind) if unit else None)),
            sign=sign,
            upper=upper.value * UNITS[unit][1] if upper and unit else upper.value if upper else None,
            spelled_one=number.spelled and number.value == 1,
            metrics=frozenset({"streak"})
            if streak and unit
            else sections(self._match(behind + hyphen)[1]).get("metric", frozenset())
            if unit and unit != "times"
            else frozenset(),
            window=bool(hyphen and unit),
            hedges=frozenset({"about"} if odd else ()),
        )
        return self._with_smaller_units(quantity, number, unit)

    def _way(self, at: int) -> Direction | None:
        """As in "Three rising weeks": where they went."""
        tags = self._match(at)[1]
        return "up" if "direction:up" in tags else "down" if "direction:down" in tags else None

    def _meanings(self, number: Number, unit: str | None, way: Direction | None) -> Iterator[Meaning]:
        half = number.precision / 2
        if unit is None:
            yield Meaning(None, number.value, half)
            return
        dimension, factor = UNITS[unit]
        yield Meaning(dimension, number.value * factor, half * factor, factor, way)
        if unit == "times":
            yield Meaning("count", number.value, half)

    def _decade(self, at: int) -> Quantity | None:
        """As in "Mid-fifties", "Mitte 50", "Mitte der 50er"."""
        length, tags = self._match(at)
        keys = [tag.removeprefix("decade:") for tag in tags if tag.startswith("decade:")]
        if not keys:
            return None
        where = at + length
        where += self._is_hyphen(where)
        size, article = self._match(where)
        where += size if "article:the" in article else 0
        number = self._number(where)
        if number is None or number.value not in _DECADES:
            return None
        low, high = {"early": (0, 3.6), "mid": (3, 7), "late": (6.4, 9.99)}[keys[0]]
        middle = number.value + (low + high) / 2
        end = number.end
        if end < len(self._tokens) and self._tokens[end].word in ("er", "ern", "s"):
            end += 1
        return Quantity(at, end, self._text(at, end), (Meaning(None, middle, (high - low) / 2),))

    def _multiple(self, at: int) -> Quantity | None:
        length, tags = self._match(at)
        for tag in tags:
            if tag.startswith("ago:"):
                days = self._lexicon.values[tag]
                return Quantity(at, at + length, self._text(at, at + length), (Meaning("days", days, 0.1),))
            if tag.startswith("span:"):
                if hours := self._hours_and_part(at, at + length, self._lexicon.values[tag]):
                    return hours
                seconds = self._lexicon.values[tag]
                meaning = Meaning("time", seconds, 0.05 * seconds, 3600)
                return Quantity(at, at + length, self._text(at, at + length), (meaning,))
            if tag.startswith("multiple:"):
                value = self._lexicon.values[tag]
                end, part = self._joined_fraction(at + length) if value > 1 else (at, 0.0)
                if part:  # "deux fois et demie"
                    meaning = Meaning("times", value + part, 0.1)
                    return Quantity(at, end, self._text(at, end), (meaning,), fraction=True)
                way: Direction | None = "up" if value > 1 else "down"
                if self._tokens[at].word in self._lexicon.words["by"]:
                    way = None  # "up by half"
                meanings = [
                    Meaning("times", value, 0.06 * value, way="down" if value < 1 and length == 1 else None),
                    Meaning("percent change", 100 * abs(value - 1), 6 * value, way=way),
                ]
                if "clause:often" in tags:
                    meanings.append(Meaning("count", value, 0.1))
                return Quantity(at, at + length, self._text(at, at + length), tuple(meanings), fraction=True)
        return None

    def _hours_and_part(self, at: int, behind: int, seconds: float) -> Quantity | None:
        """As in "A little over an hour and a half"."""
        end, part = self._joined_fraction(behind)
        if not part:
            return None
        hours = self._timed(Quantity(at, end, "", ()), end, 1 + part, "h", 0.1)
        return replace(hours, hedges=frozenset({"over" if seconds > _HOUR else "under"}))

    def _odds(self, at: int) -> Quantity | None:
        """As in "Seven in ten", "one out of three"."""
        number = self._number(at)
        if number is None or not number.spelled:
            return None
        length, tags = self._match(number.end)
        whole = self._number(number.end + length) if "article:out_of" in tags else None
        if whole is None or whole.value not in _ODDS or not number.value < whole.value:
            return None
        part = 100 * number.value / whole.value
        meanings = (Meaning("percent", part, 100 / whole.value / 2),)
        return Quantity(at, whole.end, self._text(at, whole.end), meanings, fraction=True)

    def _one_in(self, at: int) -> Quantity | None:
        """As in "You walked for one minute in seven": so much of the time, or of the distance."""
        number = self._number(at)
        if number is None or not number.spelled or number.value != 1:
            return None
        behind, unit = self._unit(number.end)
        length, tags = self._match(behind)
        whole = self._number(behind + length) if unit in _SHARED and "article:out_of" in tags else None
        if whole is None or whole.value not in _WHOLES or self._unit(whole.end)[1]:
            return None
        part = 100 / whole.value
        meanings = (Meaning("percent", part, part / whole.value),)
        text = self._text(at, whole.end)
        of = sections(self._match(number.end)[1]).get("metric", frozenset())
        return Quantity(at, whole.end, text, meanings, metrics=of, fraction=True)

    def _one_or_two(self, at: int) -> Quantity | None:
        """As in "A point or two", "un battement ou deux": a range."""
        length, tags = self._match(at)
        behind, unit = self._unit(at + length) if "article:one" in tags else (at, None)
        joined = behind < len(self._tokens) and self._tokens[behind].word in self._lexicon.words["either"]
        two = self._number(behind + 1) if unit and joined else None
        if unit is None or two is None or not two.spelled or two.value != _TWO:
            return None
        dimension, factor = UNITS[unit]
        meanings = (Meaning(dimension, factor, factor / 2, factor),)
        return Quantity(at, two.end, self._text(at, two.end), meanings, upper=2 * factor)

    def _fraction(self, at: int) -> Quantity | None:
        """As in "Half an hour", "two thirds", "a third of", "three quarters of an hour"."""
        length, tags = self._match(at)
        number = None if "article:one" in tags else self._number(at)
        times, where = (
            (number.value, number.end) if number else (1.0, at + (length if "article:one" in tags else 0))
        )
        where += self._is_hyphen(where) if number else 0
        size, value = self._fraction_word(where)
        if not size or times >= MANY_PARTS * 4:
            return None
        if number and self._unit(where)[1]:
            return None  # "vijf kwartier"
        end = where + size
        part = times * value
        unit_end, unit = self._unit_of_fraction(end)
        if unit and not self._is_of_all(at):
            dimension, factor = UNITS[unit]
            span = 0.1 if UNITS[unit][0] != "days" else 0.05
            meaning = Meaning(dimension, part * factor, span * factor)
            return Quantity(at, unit_end, self._text(at, unit_end), (meaning,))
        meanings = (Meaning("percent", 100 * part, max(8 * part, 1.5)),)
        of = (
            sections(self._match(unit_end - 1)[1]).get("metric", frozenset())
            if unit_end > end
            else frozenset()
        )
        return Quantity(at, unit_end, self._text(at, unit_end), meanings, metrics=of, fraction=True)

    def _is_of_all(self, at: int) -> bool:
        """As in "La mitad de horas que la semana anterior": of all of them, and no half an hour."""
        return at > 0 and "article:the" in self._match(at - 1)[1]

    def _unit_of_fraction(self, at: int) -> tuple[int, str | None]:
        """
        As in "Half an hour", "three quarters of an hour", "half a year": with or without small words.

        "Un quinto di chilometri in più" are a fifth more of them.
        """
        start = at
        for _ in range(3):
            end, unit = self._unit(at)
            if unit in _OF_WHICH and at > start and self._match(end)[1] & MOVING:
                return end, None
            if unit in ("h", "min", "year", "month", "km", "mi", "points") and at:
                return end, unit
            length, tags = self._match(at)
            if not ("article:one" in tags or "article:of" in tags):
                break
            at += length
        return start, None
