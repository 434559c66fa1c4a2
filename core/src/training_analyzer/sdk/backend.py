"""Language models that write insights: what a backend plugin implements."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from training_analyzer.domain.insight import Prompt, Reply, Usage
from training_analyzer.domain.values import Value


class CallLimit(Value):
    """How much a backend may be asked: what the deployer knows of their contract with the service."""

    unit: Literal["requests", "tokens"]
    per: Literal["minute", "day"]
    limit: PositiveInt


class BackendInfo(Value):
    """How a backend presents itself. Athletes see where their data goes."""

    name: str
    """The plugin's name."""
    title: str
    model: str
    """The model that is asked."""
    data_goes_to: str
    """Whose computers, in words for an athlete."""
    timeout_s: PositiveFloat = 30
    """How long `generate` takes at the most: the core's leases are longer, and it waits little longer."""
    limits: tuple[CallLimit, ...] = ()
    """Rate limits that are known beforehand. Where the service says its own, the lower of both is kept."""
    thinking_tokens: NonNegativeInt = 0
    """
    How many tokens the model may think, and have billed, before it writes. 0: it does not think, or is
    told not to. The prompt's `max_output_tokens` is larger by so many.
    """


class Price(Value):
    """What a model costs, in US dollars per million tokens."""

    input_usd: NonNegativeFloat
    output_usd: NonNegativeFloat
    cached_usd: NonNegativeFloat | None = None
    """For input that the service had cached; the input price where None."""
    since: date
    source: str

    def cost_usd(self, usage: Usage) -> float:
        cached_usd = self.input_usd if self.cached_usd is None else self.cached_usd
        fresh = usage.input_tokens - usage.cached_tokens
        return (
            fresh * self.input_usd + usage.cached_tokens * cached_usd + usage.output_tokens * self.output_usd
        ) / 1_000_000


class InsightBackend(ABC):
    """A language model. It carries the prompt there and the reply back, and adds nothing."""

    info: BackendInfo

    @abstractmethod
    def generate(self, prompt: Prompt) -> Reply:
        """
        Ask the model once, without retries, and return only a finished answer.

        Raises `RateLimited`, `QuotaSpent`, `Unavailable`, `TimedOut`, `NotAuthorized`,
        `Misconfigured`, `BadRequest`, `BadData`, `Truncated` or `Refused`, and nothing else.
        """

    @abstractmethod
    def price(self, model: str) -> Price | None:
        """Return what the model costs. None: not known, and then it is not asked."""

    def known_models(self) -> Iterable[str]:
        """
        Return all models whose price is known, whichever is asked.

        A service may answer with another of them, as when it routes what is asked of a retired model to
        its successor, and bills that: so the price of the dearest is reserved.
        """
        return ()

    def warnings(self) -> Iterable[str]:
        """Return what the deployer should know when the program starts, such as a model that is retired."""
        return ()
