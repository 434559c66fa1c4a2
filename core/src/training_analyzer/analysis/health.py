"""Whether a question is about health: then nothing but a fixed text answers it, and no model is asked."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from training_analyzer.domain.values import Value

_WORD: Final = re.compile(r"\w+")
_BETWEEN: Final = 5
"""At most so many words stand between a part of the body and what is the matter with it."""


class HealthWords(Value):
    """The words of a language, as `health.toml` has them."""

    grave: tuple[str, ...]
    harmless: tuple[str, ...]
    alone: tuple[str, ...]
    parts: tuple[str, ...]
    complaints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signs:
    grave: re.Pattern[str]
    harmless: re.Pattern[str]
    told: re.Pattern[str]


def speaks_of_health(question: str) -> bool:
    """
    Return whether a question is about health, in whichever of our languages it is put.

    In doubt it is: "My knee?" gets no advice to train, and who asks of training loses little.
    """
    text = " ".join(_WORD.findall(_plain(question)))
    return any(
        signs.grave.search(text) or signs.told.search(signs.harmless.sub("|", text)) for signs in _signs()
    )


@cache
def _signs() -> tuple[_Signs, ...]:
    content = tomllib.loads(resources.files(__package__).joinpath("health.toml").read_text(encoding="utf-8"))
    return tuple(_signs_of(HealthWords.model_validate(words)) for words in content.values())


def _signs_of(words: HealthWords) -> _Signs:
    part, complaint = _any_of(words.parts), _any_of(words.complaints)
    near = rf"(?: \w+){{0,{_BETWEEN}}} "
    told = (_any_of(words.alone), f"{part}{near}{complaint}", f"{complaint}{near}{part}")
    return _Signs(
        grave=re.compile(_any_of(words.grave)),
        harmless=re.compile(_any_of(words.harmless)),
        told=re.compile("|".join(told)),
    )


def _any_of(phrases: Iterable[str]) -> str:
    found = "|".join(
        re.escape(_plain(phrase)).replace(r"\*", r"\w*").replace(r"\ \.\.\ ", r"(?: \w+){0,3} ")
        for phrase in phrases
    )
    return rf"\b(?:{found})\b"


def _plain(text: str) -> str:
    """Return a text in one case and without accents, which few people type on a telephone."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
