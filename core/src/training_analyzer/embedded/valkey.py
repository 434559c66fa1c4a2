"""Valkey as an embedded server: a doorbell that remembers nothing, reached by its socket alone."""

import signal
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from training_analyzer.embedded.directory import Site, fresh_log
from training_analyzer.embedded.programs import valkey_program
from training_analyzer.embedded.supervisor import Program, Supervised

SOCKET_NAME = "valkey.sock"
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    # a full doorbell must refuse to ring; it must not forget other rings
    "maxmemory-policy": "noeviction",
}


def redis_url(socket_directory: Path) -> str:
    """Give the URL in redis-py's spelling."""
    return f"unix://{quote(str(socket_directory / SOCKET_NAME), safe='/')}"


def start(site: Site) -> Supervised:
    """Start the server; it answers a moment later (`answers`)."""
    program_file = valkey_program(site.account, site.program_copies)
    socket = site.socket_directory / SOCKET_NAME
    chosen = {**SETTINGS, "dir": str(site.socket_directory), "unixsocket": str(socket)}
    options = tuple(part for name, value in chosen.items() for part in (f"--{name}", value))
    program = Program(
        "Valkey",
        (str(program_file), *options),
        fresh_log(site.directory, "valkey"),
        stop=signal.SIGTERM,
        abort=signal.SIGKILL,  # nothing is kept, so nothing can be lost
    )
    return Supervised(program, site)


def answers(socket_directory: Path) -> bool:
    """Whether the server answers a ping."""
    client = redis.Redis(
        unix_socket_path=str(socket_directory / SOCKET_NAME), socket_timeout=5, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
