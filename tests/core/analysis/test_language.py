"""No text is missing in a language, and numbers are written as people write them."""

import pytest

from training_analyzer.analysis.language.numbers import written
from training_analyzer.analysis.language.texts import ENGLISH, catalogue_of
from training_analyzer.analysis.rendering import placeholders, render
from training_analyzer.analysis.rules.catalogue import BY_ID
from training_analyzer.domain.insight import COUNTED, Fact
from training_analyzer.domain.style import Language, NumberFormat, Style

OTHERS = [language for language in Language if language is not Language.ENGLISH]
GERMAN = Style(language=Language.GERMAN)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing(language: Language) -> None:
    catalogue = catalogue_of(language)
    assert catalogue.facts.keys() == ENGLISH.facts.keys()
    assert catalogue.rules.keys() == ENGLISH.rules.keys()
    assert catalogue.notes.keys() == ENGLISH.notes.keys()
    assert catalogue.topics.keys() == ENGLISH.topics.keys()
    assert catalogue.units.keys() == ENGLISH.units.keys()
    assert all(catalogue.facts.values())


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_agree(language: Language) -> None:
    for rule_id, texts in catalogue_of(language).rules.items():
        english = ENGLISH.rules[rule_id]
        for part in ("headline", "text", "advice", "reason"):
            ours, theirs = getattr(texts, part), getattr(english, part)
            assert placeholders(ours) == placeholders(theirs), f"{rule_id} {part}"
            assert bool(ours) == bool(theirs), f"{rule_id} {part}"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_one(language: Language) -> None:
    for rule_id, texts in catalogue_of(language).rules.items():
        assert texts.text != ENGLISH.rules[rule_id].text, rule_id


@pytest.mark.parametrize("language", Language)
def test_a_headline_fits_one_line(language: Language) -> None:
    assert not [text for text in catalogue_of(language).rules.values() if len(text.headline) > 60]


def test_every_rule_has_its_texts_and_nothing_else_has() -> None:
    assert ENGLISH.rules.keys() == BY_ID.keys()


def test_everything_that_is_counted_has_its_words() -> None:
    assert ENGLISH.units.keys() == COUNTED.keys()
    assert {name: unit.one for name, unit in ENGLISH.units.items()} == COUNTED


def number(value: float, unit: str = "", decimals: int = 0) -> Fact:
    return Fact(id="x", label="x", value=value, unit=unit, decimals=decimals)


@pytest.mark.parametrize(
    ("fact", "style", "text"),
    [
        (number(1234.5, "km", 1), Style(), "1,234.5 km"),
        (number(1234.5, "km", 1), GERMAN, "1.234,5 km"),
        (number(1234.5, "km", 1), Style(numbers=NumberFormat.SPACE_COMMA), "1\u202f234,5 km"),
        (number(1234567, ""), Style(numbers=NumberFormat.APOSTROPHE), "1\u2019234\u2019567"),
        (number(1234.5, "km", 1), GERMAN.model_copy(update={"numbers": NumberFormat.POINT}), "1,234.5 km"),
        (number(-1234), GERMAN, "-1.234"),
        (number(12.4, "%"), Style(), "12%"),
        (number(12.4, "%"), GERMAN, "12\u00a0%"),
        (number(1, "rest days"), GERMAN, "1 Ruhetag"),
        (number(3, "rest days"), GERMAN, "3 Ruhetage"),
        (number(2.5, "rest days", 1), GERMAN, "2,5 Ruhetage"),
        (number(1.4, "h", 1), Style(), "1 h 24 min"),
        (number(2, "h", 1), GERMAN, "2 h"),
        (number(0.5, "h", 1), Style(), "30 min"),
        (number(11.25, "h", 1), GERMAN, "11,2 h"),
        (number(41.5, "min", 1), GERMAN, "41:30"),
        (number(92.0833, "min", 1), Style(), "1:32:05"),
        (number(5.2, "min/km"), Style(), "5:12 min/km"),
        (number(-0.3), Style(), "0"),
    ],
)
def test_a_number_is_written_as_people_write_it(fact: Fact, style: Style, text: str) -> None:
    assert written(fact, style) == text


def test_what_is_counted_is_inflected_behind_a_preposition() -> None:
    known = {"x": number(6, "days")}
    assert render("Nach {x} und {x}.", known, GERMAN) == "Nach 6 Tagen und 6 Tage."
    assert render("After {x}.", known, Style()) == "After 6 days."


def test_a_unit_that_the_writer_repeats_is_written_once() -> None:
    assert render("nach {x} Tagen", {"x": number(6, "days")}, GERMAN) == "nach 6 Tagen"
    assert render("of {x} km", {"x": number(6, "km")}, Style()) == "of 6 km"
