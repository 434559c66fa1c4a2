"""
Groq as the writer of insights, through Groq's own SDK.

One chat completion, constrained to a JSON schema (`strict`); the key travels in a header. The
SDK's two silent retries are off. Only the finish reason `stop` is an answer. Reasoning is part of
the completion tokens, and billed with them. The headers of each answer say how much of the limits is left.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from training_analyzer.sdk import (
    BadData,
    InsightBackend,
    LimitReading,
    Price,
    Prompt,
    Refused,
    Reply,
    Truncated,
    Usage,
    system_time,
)
from training_analyzer_groq.limits import read_limits
from training_analyzer_groq.prices import table
from training_analyzer_groq.settings import GroqSettings

if TYPE_CHECKING:
    from groq.types.chat import ChatCompletion
    from groq.types.completion_usage import CompletionUsage


NEVER_WITHOUT_THINKING: Final = 1000
"""What gpt-oss may think at its lowest, in tokens: it cannot be kept from it."""


class GroqBackend(InsightBackend):
    """Asks the configured model at Groq."""

    def __init__(self, settings: GroqSettings, now: Callable[[], datetime] = system_time) -> None:
        self._settings = settings
        self._now = now
        self.info = settings.info(
            "groq",
            "Groq",
            data_goes_to="Groq's (GroqCloud API)",
            owner="Groq's",
            thinking_tokens=NEVER_WITHOUT_THINKING if _effort(settings.model) == "low" else 0,
        )

    def generate(self, prompt: Prompt) -> Reply:
        # The SDK takes most of a second and 40 MB to import: only who asks pays.
        from training_analyzer_groq.errors import translated

        try:
            completion, limits = self._ask(prompt)
        except Exception as error:
            raise translated(error, self._now()) from error
        return self._reply(completion, limits)

    def price(self, model: str) -> Price | None:
        today = self._now().date()
        own = self._settings.own_price(today) if model == self._settings.model else None
        return own or table().price(model, on=today)

    def known_models(self) -> Iterable[str]:
        return table().known_models()

    def warnings(self) -> Iterable[str]:
        return table().warnings(self._settings.model, on=self._now().date())

    def _ask(self, prompt: Prompt) -> tuple["ChatCompletion", tuple[LimitReading, ...]]:
        import groq

        model = self._settings.model
        # A client for each request: nothing is shared across a fork, and no connection stays open.
        with groq.Groq(
            api_key=self._settings.api_key.get_secret_value(),
            base_url=self._settings.base_url,
            timeout=self._settings.timeout_s,
            max_retries=0,
        ) as client:
            response = client.chat.completions.with_raw_response.create(
                model=model,
                messages=[
                    {"role": "system", "content": prompt.instructions},
                    {"role": "user", "content": prompt.facts},
                ],
                max_completion_tokens=prompt.max_output_tokens,
                reasoning_effort=_effort(model) or groq.omit,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "insight", "strict": True, "schema": dict(prompt.reply_schema)},
                },
            )
            return response.parse(), tuple(read_limits(response.headers, self._now()))

    def _reply(self, completion: "ChatCompletion", limits: tuple[LimitReading, ...]) -> Reply:
        usage = _usage(completion.usage)
        if not completion.choices:
            raise BadData("an answer without choices", usage=usage, limits=limits)
        choice = completion.choices[0]
        if choice.finish_reason == "length":
            raise Truncated("the answer was cut off: length", usage=usage, limits=limits)
        if str(choice.finish_reason) == "content_filter":  # of servers that stand in for Groq's
            raise Refused("the answer was withheld: content_filter", usage=usage, limits=limits)
        if choice.finish_reason != "stop":
            raise BadData(f"no proper end of the answer: {choice.finish_reason}", usage=usage, limits=limits)
        if not choice.message.content:
            raise BadData("an empty answer", usage=usage, limits=limits)
        model = completion.model or self._settings.model
        return Reply(text=choice.message.content, model=model, usage=usage, limits=limits)


def _effort(model: str) -> Literal["none", "low"] | None:
    """Return the least that a model may be told to think; None: it does not think, and answers 400 to it."""
    if model.startswith("openai/gpt-oss"):
        return "low"
    return "none" if model.startswith("qwen/qwen3") else None


def _usage(reported: "CompletionUsage | None") -> Usage:
    if reported is None:
        return Usage()
    cached = reported.prompt_tokens_details.cached_tokens if reported.prompt_tokens_details else 0
    return Usage(
        input_tokens=reported.prompt_tokens, output_tokens=reported.completion_tokens, cached_tokens=cached
    )
