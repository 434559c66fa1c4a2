"""Numbers as they are written: signs, numerals, number words, ordinals, ranges, and units behind them."""

from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.lexicon import Tags, sections
from training_analyzer.analysis.grounding.quantities import Number, Phrases, numeral

_GLYPHS: Final = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
MANY_PARTS: Final = 5
"""Nobody says "and five quarters"."""
_BEFORE_UNITS: Final = frozenset({"article:last", "metric:streak"})
_HOW_WEEKS_WERE: Final = "clause:how"
MOVING: Final = frozenset({"direction:up", "direction:down"})
_SPANS: Final = frozenset({"day", "week", "month"})
_WEEKS: Final = frozenset({"week", "month"})
_PLAIN: Final = frozenset({"direction:flat"})
SIGNS: Final = frozenset("-+±")
_COUNTED: Final = frozenset(
    {
        "metric:session", "sport:run", "sport:ride", "sport:swim", "sport:walk", "sport:row", "sport:ski",
        "thing:brick",
    }
)  # fmt: skip
_OF_A_KIND: Final = frozenset({"metric:hard", "metric:easy", "thing:intervals", "thing:tempo", "thing:brick"})
_COUNTING: Final = frozenset({"unit", "metric", "sport", "article", "fraction", "hedge"})
_ORDINAL_ENDINGS: Final = frozenset({"st", "nd", "rd", "th"})


