"""What models cost at Groq, in US dollars per million tokens."""

from datetime import date
from typing import Final

from training_analyzer.sdk import Price

_READ_ON: Final = date(2026, 11, 23)
_SOURCE: Final = "price table of litellm 1.106.2, read on 2026-11-23; the price in force is Groq's"

# model: input, output, cached input
_TABLE: Final = {
    "openai/gpt-oss-20b": (0.075, 0.30, 0.037),
    "openai/gpt-oss-120b": (0.15, 0.60, 0.075),
}


def listed_price(model: str) -> Price | None:
    listed = _TABLE.get(model)
    if listed is None:
        return None
    input_usd, output_usd, cached_usd = listed
    return Price(
        input_usd=input_usd, output_usd=output_usd, cached_usd=cached_usd, since=_READ_ON, source=_SOURCE
    )
