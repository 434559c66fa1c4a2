"""What a deployer may set about Groq."""

from typing import Annotated

from pydantic import SecretStr, StringConstraints, field_validator

from training_analyzer.sdk import BackendSettings


class GroqSettings(BackendSettings):
    """
    Settings `TRAINING_ANALYZER_PLUGIN__GROQ__…`. The key comes from https://console.groq.com/keys.

    `model` has to support strict structured output; `base_url` goes without `/openai/v1`.
    """

    api_key: SecretStr
    model: Annotated[str, StringConstraints(pattern=r"^[\w./-]+$")] = "openai/gpt-oss-20b"

    @field_validator("base_url")
    @classmethod
    def _without_the_path_that_the_sdk_adds(cls, base_url: str | None) -> str | None:
        if base_url is not None and "/openai/v1" in base_url:
            raise ValueError("leave out /openai/v1: the SDK adds it")
        return base_url
