"""The way out: straight, or through the proxy that the environment names."""

import ssl
from functools import cache
from ipaddress import ip_address
from threading import Lock
from urllib.request import getproxies, proxy_bypass

import httpx


class EnvironmentTransport(httpx.BaseTransport):
    """
    Sends each request once, through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, if any.

    httpx looks at these only where it builds the transport itself. `NO_PROXY` is respected, and
    this machine is always reached directly.
    """

    def __init__(self) -> None:
        self._proxies = getproxies()
        self._ways: dict[tuple[bool, str | None], httpx.HTTPTransport] = {}
        self._lock = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        is_secret = request.url.scheme == "https"
        return self._way(self.proxy_for(request.url), is_secret=is_secret).handle_request(request)

    def proxy_for(self, url: httpx.URL) -> str | None:
        """Return the address of the proxy for this URL, or None for the direct way."""
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or _is_this_machine(url.host) or proxy_bypass(url.host):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"

    def close(self) -> None:
        for way in self._ways.values():
            way.close()

    def _way(self, proxy: str | None, *, is_secret: bool) -> httpx.HTTPTransport:
        with self._lock:
            if (is_secret, proxy) not in self._ways:
                tls = certificates() if is_secret else _no_certificates()
                self._ways[is_secret, proxy] = httpx.HTTPTransport(verify=tls, proxy=proxy, retries=0)
            return self._ways[is_secret, proxy]


@cache
def certificates() -> ssl.SSLContext:
    """Return whom we trust, read once in a process: reading takes longer than most requests."""
    return httpx.create_ssl_context()


@cache
def _no_certificates() -> ssl.SSLContext:
    """Return a context that trusts nobody, where nothing is encrypted anyway."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
