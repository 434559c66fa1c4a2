"""
Gemini as the writer of insights, through Google's own SDK.

One `generateContent` request, structured by a JSON schema; the key travels in a header. The SDK's
retries are off, its missing timeout is set, and `parsed` is not used: it is silently None where a
reply does not fit. Only the finish reason STOP is an answer. Thoughts are billed as output, so the model
is told not to think, where it can be.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from training_analyzer.sdk import (
    BadData,
    InsightBackend,
    Price,
    Prompt,
    Refused,
    Reply,
    Truncated,
    Usage,
    system_time,
)
from training_analyzer_gemini.prices import family, listed_price, table
from training_analyzer_gemini.settings import GeminiSettings
from training_analyzer_gemini.thinking import thinking_of

if TYPE_CHECKING:
    from google.genai import types

_CUT_OFF = {"MAX_TOKENS", "CONTINUATION"}
_MALFORMED = {"MALFORMED_RESPONSE", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "OTHER"}


class GeminiBackend(InsightBackend):
    """Asks the configured Gemini model."""

    def __init__(self, settings: GeminiSettings, now: Callable[[], datetime] = system_time) -> None:
        self._settings = settings
        self._now = now
        self._thinking = thinking_of(settings.model)
        self.info = settings.info(
            "gemini",
            "Google Gemini",
            data_goes_to="Google's (Gemini API)",
            owner="Google's",
            thinking_tokens=self._thinking.tokens,
        )

    def generate(self, prompt: Prompt) -> Reply:
        # The SDK takes a second and 60 MB to import: only who asks pays.
        from training_analyzer_gemini.errors import translated

        try:
            response = self._ask(prompt)
        except Exception as error:
            raise translated(error, self._now()) from error
        return self._reply(response)

    def price(self, model: str) -> Price | None:
        today = self._now().date()
        own = self._settings.own_price(today) if family(model) == family(self._settings.model) else None
        return own or listed_price(model, today)

    def known_models(self) -> Iterable[str]:
        return table().known_models()

    def warnings(self) -> Iterable[str]:
        return table().warnings(family(self._settings.model), on=self._now().date())

    def _ask(self, prompt: Prompt) -> "types.GenerateContentResponse":
        from google import genai
        from google.genai import types

        # A client for each request: nothing is shared across a fork, and no connection stays open.
        options = types.HttpOptions(
            base_url=self._settings.base_url,
            timeout=round(self._settings.timeout_s * 1000),
            retry_options=types.HttpRetryOptions(attempts=1),
        )
        key = self._settings.api_key.get_secret_value()
        with genai.Client(vertexai=False, api_key=key, http_options=options) as client:
            return client.models.generate_content(
                model=self._settings.model,
                contents=prompt.facts,
                config=types.GenerateContentConfig(
                    system_instruction=prompt.instructions,
                    max_output_tokens=prompt.max_output_tokens,
                    response_mime_type="application/json",
                    response_json_schema=dict(prompt.reply_schema),
                    thinking_config=self._told_about_thinking(),
                    # There are no functions to call; left alone, the SDK says in every log that it would.
                    automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
                ),
            )

    def _told_about_thinking(self) -> "types.ThinkingConfig | None":
        from google.genai import types

        told = self._thinking
        if told.budget is None and told.level is None:
            return None
        level = None if told.level is None else types.ThinkingLevel(told.level)
        return types.ThinkingConfig(thinking_budget=told.budget, thinking_level=level)

    def _reply(self, response: "types.GenerateContentResponse") -> Reply:
        usage = _usage(response.usage_metadata)
        if response.prompt_feedback and response.prompt_feedback.block_reason:
            raise Refused(
                f"the prompt was blocked: {response.prompt_feedback.block_reason.value}", usage=usage
            )
        if not response.candidates:
            raise BadData("an answer without candidates", usage=usage)
        finish = response.candidates[0].finish_reason
        reason = finish.value if finish else "none"
        if reason in _CUT_OFF:
            raise Truncated(f"the answer was cut off: {reason}", usage=usage)
        if reason in _MALFORMED or finish is None:
            raise BadData(f"no proper end of the answer: {reason}", usage=usage)
        if reason != "STOP":
            raise Refused(f"the answer was withheld: {reason}", usage=usage)
        text = response.text
        if not text:
            raise BadData("an empty answer", usage=usage)
        return Reply(text=text, model=response.model_version or self._settings.model, usage=usage)


def _usage(metadata: "types.GenerateContentResponseUsageMetadata | None") -> Usage:
    if metadata is None:
        return Usage()
    return Usage(
        input_tokens=(metadata.prompt_token_count or 0) + (metadata.tool_use_prompt_token_count or 0),
        output_tokens=(metadata.candidates_token_count or 0) + (metadata.thoughts_token_count or 0),
        cached_tokens=metadata.cached_content_token_count or 0,
    )
