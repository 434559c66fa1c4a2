"""
Whatever LiteLLM can ask as the writer of insights: one completion, held to a JSON schema.

LiteLLM takes seconds and 180 MB to import, and would fetch its price map and more from the network
while it does: it is imported with the first request, with those look-ups switched off. Its retries and
those of the SDKs below it are off. Only the finish reason `stop` is an answer.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from training_analyzer.sdk import (
    BadData,
    InsightBackend,
    Misconfigured,
    Price,
    Prompt,
    Refused,
    Reply,
    Truncated,
    Usage,
    system_time,
)
from training_analyzer_litellm.settings import LiteLLMSettings

LOCAL: Final = {"ollama", "ollama_chat", "llamafile", "lm_studio"}
"""Providers of LiteLLM that run on a computer of one's own: nobody sends a bill."""

MAY_THINK: Final = 1000
"""Tokens for what a model thinks that nobody has kept from it: which do is not known here."""

NO_LOOK_UPS: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_TELEMETRY": "False",
}
"""What LiteLLM reads while it is imported."""

NOT_INSTALLED: Final = (
    "LiteLLM is not installed. It is large, so it does not come along: "
    "`pip install litellm` with the versions that the plugin's README names."
)


class LiteLLMBackend(InsightBackend):
    """Asks the configured model through LiteLLM."""

    def __init__(self, settings: LiteLLMSettings, now: Callable[[], datetime] = system_time) -> None:
        self._settings = settings
        self._now = now
        self._provider = settings.model.partition("/")[0]
        self.info = settings.info(
            "litellm",
            "LiteLLM",
            data_goes_to=(
                f"your own ({self._provider})" if self._provider in LOCAL else f"those of {self._provider}"
            ),
            thinking_tokens=0 if settings.reasoning_effort in {"none", "disable"} else MAY_THINK,
        )

    def generate(self, prompt: Prompt) -> Reply:
        litellm = imported()
        from training_analyzer_litellm.errors import translated

        try:
            response = litellm.completion(**self._request(prompt))
        except Exception as error:
            raise translated(error, self._now()) from error
        return self._reply(response)

    def price(self, model: str) -> Price | None:
        """
        Return what the deployer pays, whichever model answers.

        Servers call what answers as they like: by the file that they loaded, by what lies behind a
        deployment of Azure's, by what `latest` stands for today.
        """
        del model
        today = self._now().date()
        own = self._settings.own_price(today)
        if own is None and self._provider in LOCAL:
            source = f"{self._provider} runs on a computer of your own"
            return Price(input_usd=0, output_usd=0, since=today, source=source)
        return own

    def warnings(self) -> Iterator[str]:
        if importlib.util.find_spec("litellm") is None:
            yield NOT_INSTALLED.rstrip(".")
        if self._settings.api_key is None and self._provider not in LOCAL and self._settings.base_url is None:
            yield f"no API_KEY is set, and {self._provider} probably asks for one"

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        settings = self._settings
        key = settings.api_key.get_secret_value() if settings.api_key else None
        # The SDK below refuses to ask an own server without any key.
        without_key = "none" if settings.base_url else None
        formats: dict[str, dict[str, Any]] = {
            "json_schema": {
                "type": "json_schema",
                "json_schema": {"name": "insight", "strict": True, "schema": dict(prompt.reply_schema)},
            },
            "json_object": {"type": "json_object"},
        }
        held: dict[str, Any] = (
            {"response_format": formats[settings.structured]} if settings.structured in formats else {}
        )
        if settings.reasoning_effort is not None:
            held["reasoning_effort"] = settings.reasoning_effort
            # LiteLLM refuses what its table of models does not list; the deployer knows their own.
            held["allowed_openai_params"] = ["reasoning_effort"]
        return {
            "model": settings.model,
            "messages": [
                {"role": "system", "content": prompt.instructions},
                {"role": "user", "content": prompt.facts},
            ],
            "max_tokens": prompt.max_output_tokens,
            "timeout": settings.timeout_s,
            "num_retries": 0,
            "max_retries": 0,
            "api_key": key or without_key,
            "api_base": settings.base_url,
            **held,
        }

    def _reply(self, response: Any) -> Reply:
        usage = _usage(response)
        if not response.choices:
            raise BadData("an answer without choices", usage=usage)
        choice = response.choices[0]
        if choice.finish_reason == "length":
            raise Truncated("the answer was cut off: length", usage=usage)
        if choice.finish_reason == "content_filter":
            raise Refused("the answer was withheld: content_filter", usage=usage)
        if choice.finish_reason != "stop":
            raise BadData(f"no proper end of the answer: {choice.finish_reason}", usage=usage)
        if not choice.message.content:
            raise BadData("an empty answer", usage=usage)
        model = response.model or self._settings.model
        return Reply(text=choice.message.content, model=model, usage=usage)


def imported() -> Any:
    """Import LiteLLM, without its look-ups. Raises Misconfigured where it is not installed."""
    os.environ.update(NO_LOOK_UPS)
    try:
        import litellm
    except ImportError as error:
        raise Misconfigured(NOT_INSTALLED) from error
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    return litellm


def _usage(response: Any) -> Usage:
    reported = getattr(response, "usage", None)
    if reported is None:
        return Usage()
    details = getattr(reported, "prompt_tokens_details", None)
    return Usage(
        input_tokens=reported.prompt_tokens or 0,
        output_tokens=reported.completion_tokens or 0,
        cached_tokens=getattr(details, "cached_tokens", None) or 0,
    )
