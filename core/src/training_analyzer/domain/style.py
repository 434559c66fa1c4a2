"""How an athlete wants to read: the language, the units, the way numbers are written, the tone."""

from enum import StrEnum

from training_analyzer.domain.values import Value


class Language(StrEnum):
    """The languages in which every rule and every fixed text exists."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    ITALIAN = "it"
    DUTCH = "nl"
    PORTUGUESE = "pt"


class Units(StrEnum):
    """In which system distances, heights and paces are written."""

    METRIC = "metric"
    IMPERIAL = "imperial"


class NumberFormat(StrEnum):
    """Which marks stand in a number. LANGUAGE: those of the language."""

    LANGUAGE = "language"
    POINT = "1,234.5"
    COMMA = "1.234,5"
    SPACE_COMMA = "1 234,5"
    APOSTROPHE = "1'234.5"


class Tone(StrEnum):
    """How a model is to speak. The rules' own texts are plain in any case."""

    PLAIN = "plain"
    WARM = "warm"
    BLUNT = "blunt"


class Style(Value):
    """How an athlete wants to read."""

    language: Language = Language.ENGLISH
    """Of headlines, observations and advice."""
    units: Units = Units.METRIC
    """Of distances, heights and paces."""
    numbers: NumberFormat = NumberFormat.LANGUAGE
    """Which marks stand in numbers."""
    tone: Tone = Tone.PLAIN
    """How a model is to speak."""
