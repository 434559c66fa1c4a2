"""What a model costs here: the deployer's own table first, then the plugin's."""

import logging
import math
from datetime import date
from pathlib import Path

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.domain.insight import Prompt, Usage
from training_analyzer.sdk import InsightBackend, Price, PriceTable

LOGGER = logging.getLogger(__name__)

BYTES_PER_TOKEN = 2
"""Numbers and JSON run at 2.5 to 3 characters a token, prose at 4: this errs on the dear side."""
FRAME_TOKENS = 64
"""What a service wraps around a prompt."""


class Prices:
    """
    Prices by backend and model. A price that nobody knows is None, never zero.

    `flaw`: why the deployer's table cannot be read. Then no price is known: theirs could be another.
    """

    def __init__(self, own: PriceTable | None = None, flaw: str = "") -> None:
        self._own = own or PriceTable()
        self.flaw = flaw

    @classmethod
    def read_if_possible(cls, path: Path | None) -> "Prices":
        """Read the deployer's table; where it cannot be read, no price is known, and no AI is asked."""
        try:
            return cls.read(path)
        except ConfigurationError as error:
            LOGGER.warning("no AI is asked: %s", error)
            return cls(flaw=str(error))

    @classmethod
    def read(cls, path: Path | None) -> "Prices":
        """Read the deployer's table. Raises ConfigurationError."""
        if path is None:
            return cls()
        try:
            return cls(PriceTable.parse(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"TRAINING_ANALYZER_AI_PRICES: {path} cannot be read as a price table: {error}"
            ) from error

    def price(self, backend: InsightBackend, model: str, on: date) -> Price | None:
        """Return what the model costs; None where nobody knows, or where the plugin fails to say."""
        if self.flaw:
            return None
        own = self._own.price(model, on=on, backend=backend.info.name)
        if own is not None:
            return own
        try:
            return backend.price(model)
        except Exception:
            LOGGER.exception("the plugin of %s could not say what %s costs", backend.info.name, model)
            return None

    def dearest(self, backend: InsightBackend, used: Usage, on: date) -> Price | None:
        """
        Return the price of whichever model may answer that would bill most; None where it cannot be asked.

        That is any that the plugin or the deployer has a price for, beside the one that is asked.
        """
        asked = self.price(backend, backend.info.model, on)
        if asked is None:
            return None
        others = (self.price(backend, model, on) for model in sorted(self._others(backend)))
        return max((asked, *filter(None, others)), key=lambda price: price.cost_usd(used))

    def _others(self, backend: InsightBackend) -> frozenset[str]:
        own = self._own.known_models(backend.info.name)
        try:
            return own.union(backend.known_models())
        except Exception:
            LOGGER.exception("the plugin of %s could not say which models it knows", backend.info.name)
            return own

    def why_unknown(self, model: str) -> str:
        """Say why there is no price, and what to do, to whoever runs the server."""
        if self.flaw:
            return self.flaw
        return (
            f"the price of {model} is not known; set it in the plugin's settings, or in the table that "
            "TRAINING_ANALYZER_AI_PRICES names"
        )

    def why_not_asked(self, model: str) -> str:
        """Say why there is no price to athletes, who need not know where the table lies."""
        if self.flaw:
            return "the price table of this server cannot be read"
        return f"the price of {model} is not known"


def cost_microusd(price: Price, usage: Usage) -> int:
    """Return the cost in millionths of a dollar, rounded up."""
    # The first rounding takes away what binary fractions add.
    return math.ceil(round(price.cost_usd(usage) * 1_000_000, 6))


def worst_case(prompt: Prompt) -> Usage:
    """Return the most that a prompt and its reply can consume."""
    written = prompt.instructions + prompt.facts + str(dict(prompt.reply_schema))
    return Usage(
        input_tokens=math.ceil(len(written.encode()) / BYTES_PER_TOKEN) + FRAME_TOKENS,
        output_tokens=prompt.max_output_tokens,
    )
