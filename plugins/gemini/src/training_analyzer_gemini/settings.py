"""What a deployer may set about Gemini."""

from typing import Annotated, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, SecretStr, StringConstraints, model_validator
from training_analyzer.sdk import PluginSettings

HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")]


class GeminiSettings(PluginSettings):
    """Settings `TRAINING_ANALYZER_PLUGIN__GEMINI__…`."""

    api_key: Annotated[SecretStr, Field(min_length=1)]
    """From https://aistudio.google.com/apikey. In the EU, Switzerland and the UK it needs billing."""
    model: Annotated[str, StringConstraints(min_length=1)] = "gemini-3.5-flash-lite"
    base_url: HttpUrl | None = None
    """Where the Gemini API is. None: at Google."""
    timeout_s: PositiveFloat = 20
    input_usd: NonNegativeFloat | None = None
    """Your price per million input tokens, where ours is wrong or missing. Set both prices or none."""
    output_usd: NonNegativeFloat | None = None

    @model_validator(mode="after")
    def _both_prices_or_none(self) -> Self:
        if (self.input_usd is None) != (self.output_usd is None):
            raise ValueError("set both input_usd and output_usd, or neither")
        return self
