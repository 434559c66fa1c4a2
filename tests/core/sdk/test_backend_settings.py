"""What backends need not write themselves: how they present themselves, what they cost, how long to wait."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest

from training_analyzer.sdk import BackendInfo, BackendSettings, CallLimit, system_time, told_to_wait

TODAY = date(2026, 11, 28)


def settings(**values: Any) -> BackendSettings:
    return BackendSettings.model_validate({"model": "m-1", **values})


def info(given: BackendSettings) -> BackendInfo:
    return given.info("ours", "Ours", data_goes_to="Ours (API)", owner="ours", thinking_tokens=700)


def test_a_backend_presents_itself_as_it_is_set() -> None:
    assert info(settings(timeout_s=7, requests_per_day=9)) == BackendInfo(
        name="ours",
        title="Ours",
        model="m-1",
        data_goes_to="Ours (API)",
        timeout_s=7,
        limits=(CallLimit(unit="requests", per="day", limit=9),),
        thinking_tokens=700,
    )


def test_where_the_data_goes_is_where_the_address_leads() -> None:
    elsewhere = settings(base_url="https://gpu.lan:8000/v1")
    assert elsewhere.host == "gpu.lan"
    assert info(elsewhere).data_goes_to == "those at gpu.lan, configured in place of ours"
    assert elsewhere.info("ours", "Ours", data_goes_to="").data_goes_to == "those at gpu.lan"


@pytest.mark.parametrize("tokens", [0, 50])
def test_the_deployer_knows_best_what_a_model_thinks(tokens: int) -> None:
    assert info(settings(thinking_tokens=tokens)).thinking_tokens == tokens


def test_the_price_that_is_set_holds_as_of_the_day() -> None:
    assert settings().own_price(TODAY) is None
    price = settings(input_usd=0, output_usd=2).own_price(TODAY)
    assert price is not None
    assert (price.input_usd, price.output_usd, price.since) == (0, 2, TODAY)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        *[("2", 2), (12.5, 12.5), ("30s", 30), (None, 60), ("", 60), ("soon", 60), ("inf", 60), ("nan", 60)],
        *[("-5", 0), ("-1e300", 60), ("86401", 86400), ("1e12", 86400), (1e13, 86400), ("1e300", 60)],
    ],
)
def test_how_long_to_wait_is_read_as_services_say_it(told: float | str | None, seconds: float) -> None:
    assert told_to_wait(told) == timedelta(seconds=seconds)


def test_the_time_has_a_zone() -> None:
    assert system_time().tzinfo is UTC
