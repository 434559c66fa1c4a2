"""What a deployer may set about Gemini."""

import re
from typing import Annotated, Self

from pydantic import (
    NonNegativeFloat,
    PositiveFloat,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from training_analyzer.sdk import PluginSettings

HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")]


class GeminiSettings(PluginSettings):
    """Settings `TRAINING_ANALYZER_PLUGIN__GEMINI__…`."""

    api_key: SecretStr
    """From https://aistudio.google.com/apikey. In the EU, Switzerland and the UK it needs billing."""
    model: Annotated[str, StringConstraints(pattern=r"^[\w./-]+$")] = "gemini-3.5-flash-lite"
    base_url: HttpUrl | None = None
    """Where the Gemini API is. None: at Google."""
    timeout_s: PositiveFloat = 20
    input_usd: NonNegativeFloat | None = None
    """Your price per million input tokens, where ours is wrong or missing. Set both prices or none."""
    output_usd: NonNegativeFloat | None = None

    @field_validator("api_key")
    @classmethod
    def _fits_into_a_header(cls, api_key: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]+", api_key.get_secret_value()):
            raise ValueError("it holds a space or another character that no key has: copy it again")
        return api_key

    @model_validator(mode="after")
    def _both_prices_or_none(self) -> Self:
        if (self.input_usd is None) != (self.output_usd is None):
            raise ValueError("set both input_usd and output_usd, or neither")
        return self