class NumberReader:
    """Reads numbers and units at a token of a sentence."""

    def __init__(self, phrases: Phrases) -> None:
        self._tokens = phrases.tokens
        self._lexicon = phrases.lexicon
        self._match = phrases.at
        self._numbers: dict[int, Number | None] = {}

    def _sign(self, at: int) -> tuple[str, int]:
        """Return the sign that begins here, and where the number follows."""
        token = self._tokens[at]
        if token.word in SIGNS and at + 1 < len(self._tokens):
            following = self._tokens[at + 1]
            joined = token.glued and at and self._tokens[at - 1].kind != "mark"
            if following.glued and following.kind in ("number", "clock") and not joined:
                return ("-" if token.word == "-" else "+" if token.word == "+" else ""), at + 1
        length, tags = self._match(at)
        if "negation:minus" in tags and self._number(at + length) is not None:
            return "-", at + length
        return "", at

    def _number(self, at: int) -> Number | None:
        """Return the number at a token, if one begins there."""
        if at not in self._numbers:
            self._numbers[at] = self._read_number(at) if at < len(self._tokens) else None
        return self._numbers[at]

    def _read_number(self, at: int) -> Number | None:
        token = self._tokens[at]
        if token.kind == "number":
            if token.word in _GLYPHS:
                return Number(at + 1, _GLYPHS[token.word], 0.1)
            value, precision = numeral(token.word, english=self._lexicon.language == "en")
            if at + 1 < len(self._tokens) and (glyph := _GLYPHS.get(self._tokens[at + 1].word)):
                return Number(at + 2, value + glyph, 0.1)
            return Number(at + 1, value, precision)
        length, value = self._lexicon.number_word(self._tokens, at)
        if length and not (token.word in self._lexicon.verbs and self._is_a_verb(at + length)):
            return Number(at + length, value, 0.2 if value % 1 else 1, spelled=True)
        return None

    def _is_a_verb(self, behind: int) -> bool:
        """As in "Sei passato da 137 a 158": nothing that is counted follows."""
        if behind >= len(self._tokens) or self._tokens[behind].kind != "word":
            return False
        return _COUNTING.isdisjoint(sections(self._match(behind)[1]))

    def _ordinal(self, at: int) -> Number | None:
        token = self._tokens[at]
        if token.kind == "number" and token.word.isdigit() and self._ending(at + 1) in _ORDINAL_ENDINGS:
            return Number(at + 2, float(token.word), 0.01)
        if token.kind == "word":
            for tag in self._match(at)[1]:
                if tag.startswith("ordinal:") and self._is_counted(at + 1):
                    return Number(at + 1, self._lexicon.values[tag], 0.01)
        return None

    def _is_counted(self, at: int) -> bool:
        """As in "The third week", "the third session"."""
        if self._unit(at)[1] or self._unit_behind_last(at)[1]:
            return True
        return bool(self._match(at)[1] & _COUNTED) or self._is_of_a_kind(at)

    def _is_of_a_kind(self, at: int) -> bool:
        """As in "The third hard session"."""
        length, tags = self._match(at)
        return bool(tags & _OF_A_KIND and self._match(at + length)[1] & _COUNTED)

    def _ending(self, at: int) -> str:
        """Return the word that is joined to the token before it."""
        return self._tokens[at].word if at < len(self._tokens) and self._tokens[at].glued else ""

    def _and_fraction(self, number: Number) -> Number:
        """Add what follows a whole number: "eleven and a quarter"."""
        end, part = self._joined_fraction(number.end)
        return Number(end, number.value + part, 0.2) if part else number

    def _joined_fraction(self, at: int) -> tuple[int, float]:
        length, tags = self._match(at)
        if "article:and" not in tags:
            return at, 0
        count = self._number(at + length)
        where, times = (count.end, count.value) if count and count.value < MANY_PARTS else (at + length, 1.0)
        where += self._is_hyphen(where) if count else 0  # "four and three-quarter hours"
        size, value = self._fraction_word(where)
        return (where + size, times * value) if size else (at, 0)

    def _upper(self, number: Number) -> Number | None:
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

    def _begins_range(self, number: Number, follows: Number) -> bool:
        """As in "Between 30 and 35", "two or three"; but "nine sessions and 12 hours" has two numbers."""
        before = [t.word for t in self._tokens[max(0, number.end - 4) : number.end]]
        words = self._lexicon.words
        near = follows.value - number.value <= max(1, 0.3 * follows.value)
        return near and (
            self._tokens[number.end].word in words["either"] or not words["between"].isdisjoint(before)
        )

    def _unit(self, at: int) -> tuple[int, str | None]:
        length, tags = self._match(at)
        if length > 1 and "metric:time" in tags and _unit_of(tags) is None:
            length, tags = self._lexicon.match(self._tokens[at : at + 1], 0)  # "hours in the saddle"
        unit = _unit_of(tags)
        return (at + length, unit) if unit else (at, None)

    def _unit_behind_last(self, at: int) -> tuple[int, str | None]:
        """As in "Les 90 derniers jours", "fifth straight week", "four quiet weeks": a word stands between."""
        length, tags = self._match(at)
        if _HOW_WEEKS_WERE in tags and (weeks := self._unit(at + length))[1] == "week":
            return weeks
        if tags & MOVING and "clause:quantifier" not in tags:  # "three rising weeks"
            end, unit = self._unit(at + length)
            return (end, unit) if unit in _SPANS else (at, None)
        if tags & _BEFORE_UNITS:
            return self._unit(at + length)
        if self._is_plain(at, length, tags):  # "four even weeks"
            end, unit = self._unit(at + 1)
            return (end, unit) if unit in _WEEKS else (at, None)
        return at, None

    def _is_plain(self, at: int, length: int, tags: Tags) -> bool:
        """Return whether a word may say how a week was, and nothing that a fact is of."""
        return at < len(self._tokens) and self._tokens[at].kind == "word" and length <= 1 and tags <= _PLAIN

    def _fraction_word(self, at: int) -> tuple[int, float]:
        length, tags = self._match(at)
        for tag in tags:
            if tag.startswith("fraction:"):
                return length, self._lexicon.values[tag]
        return 0, 0

    def _odd(self, at: int) -> int:
        """As in "Fifty-odd kilometres", "50 y pico km": how many tokens make a rough number of it."""
        length, tags = self._match(at)
        rough = "hedge:after" in tags and (self._is_hyphen(at) or self._unit(at + length)[1])
        return length if rough else 0

    def _is_hyphen(self, at: int) -> int:
        return int(at < len(self._tokens) and self._tokens[at].word == "-" and self._tokens[at].glued)

    def _text(self, start: int, end: int) -> str:
        pieces = [("" if token.glued else " ") + token.text for token in self._tokens[start:end]]
        return "".join(pieces).strip()


@lru_cache(maxsize=8192)
def _unit_of(tags: Tags) -> str | None:
    return next((tag.removeprefix("unit:") for tag in tags if tag.startswith("unit:")), None)
