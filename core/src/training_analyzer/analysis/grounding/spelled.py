"""Number words of a language, made from its own building blocks: "fifty-four", "vierundfünfzig"."""

from collections.abc import Iterator, Mapping
from typing import Any


def spelled_numbers(blocks: Mapping[str, Any]) -> dict[tuple[str, ...], float]:
    """
    Return every number below a thousand in words, as the words that make it up.

    `small`: 0 to 19; empty where the word for one is the article. `tens`: 20 to 90. `pattern`: how tens
    and ones are joined. `long_tens`: tens whose ones run to 19 (French). `hundreds`, `hundred_pattern`:
    hundreds, and what follows them. `halves`: endings that add a fraction. `also`: what is irregular.
    Alternatives stand after `|`.
    """
    small = {word: number for number, words in enumerate(blocks["small"]) for word in _alternatives(words)}
    found: dict[str, float] = {**small}
    for word, value in _tens(blocks, small):
        found.setdefault(word, value)
    below_hundred = list(found.items())
    for ending, part in blocks.get("halves", {}).items():
        found.update({word + ending: number + part for word, number in small.items() if number > 0})
    for hundred, words in enumerate(blocks.get("hundreds", ()), start=1):
        for word in _alternatives(words):
            found[word] = 100 * hundred
            for rest, more in below_hundred:
                for pattern in _alternatives(blocks["hundred_pattern"]):
                    found.setdefault(pattern.format(hundreds=word, rest=rest), 100 * hundred + more)
    found.update(blocks.get("also", {}))
    return {tuple(words.replace("-", " ").split()): float(value) for words, value in found.items()}


def _tens(blocks: Mapping[str, Any], small: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for ten, words in enumerate(blocks["tens"], start=2):
        value = 10 * ten
        last = 19 if value in blocks.get("long_tens", ()) else 9
        for word in _alternatives(words):
            yield word, value
            for ones, number in small.items():
                if 1 <= number <= last:
                    for pattern in _alternatives(blocks["pattern"]):
                        yield pattern.format(tens=word, ones=ones), value + number


def _alternatives(words: str) -> list[str]:
    return [word for word in words.split("|") if word]
