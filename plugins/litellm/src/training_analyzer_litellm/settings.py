"""What a deployer may set about LiteLLM."""

from typing import Annotated, Literal

from pydantic import PositiveFloat, SecretStr, StringConstraints

from training_analyzer.sdk import BackendSettings


class LiteLLMSettings(BackendSettings):
    """
    Settings `TRAINING_ANALYZER_PLUGIN__LITELLM__…`.

    `base_url` means what LiteLLM's provider takes it for: see the README.
    """

    api_key: SecretStr | None = None
    """None: the service asks for none, as local ones do."""
    model: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w./:@-]+$")]
    """As LiteLLM names it, with its provider: `ollama_chat/qwen3:8b`, `mistral/mistral-small-latest`."""
    timeout_s: PositiveFloat = 45
    """Local models take their time."""
    reasoning_effort: Literal["none", "disable", "minimal", "low"] | None = None
    """The least that the model may be told to think, in LiteLLM's words. None: it is told nothing."""
    structured: Literal["json_schema", "json_object", "none"] = "json_schema"
    """How the model is held to JSON. `none`: by the instructions alone."""
