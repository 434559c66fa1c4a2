"""What a deployer may set about Groq."""

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


class GroqSettings(PluginSettings):
    """Settings `TRAINING_ANALYZER_PLUGIN__GROQ__…`."""

    api_key: SecretStr
    """From https://console.groq.com/keys."""
    model: Annotated[str, StringConstraints(pattern=r"^[\w./-]+$")] = "openai/gpt-oss-20b"
    """A model that supports strict structured output."""
    base_url: HttpUrl | None = None
    """Where the Groq API is, without `/openai/v1`. None: at Groq."""
    timeout_s: PositiveFloat = 20
    input_usd: NonNegativeFloat | None = None
    """Your price per million input tokens, where ours is wrong or missing. Set both prices or none."""
    output_usd: NonNegativeFloat | None = None

    @field_validator("base_url")
    @classmethod
    def _without_the_path_that_the_sdk_adds(cls, base_url: str | None) -> str | None:
        if base_url is not None and "/openai/v1" in base_url:
            raise ValueError("leave out /openai/v1: the SDK adds it")
        return base_url

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
