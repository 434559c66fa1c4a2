"""A closed door to the network, which remembers who knocked."""

import socket
from typing import Any, Final, NoReturn

import pytest

LOOPBACK: Final = ("127.", "::1", "localhost")


class NetworkGuard:
    """Refuses every connection that leaves this computer, and notes where it should have gone."""

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def refuse(self, address: object) -> NoReturn:
        self.attempts.append(str(address))
        raise ConnectionRefusedError(f"a contract test allows no connection to {address}")


class WithoutNetwork:
    """A contract whose tests can ask for the fixture `network_guard`."""

    @pytest.fixture
    def network_guard(self, monkeypatch: pytest.MonkeyPatch) -> NetworkGuard:
        """Refuse connections to other computers for the length of a test; the loopback stays open."""
        guard = NetworkGuard()
        connect, look_up = socket.socket.connect, socket.getaddrinfo

        def guarded_connect(self: socket.socket, address: Any) -> None:
            if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
                guard.refuse(address[0])
            connect(self, address)

        def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
            if not name.startswith(LOOPBACK):
                guard.refuse(name)
            return look_up(host, *args, **kwargs)

        monkeypatch.setattr(socket.socket, "connect", guarded_connect)
        monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
        return guard
