"""Price tables: the price in force on a day, and models that are switched off."""

from datetime import date

import pytest

from training_analyzer.sdk import PriceTable

TABLE = PriceTable.parse(
    """
[[models]]
id = "one"
input_usd = 1
output_usd = 2
since = 2026-01-01
source = "page of January"

[[models]]
id = "one"
input_usd = 3
output_usd = 4
cached_usd = 0.5
since = 2026-06-01
source = "page of June"

[[retired]]
id = "none"
on = 2026-03-01
"""
)


@pytest.mark.parametrize(
    ("on", "input_usd"),
    [
        (date(2025, 12, 31), 1),  # the first that is known
        (date(2026, 1, 1), 1),
        (date(2026, 5, 31), 1),
        (date(2026, 6, 1), 3),
        (date(2027, 1, 1), 3),
    ],
)
def test_a_price_is_that_of_its_day(on: date, input_usd: float) -> None:
    price = TABLE.price("one", on=on)
    assert price is not None
    assert price.input_usd == input_usd


def test_nothing_is_guessed() -> None:
    assert TABLE.price("two", on=date(2026, 6, 1)) is None
    assert TABLE.price("one", on=date(2026, 6, 1), backend="somebody") is None


def test_a_retired_model_is_told_of_before_and_after() -> None:
    assert list(TABLE.warnings("none", on=date(2026, 2, 28))) == [
        "the model none will be switched off on 2026-03-01"
    ]
    assert list(TABLE.warnings("none", on=date(2026, 3, 1))) == [
        "the model none was switched off on 2026-03-01"
    ]
    assert list(TABLE.warnings("one", on=date(2026, 3, 1))) == []


@pytest.mark.parametrize(
    "toml", ["models = 3", "[[models]]\nid = 'x'", "[[models]]\nid='x'\ninput_usd=-1\noutput_usd=1", "]"]
)
def test_a_table_that_makes_no_sense_is_refused(toml: str) -> None:
    with pytest.raises(ValueError):
        PriceTable.parse(toml)
