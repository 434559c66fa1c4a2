"""What Gemini models cost, in US dollars per million tokens."""

import re
from datetime import date
from typing import Final

from training_analyzer.sdk import Price

_READ_ON: Final = date(2026, 11, 23)
_SOURCE: Final = "price table of litellm 1.106.2, read on 2026-11-23; the price in force is Google's"

# model: input, output, cached input
_TABLE: Final = {
    "gemini-2.5-flash-lite": (0.10, 0.40, 0.01),
    "gemini-3.5-flash-lite": (0.30, 2.50, 0.03),
    "gemini-3.5-flash": (1.50, 9.00, None),
    "gemini-3.6-flash": (0.75, 3.75, 0.075),
    "gemini-3.7-flash": (0.75, 3.75, 0.075),
    "gemini-3.8-flash": (0.75, 3.75, 0.075),
}


def listed_price(model: str) -> Price | None:
    """Return the price of a model, also by its full version, such as `gemini-3.5-flash-lite-001`."""
    listed = _TABLE.get(family(model))
    if listed is None:
        return None
    input_usd, output_usd, cached_usd = listed
    return Price(
        input_usd=input_usd, output_usd=output_usd, cached_usd=cached_usd, since=_READ_ON, source=_SOURCE
    )


def family(model: str) -> str:
    """Return the model's name without the path and the version number that the service may add."""
    return re.sub(r"(?:-\d{2,})+$", "", model.removeprefix("models/"))
