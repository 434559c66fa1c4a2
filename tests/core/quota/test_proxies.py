import ssl

import httpx
import pytest

from training_analyzer.quota import proxies
from training_analyzer.quota.proxies import EnvironmentTransport

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def proxy_for(url: str) -> str | None:
    return EnvironmentTransport().proxy_for(httpx.URL(url))


def test_without_variables_the_way_is_direct() -> None:
    assert proxy_for("https://www.strava.com/api/v3") is None


def test_the_proxy_of_the_scheme_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "http://everything.example:3128")
    assert proxy_for("https://www.strava.com/api/v3") == "http://proxy.example:3128"
    assert proxy_for("http://www.strava.com/api/v3") == "http://everything.example:3128"


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "inside.example"])
def test_this_machine_and_exceptions_are_reached_directly(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert proxy_for(f"https://{host}/") is None


def test_whom_we_trust_is_read_once_and_only_for_what_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def reading() -> ssl.SSLContext:
        read.append(1)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(httpx, "create_ssl_context", reading)
    proxies.certificates.cache_clear()
    for url in ("http://127.0.0.1:9/", "https://127.0.0.1:9/", "https://127.0.0.1:9/"):
        with EnvironmentTransport() as way, pytest.raises(httpx.ConnectError):
            way.handle_request(httpx.Request("GET", url))
        assert len(read) == (url.startswith("https"))
    proxies.certificates.cache_clear()
