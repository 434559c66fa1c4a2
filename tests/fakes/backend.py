"""A backend that does as it is told, one thing after the other."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from training_analyzer.sdk import BackendInfo, CallLimit, InsightBackend, Price, Prompt, Reply, Usage

SPENT = Usage(input_tokens=1000, output_tokens=100)
PRICE = Price(input_usd=1.0, output_usd=10.0, since=date(2026, 1, 1), source="made up")
MICROUSD = 2000
"""What `SPENT` costs."""

ANSWER = (
    '{"status":"insight","observations":[{"facts":["load_week"],"direction":"na",'
    '"text":"The load of the week was {load_week}."}],"caveats":[],"recommendation":"","headline":"The load"}'
)
"""A reply that holds wherever the load of a week is known."""

Deed = str | Exception | Reply


class ScriptedBackend(InsightBackend):
    """Does its deeds in their order, and the last one again and again."""

    def __init__(
        self,
        name: str,
        *deeds: Deed,
        price: Price | None = PRICE,
        timeout_s: float = 5,
        limits: tuple[CallLimit, ...] = (),
        others: Mapping[str, Price] = MappingProxyType({}),
    ) -> None:
        self.info = BackendInfo(
            name=name, title=name, model="m-1", data_goes_to="nobody", timeout_s=timeout_s, limits=limits
        )
        self.deeds, self.listed, self.others = list(deeds), price, others
        self.prompts: list[Prompt] = []

    def generate(self, prompt: Prompt) -> Reply:
        self.prompts.append(prompt)
        deed = self.deeds.pop(0) if len(self.deeds) > 1 else self.deeds[0]
        if isinstance(deed, Exception):
            raise deed
        if isinstance(deed, Reply):
            return deed
        return Reply(text=deed, model="m-1", usage=SPENT)

    def price(self, model: str) -> Price | None:
        return self.listed if model == "m-1" else self.others.get(model)

    def known_models(self) -> Iterable[str]:
        return self.others
