"""What Gemini models cost, and under which names Google answers."""

import re
from datetime import date
from functools import cache

from training_analyzer.sdk import Price, PriceTable


@cache
def table() -> PriceTable:
    return PriceTable.of_package("training_analyzer_gemini")


def listed_price(model: str, on: date) -> Price | None:
    """Return the price of a model, also by its full version, such as `gemini-3.5-flash-lite-001`."""
    return table().price(family(model), on=on)


def family(model: str) -> str:
    """Return the model's name without the path and the version number that the service may add."""
    return re.sub(r"(?:-\d{2,})+$", "", model.removeprefix("models/"))
