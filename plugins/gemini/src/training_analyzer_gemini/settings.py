"""What a deployer may set about Gemini."""

from typing import Annotated

from pydantic import SecretStr, StringConstraints

from training_analyzer.sdk import BackendSettings


class GeminiSettings(BackendSettings):
    """
    Settings `TRAINING_ANALYZER_PLUGIN__GEMINI__…`.

    The key comes from https://aistudio.google.com/apikey. In the EU, Switzerland and the UK it needs billing.
    """

    api_key: SecretStr
    model: Annotated[str, StringConstraints(pattern=r"^[\w./-]+$")] = "gemini-3.5-flash-lite"
