r"""
Phrases that are looked for by themselves, whatever else their words are part of: those of `lexicons/judged`.

    [no|not a single] hard [day|days]     one of several words, or none of them ("[very|] fresh")
    hard* [week|session]                  whatever a word ends with
    days .. differed                      up to five words between them, without a mark or a "not"
    longest ... most of the week          up to twelve tokens, whatever they are
    ^ a hard week                         at the beginning of a sentence; # is a number
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from training_analyzer.analysis.grounding.lazy import lazy
from training_analyzer.analysis.grounding.lexicon import ELIDING, MAX_REMEMBERED, fits
from training_analyzer.analysis.grounding.lexicon_files import judged
from training_analyzer.analysis.grounding.tokens import Token

_ITEM: Final = re.compile(r"\[[^\]]*\]|\S+")
_SPLIT: Final = re.compile(r",(?![^\[]*\])")
_AT_FIRST: Final = "^"
_GAPS: Final = {
    "..": r"(?:{not_}(?:[^\W_][\w']*|#) ){{0,5}}?",
    "...": r"(?:{not_}[^; ]+ ){{0,12}}?",
    _AT_FIRST: r"\A",
}
_NOT: Final = "not_between"
"""The words of a language that are in no gap: "easy days were not easy" is not "easy days .. easy"."""
_A_NUMBER: Final = "#"
_NUMBERS: Final = ("fact", "number", "clock")


class Found(NamedTuple):
    """A phrase from token `at` up to token `end`, and what it says."""

    key: str
    at: int
    end: int
    text: str


class Running:
    """A sentence as it is searched: its words with a space behind each, and where these begin."""

    def __init__(self, tokens: Sequence[Token], language: str) -> None:
        self._language = language
        self._words = [_A_NUMBER if token.kind in _NUMBERS else token.word for token in tokens]

    @lazy
    def _text(self) -> str:
        return " ".join([*self._words, ""])

    @lazy
    def _places(self) -> tuple[int, ...]:
        """Return where each word begins, and where the last one ends."""
        return tuple(accumulate([len(word) + 1 for word in self._words], initial=0))

    def find(self, keys: frozenset[str]) -> Iterator[Found]:
        """Return the phrases of these keys that a sentence has, of each the first at a place."""
        ends: dict[str, int] = {}
        for at, word in enumerate(self._words):
            for key, pattern in _asked_of(word, keys, self._language):
                if at < ends.get(key, 0):
                    continue
                if match := pattern.match(self._text, self._places[at]):
                    ends[key] = end = self._places.index(match.end())
                    yield Found(key, at, end, match[0].strip())


@lru_cache(maxsize=MAX_REMEMBERED)
def _asked_of(word: str, keys: frozenset[str], language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what finds the phrases of some keys that begin with a word."""
    return tuple(found for found in _beginning_with(word, language) if found[0] in keys)


@lru_cache(maxsize=MAX_REMEMBERED)
def _beginning_with(word: str, language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the keys of which a phrase begins with a word, and what finds those phrases."""
    words, stems = _first_words(language)
    begun = words.get(word, frozenset()).union(*(begun for stem, begun in stems.items() if fits(stem, word)))
    places = defaultdict[str, list[int]](list)
    for key, place in sorted(begun):
        places[key].append(place)
    return tuple((key, _pattern(tuple(own), key, language)) for key, own in places.items())


@cache
def _pattern(places: tuple[int, ...], key: str, language: str) -> re.Pattern[str]:
    """Return what finds some of the phrases of a key: those at these places of its entry, the first first."""
    phrases = _SPLIT.split(judged(language)[key])
    return re.compile("|".join(_compiled(phrases[place], language) for place in places))


_Begun = frozenset[tuple[str, int]]
"""Phrases, by their keys and their places in the entries of these."""


@cache
def _first_words(language: str) -> tuple[dict[str, _Begun], dict[str, _Begun]]:
    """Return which phrases begin with a word, and those of the words of which only a part is given."""
    found = defaultdict[str, set[tuple[str, int]]](set)
    for key, phrases in judged(language).items():
        for place, phrase in enumerate(_SPLIT.split(phrases)):
            for item in _beginnings(_ITEM.findall(phrase)):
                found[_apart(item, language).split()[0].lower()].add((key, place))
    words = {word: frozenset(begun) for word, begun in found.items()}
    return words, {word: begun for word, begun in words.items() if "*" in word}


def _beginnings(items: list[str]) -> Iterator[str]:
    """As in "[a|] hard* week": "a" and "hard*"."""
    for item in items:
        if item[0] != "[" and item != _AT_FIRST:
            yield item
            return
        choices = item[1:-1].split("|") if item[0] == "[" else [""]
        for choice in filter(None, choices):
            yield from _beginnings(_ITEM.findall(choice))
        if "" not in choices:
            return


def _compiled(phrase: str, language: str) -> str:
    return "".join(_item(item, language) for item in _ITEM.findall(phrase))


def _item(item: str, language: str) -> str:
    if item in _GAPS:
        denying = "|".join(map(str.strip, judged(language).get(_NOT, "-").split(",")))
        return _GAPS[item].format(not_=rf"(?!(?:{denying}) )")
    if item[0] == "[":
        return f"(?:{'|'.join(_compiled(choice, language) for choice in item[1:-1].split('|'))})"
    words = _apart(item, language).lower().split()
    return "".join(rf"{re.escape(word)} ".replace(r"\*", r"[\w']*") for word in words)


def _apart(item: str, language: str) -> str:
    """Return words as they are read: "long-term" is three tokens, "l'an" two in French."""
    return item.replace("-", " - ").replace("'", " " if language in ELIDING else "'")
