"""What models cost at Groq."""

from functools import cache

from training_analyzer.sdk import PriceTable


@cache
def table() -> PriceTable:
    return PriceTable.of_package("training_analyzer_groq")
