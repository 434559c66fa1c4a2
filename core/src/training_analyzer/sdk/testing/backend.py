"""The contract that AI backends keep."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from training_analyzer.sdk import BackendInfo, InsightBackend, PluginError, Price, Prompt, Reply, Usage
from training_analyzer.sdk.testing.network import NetworkGuard, WithoutNetwork

DEAREST_USD = 1000
"""Per million tokens. No model comes near it: whoever does has mistaken the unit."""


class BackendContract(WithoutNetwork):
    """
    The contract of `InsightBackend`. Give the fixture `backend`, with a key that is not valid.

    It may speak to a local server of your own: the loopback is open. Nothing else is.
    """

    @pytest.fixture
    def backend(self) -> InsightBackend:
        raise NotImplementedError("give a fixture `backend` that returns your InsightBackend")

    @pytest.fixture
    def prompt(self) -> Prompt:
        return Prompt(
            instructions="Write one sentence about the week.",
            facts=json.dumps([{"id": "load_7d", "label": "Load of 7 days", "text": "412"}]),
            reply_schema={
                "type": "object",
                "properties": {"headline": {"type": "string"}},
                "required": ["headline"],
                "additionalProperties": False,
            },
            max_output_tokens=100,
        )

    def test_is_made_without_network(self, network_guard: NetworkGuard, backend: InsightBackend) -> None:
        assert isinstance(backend, InsightBackend), "the fixture returns an InsightBackend"
        assert not network_guard.attempts, f"asked {network_guard.attempts} while it was made"

    def test_presents_itself(self, backend: InsightBackend) -> None:
        info = backend.info
        assert isinstance(info, BackendInfo), "`info` is a BackendInfo"
        assert info.name.isidentifier(), "`info.name` is the plugin's name"
        assert info.name == info.name.lower(), "`info.name` is the plugin's name, in lower case"
        assert info.title, "`info.title` is what athletes read"
        assert info.model, "`info.model` is the model that is asked"
        assert info.data_goes_to, "`info.data_goes_to` says whose computers receive the facts"

    def test_knows_the_price_of_its_model(self, network_guard: NetworkGuard, backend: InsightBackend) -> None:
        price = backend.price(backend.info.model)
        assert isinstance(price, Price), f"no price for {backend.info.model}: it would never be asked"
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        assert price.since <= tomorrow, "a price that begins in the future is not known"
        assert price.source, "`source` says where the price is published"
        assert max(price.input_usd, price.output_usd) < DEAREST_USD, (
            "prices are US dollars per million tokens"
        )
        cached_usd = price.input_usd if price.cached_usd is None else price.cached_usd
        assert cached_usd <= price.input_usd, "cached input does not cost more than fresh input"
        assert price.cost_usd(Usage(input_tokens=1000, output_tokens=500, cached_tokens=200)) >= 0
        assert not network_guard.attempts, "prices are known without network"

    def test_knows_the_price_of_each_model_that_it_names(self, backend: InsightBackend) -> None:
        for model in backend.known_models():
            assert isinstance(backend.price(model), Price), f"{model} is named as known, but has no price"

    def test_does_not_guess_prices(self, backend: InsightBackend) -> None:
        assert backend.price("no-such-model-of-anybody") is None, "an unknown model has no price"

    def test_warns_in_words_and_without_network(
        self, network_guard: NetworkGuard, backend: InsightBackend
    ) -> None:
        warnings = list(backend.warnings())
        assert all(warning.strip() for warning in warnings), "warnings are texts for the deployer"
        assert not network_guard.attempts, "what to warn of is known without network"

    def test_raises_only_what_the_core_understands(
        self, network_guard: NetworkGuard, backend: InsightBackend, prompt: Prompt
    ) -> None:
        """Without network, that is `Unavailable`; with a local server of your own, perhaps a reply."""
        try:
            reply = backend.generate(prompt)
        except PluginError as error:
            assert str(error), "an error says what happened"  # noqa: PT017 - several errors are right
        except Exception as error:
            said = f"raised {type(error).__name__} after {network_guard.attempts}; use the errors of the SDK"
            raise AssertionError(said) from error
        else:
            assert isinstance(reply, Reply), "generate returns a Reply"
        tried = network_guard.attempts
        assert len(tried) <= len(set(tried)), f"asked more than once: {tried}; the core decides on retries"
