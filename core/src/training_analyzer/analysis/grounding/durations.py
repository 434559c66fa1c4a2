"""Spans of time, in units upon units: 3 h 20, an hour and a half, 1:23:45."""

from typing import Final

from training_analyzer.analysis.grounding.numerals import NumberReader
from training_analyzer.analysis.grounding.quantities import Meaning, Number, Quantity
from training_analyzer.analysis.grounding.units import UNITS

_SIXTY: Final = 60
_H_MIN_S: Final = 3
_CLOCK_UNITS: Final = frozenset({"min_per_km", "min_per_mi", "min_per_100m", "min_per_500m"})
_LASTED: Final = frozenset({"metric:time", "clause:weak"})
_LEAST_BARE: Final = 10
"""Minutes that may follow hours without their unit."""


class DurationReader(NumberReader):
    """Reads what is made of several units."""

    def _with_smaller_units(self, quantity: Quantity, number: Number, unit: str | None) -> Quantity:
        """Add what follows in smaller units, "3 h 20 min", "3h20", and fractions, "an hour and a half"."""
        if unit not in ("h", "min", "times") or number.value != int(number.value) or quantity.window:
            return quantity
        end, part = self._joined_fraction(quantity.end)
        if unit == "times":  # "deux fois et demie"
            return self._timed(quantity, end, number.value + part, unit, 0.1) if part else quantity
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
        bare = glued or smaller.spelled or self._is_bare(quantity) or self._stands_alone(smaller)
        if name not in names and not (name is None and at == quantity.end and bare):
            return quantity
        whole = self._timed(
            quantity, end if name else smaller.end, number.value + smaller.value / 60, unit, 1 / 60
        )
        return self._with_seconds(whole, number, smaller) if unit == "h" else whole

    def _with_seconds(self, quantity: Quantity, hours: Number, minutes: Number) -> Quantity:
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

    def _stands_alone(self, minutes: Number) -> bool:
        """As in "5 Stunden 45 statt 6": nothing that is counted follows the minutes."""
        follows = self._match(minutes.end)[1]
        return minutes.value >= _LEAST_BARE and not any(
            tag.startswith(("unit:", "metric:", "sport:")) for tag in follows
        )

    def _is_bare(self, quantity: Quantity) -> bool:
        """As in "3 h 20": the unit is an abbreviation, so a bare number behind it is minutes."""
        return self._tokens[quantity.end - 1].word == "h"

    def _timed(self, quantity: Quantity, end: int, value: float, unit: str, half: float) -> Quantity:
        dimension, factor = UNITS[unit]
        return Quantity(
            at=quantity.at,
            end=end,
            text=self._text(quantity.at, end),
            meanings=(Meaning(dimension, value * factor, half * factor, half * factor),),
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

    def _compound_with_article(self, at: int) -> Quantity | None:
        """As in "An hour and a quarter": an article counts as one only where a part follows."""
        length, tags = self._match(at)
        if "article:one" not in tags:
            return None
        unit_end, unit = self._unit(at + length)
        if unit == "h" and (whole := self._hour_and_minutes(at, unit_end)):
            return whole
        if unit not in ("h", "min", "kg", "km", "mi") and not (
            unit in ("day", "week") and self._measures(at, "hedge:")
        ):
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
        whole = self._with_smaller_units(hour, Number(at, 1, 1), "h")
        return whole if whole is not hour else None

    def _measures(self, at: int, *kinds: str) -> bool:
        """Return whether what stands before says that a span follows: "for a minute", "less than a week"."""
        if not kinds and self._lasts(at):
            return True
        kinds = kinds or ("hedge:", "clause:during")
        return any(
            at - size >= 0
            and self._match(at - size)[0] == size
            and any(t.startswith(kinds) for t in self._match(at - size)[1])
            for size in (1, 2, 3)
        )

    def _lasts(self, at: int) -> bool:
        """As in "The climb lasted an hour"."""
        length, tags = self._match(at - 1) if at else (0, frozenset[str]())
        return length == 1 and tags >= _LASTED
