"""Quantities in a text: numerals, number words, clock times, fractions and multiples, with their units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from training_analyzer.analysis.grounding.lexicon import NOTHING, Lexicon, Tags, sections
from training_analyzer.analysis.grounding.tokens import Token
from training_analyzer.analysis.grounding.units import UNITS, Dimension

_GLYPHS: Final = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_SIXTY: Final = 60
_H_MIN_S: Final = 3
_DECADES: Final = range(20, 1000, 10)
_THOUSANDS: Final = 3
_MANY_PARTS: Final = 5
"""Nobody says "and five quarters"."""
_BEGINNINGS: Final = frozenset({"decade", "multiple", "ago", "article", "fraction", "ordinal", "negation"})
"""Sections of the lexicon whose phrases can begin a quantity."""
_ODDS: Final = frozenset({3.0, 4.0, 5.0, 10.0})
_BEFORE_UNITS: Final = frozenset({"article:last", "metric:streak"})
_SIGNS: Final = frozenset("-+±")
_COUNTED: Final = frozenset(
    {"metric:session", "sport:run", "sport:ride", "sport:swim", "sport:walk", "sport:row", "sport:ski"}
)
_CLOCK_UNITS: Final = frozenset({"min_per_km", "min_per_mi", "min_per_100m", "min_per_500m"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to understand a quantity: what it measures, its value, and half of its precision."""

    dimension: Dimension | None
    """None: no unit is written, so the number is in whatever unit the fact has."""
    value: float
    half: float
    factor: float = 1.0
    """Of the unit in which it is written."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a text states, from token `at` up to token `end`."""

    at: int
    end: int
    text: str
    meanings: tuple[Meaning, ...]
    sign: str = ""
    fact: str = ""
    """The fact that a placeholder names; its number is right by itself."""
    upper: float | None = None
    """Where it is a range: its other end, in the unit of the first meaning."""
    hedges: frozenset[str] = frozenset()
    spelled_one: bool = False
    fraction: bool = False
    metrics: frozenset[str] = frozenset()
    """What its unit says that it is of: "load points"."""
    window: bool = False
    """Joined to its unit by a hyphen, as in "28-day"."""

    @property
    def dimension(self) -> Dimension | None:
        return self.meanings[0].dimension if self.meanings else None


@dataclass(frozen=True, slots=True)
class _Number:
    end: int
    value: float
    precision: float
    spelled: bool = False


