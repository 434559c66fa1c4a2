"""What every request to a backend has to pass, and where its cost is written down."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from training_analyzer.analysis.endings import Outcome
from training_analyzer.analysis.prices import Prices, cost_microusd
from training_analyzer.domain.insight import Prompt, Usage
from training_analyzer.sdk import InsightBackend, Price


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a backend is not asked. `until`: when it is worth another try, where that passes by itself."""

    why: str
    until: datetime | None = None
    ends_chain: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """What a request cost."""

    usage: Usage
    microusd: int
    billed: bool
    note: str = ""
    """What nobody could foresee of it."""
    again_at: datetime | None = None
    """When another request about the same facts is worth it, where what went wrong passes."""


class Gate(Protocol):
    """What every request has to pass before it is made, and where its cost is written down."""

    def admit(self, backend: InsightBackend, prompt: Prompt) -> "Pass | Refusal": ...


class Pass(Protocol):
    """The permission to make one request."""

    def settle(self, outcome: Outcome) -> Bill: ...


class Unmetered:
    """Pays whatever is asked. For tests and evaluations that ask no service; the product has a `Purse`."""

    def admit(self, backend: InsightBackend, prompt: Prompt) -> "Pass | Refusal":
        del prompt
        prices = Prices()
        price = prices.dearest(backend, Usage(input_tokens=1, output_tokens=1), date.max)
        if price is None:
            return Refusal(prices.why_not_asked(backend.info.model))
        return _Unmetered(backend, price)


@dataclass(frozen=True, slots=True)
class _Unmetered:
    backend: InsightBackend
    price: Price

    def settle(self, outcome: Outcome) -> Bill:
        retry_at = getattr(outcome.error, "retry_at", None)
        if outcome.usage is None:
            return Bill(Usage(), 0, billed=outcome.reply is not None, again_at=retry_at)
        charged = bill(self.backend, self.price, Prices(), outcome, outcome.usage, on=date.max)
        return replace(charged, again_at=retry_at)


def bill(
    backend: InsightBackend, reserved: Price, prices: Prices, outcome: Outcome, usage: Usage, *, on: date
) -> Bill:
    """Price what was used by the model that answered; as what was reserved where its price is unknown."""
    model = outcome.reply.model if outcome.reply else backend.info.model
    price = prices.price(backend, model, on)
    if price is not None:
        return Bill(usage, cost_microusd(price, usage), billed=True)
    note = f"{model} answered, whose price is not known; the cost is that of the dearest that is"
    return Bill(usage, cost_microusd(reserved, usage), billed=True, note=note)
