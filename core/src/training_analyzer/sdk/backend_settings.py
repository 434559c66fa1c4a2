"""What a deployer may set about any AI backend that is asked over the network."""

import re
from datetime import date
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from training_analyzer.sdk.backend import BackendInfo, CallLimit, Price
from training_analyzer.sdk.plugin import PluginSettings

HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")]
ModelId = Annotated[str, StringConstraints(pattern=r"^[\w./:@-]+$")]


class BackendSettings(PluginSettings):
    """The settings that backends share. Subclass it; add `api_key`, and give `model` a default."""

    model: ModelId
    base_url: HttpUrl | None = None
    """Where the service is. None: where its own SDK looks for it."""
    timeout_s: PositiveFloat = 20
    """How long the service may take."""
    thinking_tokens: NonNegativeInt | None = None
    """How many tokens the model may think before it writes. None: what the plugin knows of the model."""
    input_usd: NonNegativeFloat | None = None
    """Your price per million input tokens, where ours is wrong or missing. Set both prices or none."""
    output_usd: NonNegativeFloat | None = None
    requests_per_minute: PositiveInt | None = None
    """The limits of your contract. None: until the service says so itself, there are none."""
    requests_per_day: PositiveInt | None = None
    tokens_per_minute: PositiveInt | None = None
    tokens_per_day: PositiveInt | None = None

    @property
    def limits(self) -> tuple[CallLimit, ...]:
        """The limits that are set."""
        wanted = (
            ("requests", "minute", self.requests_per_minute),
            ("requests", "day", self.requests_per_day),
            ("tokens", "minute", self.tokens_per_minute),
            ("tokens", "day", self.tokens_per_day),
        )
        return tuple(
            CallLimit.model_validate({"unit": unit, "per": per, "limit": limit})
            for unit, per, limit in wanted
            if limit is not None
        )

    @property
    def host(self) -> str | None:
        """The host in `base_url`; None where that is not set."""
        return None if self.base_url is None else urlsplit(self.base_url).hostname

    def info(
        self, name: str, title: str, *, data_goes_to: str, owner: str = "", thinking_tokens: int = 0
    ) -> BackendInfo:
        """
        Return how a backend with these settings presents itself.

        `data_goes_to` holds unless `base_url` is set: then the data goes there, in place of `owner`'s
        computers. `thinking_tokens` is what the plugin knows of the model; the deployer's word goes first.
        """
        in_place = f", configured in place of {owner}" if owner else ""
        return BackendInfo(
            name=name,
            title=title,
            model=self.model,
            data_goes_to=data_goes_to if self.host is None else f"those at {self.host}{in_place}",
            timeout_s=self.timeout_s,
            limits=self.limits,
            thinking_tokens=thinking_tokens if self.thinking_tokens is None else self.thinking_tokens,
        )

    def own_price(self, on: date) -> Price | None:
        """Return the price that is set here, as of a day; None: none is."""
        if self.input_usd is None or self.output_usd is None:
            return None
        return Price(
            input_usd=self.input_usd, output_usd=self.output_usd, since=on, source="the deployer's settings"
        )

    @field_validator("api_key", check_fields=False)
    @classmethod
    def _fits_into_a_header(cls, api_key: SecretStr | None) -> SecretStr | None:
        if api_key is not None and not re.fullmatch(r"[!-~]+", api_key.get_secret_value()):
            raise ValueError("it holds a space or another character that no key has: copy it again")
        return api_key

    @model_validator(mode="after")
    def _both_prices_or_none(self) -> Self:
        if (self.input_usd is None) != (self.output_usd is None):
            raise ValueError("set both input_usd and output_usd, or neither")
        return self
