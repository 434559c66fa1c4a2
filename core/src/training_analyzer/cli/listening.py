"""The API's socket: taken before anything is promised, and handed to whichever process serves."""

import socket

from training_analyzer.domain.errors import ConfigurationError


def listen(host: str, port: int) -> socket.socket:
    """Listen there; port 0 takes a free one. Raises ConfigurationError."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named as TCP: otherwise asyncio leaves Nagle's algorithm on, and every answer waits for 40 ms.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address[0], port))
            listener.listen(2048)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        raise ConfigurationError(
            f"The API cannot listen on {host}, port {port}: {error.strerror}. Stop what uses it, or set "
            "TRAINING_ANALYZER_API_HOST and TRAINING_ANALYZER_API_PORT (0 takes any free port)."
        ) from error
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL at which a browser on this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - recognized here, not bound
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
