"""The catalogue of a language: every fixed text, read from a file of data."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from pydantic import ConfigDict

from training_analyzer.domain.style import Language
from training_analyzer.domain.values import Value


class CatalogueValue(Value):
    """Part of a catalogue. A misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleText(CatalogueValue):
    """What a rule says. Every `{fact}` is rendered later."""

    headline: str
    text: str
    advice: str = ""
    reason: str = ""
    """Why, with the time that it speaks of: it stands before the advice where another insight gives it."""


class Unit(CatalogueValue):
    """A unit behind a number. `after_preposition`: as it stands behind one of `prepositions`."""

    one: str
    other: str
    after_preposition: str = ""


class Numbers(CatalogueValue):
    """How numbers are written."""

    decimal: str
    thousands: str
    before_percent: str = ""


class Topic(CatalogueValue):
    """
    What a question may be about: a word that begins with one of these is a sign of it.

    `alone`: it is so particular that what else the words may be about does not count beside it: "my last
    ride" is not about riding. `means`: the topics that it stands for, where it has no rules of its own.
    """

    words: tuple[str, ...]
    alone: bool = False
    means: tuple[str, ...] = ()


class Catalogue(CatalogueValue):
    """Everything that is said in one language."""

    name: str
    """In English: as a model is told."""
    numbers: Numbers
    units: Mapping[str, Unit]
    prepositions: tuple[str, ...] = ()
    """Behind these, what is counted is inflected."""
    points_back: tuple[str, ...]
    """What begins with one of these is said of what stood before it."""
    facts: Mapping[str, str]
    rules: Mapping[str, RuleText]
    notes: Mapping[str, str]
    topics: Mapping[str, Topic]


@cache
def catalogue_of(language: Language) -> Catalogue:
    """Return the texts of a language."""
    file = resources.files(__package__).joinpath(f"{language.value}.toml")
    content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Catalogue.model_validate(content)


ENGLISH: Final = catalogue_of(Language.ENGLISH)