class Phrases:
    """What the lexicon knows at each token of a sentence, looked up once."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self._found: list[tuple[int, Tags] | None] = [None] * len(tokens)

    def at(self, at: int) -> tuple[int, Tags]:
        if at >= len(self.tokens):
            return NOTHING
        found = self._found[at]
        if found is None:
            found = self._found[at] = self.lexicon.match(self.tokens, at)
        return found


class QuantityReader:
    """Reads the quantity that begins at a token of a sentence, if one does."""

    def __init__(self, phrases: Phrases) -> None:
        self._tokens = phrases.tokens
        self._lexicon = phrases.lexicon
        self._match = phrases.at

    def read(self, at: int) -> Quantity | None:
        token = self._tokens[at]
        if not self._may_begin(token, at):
            return None
        if token.kind == "fact":
            return Quantity(at, at + 1, token.text, (), fact=token.word.strip("{}"))
        sign, start = self._sign(at)
        if start >= len(self._tokens):
            return None
        if self._tokens[start].kind == "clock":
            return self._clock(at, start, sign)
        if self._ordinal(at) is not None:
            return self._plain(at, start, sign)
        return (
            self._decade(at)
            or self._multiple(at)
            or self._odds(at)
            or self._compound_with_article(at)
            or self._fraction(at)
            or self._plain(at, start, sign)
        )

    def _may_begin(self, token: Token, at: int) -> bool:
        """Return whether a quantity can begin here at all. Most words are none, and this is cheap."""
        if token.kind == "mark":
            return token.word in _SIGNS
        if token.kind == "word" and token.word not in self._lexicon.first_spelled:
            return not _BEGINNINGS.isdisjoint(sections(self._match(at)[1]))
        return True

    # Signs and numbers

    def _sign(self, at: int) -> tuple[str, int]:
        """Return the sign that begins here, and where the number follows."""
        token = self._tokens[at]
        if token.word in _SIGNS and at + 1 < len(self._tokens):
            following = self._tokens[at + 1]
            joined = token.glued and at and self._tokens[at - 1].kind != "mark"
            if following.glued and following.kind in ("number", "clock") and not joined:
                return ("-" if token.word == "-" else "+" if token.word == "+" else ""), at + 1
        length, tags = self._match(at)
        if "negation:minus" in tags and self._number(at + length) is not None:
            return "-", at + length
        return "", at

    def _number(self, at: int) -> _Number | None:
        if at >= len(self._tokens):
            return None
        token = self._tokens[at]
        if token.kind == "number":
            if token.word in _GLYPHS:
                return _Number(at + 1, _GLYPHS[token.word], 0.1)
            value, precision = numeral(token.word, english=self._lexicon.language == "en")
            if at + 1 < len(self._tokens) and (glyph := _GLYPHS.get(self._tokens[at + 1].word)):
                return _Number(at + 2, value + glyph, 0.1)
            return _Number(at + 1, value, precision)
        length, value = self._lexicon.number_word(self._tokens, at)
        if length:
            return _Number(at + length, value, 0.2 if value % 1 else 1, spelled=True)
        return None

    def _plain(self, at: int, start: int, sign: str) -> Quantity | None:
        number = self._ordinal(start) or self._number(start)
        if number is None:
            return None
        number = self._and_fraction(number)
        upper = self._upper(number)
        behind = upper or number
        hyphen = self._is_hyphen(behind.end)
        unit_end, unit = self._unit(behind.end + hyphen)
        if unit is None:
            unit_end, unit = self._unit_behind_last(behind.end)
        if unit is None and hyphen:
            unit_end = behind.end
        quantity = Quantity(
            at=at,
            end=unit_end if unit else behind.end,
            text=self._text(at, unit_end if unit else behind.end),
            meanings=tuple(self._meanings(number, unit)),
            sign=sign,
            upper=upper.value * UNITS[unit][1] if upper and unit else upper.value if upper else None,
            spelled_one=number.spelled and number.value == 1,
            metrics=sections(self._match(behind.end + hyphen)[1]).get("metric", frozenset())
            if unit and unit != "times"
            else frozenset(),
            window=bool(hyphen and unit),
        )
        return self._with_smaller_units(quantity, number, unit)

    def _meanings(self, number: _Number, unit: str | None) -> Iterator[Meaning]:
        half = number.precision / 2
        if unit is None:
            yield Meaning(None, number.value, half)
            return
        dimension, factor = UNITS[unit]
        yield Meaning(dimension, number.value * factor, half * factor, factor)
        if unit == "times":
            yield Meaning("count", number.value, half)

    def _ordinal(self, at: int) -> _Number | None:
        token = self._tokens[at]
        if token.kind == "number" and token.word.isdigit() and self._ending(at + 1) in _ORDINAL_ENDINGS:
            return _Number(at + 2, float(token.word), 0.01)
        if token.kind == "word":
            counts = self._unit(at + 1)[1] or self._unit_behind_last(at + 1)[1]
            counted = self._match(at + 1)[1] & _COUNTED
            for tag in self._match(at)[1]:
                if tag.startswith("ordinal:") and (counts or counted):
                    return _Number(at + 1, self._lexicon.values[tag], 0.01)
        return None

    def _ending(self, at: int) -> str:
        """Return the word that is joined to the token before it."""
        return self._tokens[at].word if at < len(self._tokens) and self._tokens[at].glued else ""

    def _and_fraction(self, number: _Number) -> _Number:
        """Add what follows a whole number: "eleven and a quarter"."""
        end, part = self._joined_fraction(number.end)
        return _Number(end, number.value + part, 0.2) if part else number

    def _joined_fraction(self, at: int) -> tuple[int, float]:
        length, tags = self._match(at)
        if "article:and" not in tags:
            return at, 0
        count = self._number(at + length)
        where, times = (count.end, count.value) if count and count.value < _MANY_PARTS else (at + length, 1.0)
        size, value = self._fraction_word(where)
        return (where + size, times * value) if size else (at, 0)

    def _upper(self, number: _Number) -> _Number | None:
        """Return the other end of a range, if the number begins one: "30-35", "two or three"."""
        if number.end + 1 >= len(self._tokens):
            return None
        token = self._tokens[number.end]
        follows = self._number(number.end + 1)
        if follows is None or follows.value <= number.value:
            return None
        if token.word == "-" and token.glued:
            return follows
        length, tags = self._match(number.end)
        return (
            follows if length == 1 and "clause:and" in tags and self._begins_range(number, follows) else None
        )

    def _begins_range(self, number: _Number, follows: _Number) -> bool:
        """As in "Between 30 and 35", "two or three"; but "nine sessions and 12 hours" has two numbers."""
        before = [t.word for t in self._tokens[max(0, number.end - 4) : number.end]]
        near = follows.value - number.value <= max(1, 0.3 * follows.value)
        return near and (self._tokens[number.end].word in _OR or any(word in _BETWEEN for word in before))

    # Units

    def _unit(self, at: int) -> tuple[int, str | None]:
        length, tags = self._match(at)
        names = [tag.removeprefix("unit:") for tag in tags if tag.startswith("unit:")]
        return (at + length, names[0]) if names else (at, None)

    def _unit_behind_last(self, at: int) -> tuple[int, str | None]:
        """As in "Les 90 derniers jours", "fifth straight week": a word stands between."""
        length, tags = self._match(at)
        return self._unit(at + length) if tags & _BEFORE_UNITS else (at, None)

    def _with_smaller_units(self, quantity: Quantity, number: _Number, unit: str | None) -> Quantity:
        """Add what follows in smaller units, "3 h 20 min", "3h20", and fractions, "an hour and a half"."""
        if unit not in ("h", "min") or number.value != int(number.value):
            return quantity
        end, part = self._joined_fraction(quantity.end)
        if part:
            return self._timed(quantity, end, number.value + part, unit, 0.1)
        at = quantity.end
        length, tags = self._match(at)
        if length == 0 and at < len(self._tokens) and self._tokens[at].word == ",":
            at += 1  # "1 hour, 8 minutes and 45 seconds"
        at += length if "article:and" in tags or "clause:and" in tags else 0
        smaller = self._number(at)
        if smaller is None or smaller.value >= _SIXTY or smaller.value != int(smaller.value):
            return quantity
        wanted = "min" if unit == "h" else "s"
        end, name = self._unit(smaller.end)
        glued = self._tokens[at].glued
        names = (wanted, "m") if unit == "h" else (wanted,)
        bare = glued or smaller.spelled or self._is_bare(quantity)
        if name not in names and not (name is None and at == quantity.end and bare):
            return quantity
        whole = self._timed(
            quantity, end if name else smaller.end, number.value + smaller.value / 60, unit, 1 / 60
        )
        return self._with_seconds(whole, number, smaller) if unit == "h" else whole

    def _with_seconds(self, quantity: Quantity, hours: _Number, minutes: _Number) -> Quantity:
        length, tags = self._match(quantity.end)
        seconds = self._number(
            quantity.end + (length if "article:and" in tags or "clause:and" in tags else 0)
        )
        if seconds is not None and seconds.value < _SIXTY:
            end, name = self._unit(seconds.end)
            if name == "s":
                value = hours.value + minutes.value / 60 + seconds.value / 3600
                return self._timed(quantity, end, value, "h", 1 / 3600)
        return quantity

    def _is_bare(self, quantity: Quantity) -> bool:
        """As in "3 h 20": the unit is an abbreviation, so a bare number behind it is minutes."""
        return self._tokens[quantity.end - 1].word == "h"

    def _timed(self, quantity: Quantity, end: int, value: float, unit: str, half: float) -> Quantity:
        dimension, factor = UNITS[unit]
        return Quantity(
            at=quantity.at,
            end=end,
            text=self._text(quantity.at, end),
            meanings=(Meaning(dimension, value * factor, half * factor),),
            sign=quantity.sign,
        )

    def _clock(self, at: int, start: int, sign: str) -> Quantity:
        """A clock time: 5:30 may be minutes and seconds, hours and minutes, or a pace."""
        token = self._tokens[start]
        parts = [int(part) for part in token.word.rstrip('"').replace("'", ":").split(":")]
        end, unit = self._unit(start + 1)
        seconds = sum(part * 60**place for place, part in enumerate(reversed(parts)))
        meanings: tuple[Meaning, ...]
        if unit in _CLOCK_UNITS:
            dimension, factor = UNITS[unit]
            meanings = (Meaning(dimension, seconds / 60 * factor, 0.6 / 60 * factor, factor),)
        elif len(parts) == _H_MIN_S:
            meanings = (Meaning("time", seconds, 0.6),)
        elif unit == "h":
            meanings = (Meaning("time", seconds * 60, 40),)
        elif unit == "min":
            meanings = (Meaning("time", seconds, 0.6),)
        elif unit:
            meanings = (Meaning(UNITS[unit][0], -1, 0),)  # a clock time in kilometres is nothing
        else:
            meanings = (
                Meaning("time", seconds * 60, 40),
                Meaning("time", seconds, 0.6),
                Meaning("pace", seconds, 0.6),
                Meaning("pace", 10 * seconds, 6),  # of a hundred metres
            )
        end = end if unit else start + 1
        return Quantity(at, end, self._text(at, end), meanings, sign=sign)

    # Words for parts and multiples

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
            if tag.startswith("multiple:"):
                value = self._lexicon.values[tag]
                meanings = [
                    Meaning("times", value, 0.06 * value),
                    Meaning("percent change", 100 * abs(value - 1), 6 * value),
                ]
                if value == int(value):
                    meanings.append(Meaning("count", value, 0.1))
                return Quantity(at, at + length, self._text(at, at + length), tuple(meanings), fraction=True)
        return None

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

    def _compound_with_article(self, at: int) -> Quantity | None:
        """As in "An hour and a quarter": an article counts as one only where a part follows."""
        length, tags = self._match(at)
        if "article:one" not in tags:
            return None
        unit_end, unit = self._unit(at + length)
        if unit == "h" and (whole := self._hour_and_minutes(at, unit_end)):
            return whole
        if unit not in ("h", "min", "kg", "km", "mi") and not (unit in ("day", "week") and self._measures(at, "hedge:")):
            return None
        end, part = self._joined_fraction(unit_end)
        if not part and not self._measures(at) and not self._is_more(unit_end):
            return None
        return self._timed(Quantity(at, end, "", ()), end, 1 + part, unit, 0.1)

    def _is_more(self, at: int) -> bool:
        """As in "An hour more sleep": an article counts where something is said to be as much more."""
        return any(tag.startswith(("direction:", "implied:")) for tag in self._match(at)[1])

    def _hour_and_minutes(self, at: int, unit_end: int) -> Quantity | None:
        """As in "An hour and forty minutes"."""
        hour = self._timed(Quantity(at, unit_end, "", ()), unit_end, 1, "h", 0.5)
        whole = self._with_smaller_units(hour, _Number(at, 1, 1), "h")
        return whole if whole is not hour else None

    def _measures(self, at: int, *kinds: str) -> bool:
        """Return whether what stands before says that a span follows: "for a minute", "less than a week"."""
        kinds = kinds or ("hedge:", "clause:during")
        return any(
            at - size >= 0
            and self._match(at - size)[0] == size
            and any(t.startswith(kinds) for t in self._match(at - size)[1])
            for size in (1, 2, 3)
        )

    def _fraction(self, at: int) -> Quantity | None:
        """As in "Half an hour", "two thirds", "a third of", "three quarters of an hour"."""
        length, tags = self._match(at)
        number = None if "article:one" in tags else self._number(at)
        times, where = (
            (number.value, number.end) if number else (1.0, at + (length if "article:one" in tags else 0))
        )
        where += self._is_hyphen(where) if number else 0
        size, value = self._fraction_word(where)
        if not size or times >= _MANY_PARTS * 4:
            return None
        end = where + size
        part = times * value
        unit_end, unit = self._unit_of_fraction(end)
        if unit:
            dimension, factor = UNITS[unit]
            span = 0.1 if UNITS[unit][0] != "days" else 0.05
            meaning = Meaning(dimension, part * factor, span * factor)
            return Quantity(at, unit_end, self._text(at, unit_end), (meaning,))
        meanings = (Meaning("percent", 100 * part, max(8 * part, 1.5)),)
        return Quantity(at, end, self._text(at, end), meanings, fraction=True)

    def _unit_of_fraction(self, at: int) -> tuple[int, str | None]:
        """As in "Half an hour", "three quarters of an hour", "half a year": with or without small words."""
        for _ in range(3):
            end, unit = self._unit(at)
            if unit in ("h", "min", "year", "month", "km", "mi", "points") and at:
                return end, unit
            length, tags = self._match(at)
            if not ("article:one" in tags or "article:of" in tags):
                return at, None
            at += length
        return at, None

    def _fraction_word(self, at: int) -> tuple[int, float]:
        length, tags = self._match(at)
        for tag in tags:
            if tag.startswith("fraction:"):
                return length, self._lexicon.values[tag]
        return 0, 0

    def _is_hyphen(self, at: int) -> int:
        return int(at < len(self._tokens) and self._tokens[at].word == "-" and self._tokens[at].glued)

    def _text(self, start: int, end: int) -> str:
        pieces = [("" if token.glued else " ") + token.text for token in self._tokens[start:end]]
        return "".join(pieces).strip()


_ORDINAL_ENDINGS: Final = frozenset({"st", "nd", "rd", "th"})
_OR: Final = frozenset({"or", "oder", "bis", "ou", "o", "of", "tot", "à", "a"})
_BETWEEN: Final = frozenset({"between", "zwischen", "entre", "tra", "fra", "tussen"})


def numeral(text: str, *, english: bool) -> tuple[float, float]:
    """Return the value of a numeral and its precision: "1,234.5" is 1234.5, to a tenth."""
    compact = "".join(character for character in text if character not in " \u00a0\u202f'")
    decimal, grouping = (".", ",") if english else (",", ".")
    pieces = compact.split(grouping)
    if len(pieces) > 1 and (
        decimal in pieces[0] or any(len(p.split(decimal)[0]) != _THOUSANDS for p in pieces[1:])
    ):
        # Not thousands: the other mark is the decimal one ("12,5" in an English text).
        compact = compact.replace(decimal, "").replace(grouping, decimal, 1)
    else:
        compact = "".join(pieces)
    whole, _, decimals = compact.partition(decimal)
    decimals = "".join(character for character in decimals if character.isdigit())
    return float(f"{whole or 0}.{decimals or 0}"), 10.0 ** -len(decimals)
