"""AI backends, one good and many bad. `fails` names the test that has to find the fault."""

from datetime import date
from typing import ClassVar

import httpx
import pytest

from training_analyzer.sdk import BackendInfo, InsightBackend, Price, Prompt, Reply, Unavailable, Usage
from training_analyzer.sdk.testing import BackendContract

PRICE = Price(input_usd=0.3, output_usd=2.5, cached_usd=0.03, since=date(2026, 1, 1), source="example.org")


class Polite(InsightBackend):
    info = BackendInfo(name="polite", title="Polite", model="small", data_goes_to="Example Inc.")

    def generate(self, prompt: Prompt) -> Reply:
        try:
            answer = httpx.post("https://model.example.org/", content=prompt.facts)
        except httpx.TransportError as error:
            raise Unavailable("The model did not answer.") from error
        return Reply(text=answer.text, model=self.info.model, usage=Usage())

    def price(self, model: str) -> Price | None:
        return PRICE if model == self.info.model else None


class Contract(BackendContract):
    """Tests the class that `Backend` names."""

    Backend: ClassVar[type[InsightBackend]] = Polite
    fails: ClassVar[str | None] = None

    @pytest.fixture
    def backend(self) -> InsightBackend:
        return self.Backend()


class TestGood(Contract):
    pass


class TestAsksWhileItIsMade(Contract):
    fails = "test_is_made_without_network"

    class Backend(Polite):
        def __init__(self) -> None:
            with pytest.raises(httpx.ConnectError):
                httpx.get("http://192.0.2.1/models")


class TestNoWordOnWhereDataGoes(Contract):
    fails = "test_presents_itself"

    class Backend(Polite):
        info = Polite.info.model_copy(update={"data_goes_to": ""})


class TestNoPrice(Contract):
    fails = "test_knows_the_price_of_its_model"

    class Backend(Polite):
        def price(self, model: str) -> Price | None:
            return None


class TestPricePerToken(Contract):
    fails = "test_knows_the_price_of_its_model"

    class Backend(Polite):
        def price(self, model: str) -> Price | None:
            return PRICE.model_copy(update={"input_usd": 300_000}) if model == "small" else None


class TestGuessesPrices(Contract):
    fails = "test_does_not_guess_prices"

    class Backend(Polite):
        def price(self, model: str) -> Price | None:
            return PRICE


class TestNamesAModelWithoutAPrice(Contract):
    fails = "test_knows_the_price_of_each_model_that_it_names"

    class Backend(Polite):
        def known_models(self) -> list[str]:
            return ["small", "large"]


class TestWarnsOfNothing(Contract):
    fails = "test_warns_in_words_and_without_network"

    class Backend(Polite):
        def warnings(self) -> list[str]:
            return [""]


class TestForeignErrors(Contract):
    fails = "test_raises_only_what_the_core_understands"

    class Backend(Polite):
        def generate(self, prompt: Prompt) -> Reply:
            httpx.get("https://model.example.org/")
            raise AssertionError("there is no network")


class TestRetries(Contract):
    fails = "test_raises_only_what_the_core_understands"

    class Backend(Polite):
        def generate(self, prompt: Prompt) -> Reply:
            with pytest.raises(Unavailable):
                super().generate(prompt)
            return super().generate(prompt)
