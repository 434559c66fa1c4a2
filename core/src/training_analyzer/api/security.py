"""Who is asking: passwords, bearer tokens, and how often a password may be tried."""

import hashlib
import ipaddress
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Final

import redis
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

from training_analyzer.api.problems import Kind, Problem

TOKEN_BYTES: Final = 32
PATIENCE_S: Final = 10
"""A request that has not got its turn to hash by then is told to come again."""


class Passwords:
    """
    Hashes and verifies passwords with argon2id, a few at a time.

    One hash takes 64 MiB and a third of a second, on purpose: any number of them at once would
    let strangers use up the memory.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHash.recommended()
        self._turns = threading.BoundedSemaphore(os.cpu_count() or 1)

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(password)

    def verify(self, password: str, hashed: str | None) -> bool:
        """Return whether this is the password. Takes as long where there is none to compare with."""
        nobodys = self._of_nobody
        with self._turn():
            try:
                return self._hasher.verify(password, hashed or nobodys) and hashed is not None
            except UnknownHashError:  # an athlete who was made without a password: none fits
                self._hasher.verify(password, nobodys)
                return False

    @cached_property
    def _of_nobody(self) -> str:
        return self.hash(secrets.token_urlsafe(TOKEN_BYTES))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE_S):
            raise Problem(Kind.BUSY, "Too many people are logging in. Try again in a moment.")
        try:
            yield
        finally:
            self._turns.release()


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


KEY_MARK: Final = "tak_"
"""What keys begin with: so that people and scanners know one where it should not be."""


def new_key() -> str:
    return KEY_MARK + secrets.token_urlsafe(TOKEN_BYTES)


WINDOW_S: Final = 15 * 60
"""Attempts are counted so long, from the first one at the athlete, or from the address."""
OF_A_GUESSER: Final = 10
"""At one athlete's password from one address: whoever goes on there keeps the athlete out nowhere else."""
OF_AN_EMAIL: Final = 100
"""
From all addresses. The number is that of NIST SP 800-63B-4, 3.2.2, which means wrong ones in a row, however
long that takes. Counted so, a stranger could keep an athlete out for good; here, it ends by itself.
"""
OF_AN_ADDRESS: Final = 100
"""Higher than a guesser's, because a whole club may share an address."""

ALL: Final = "all"


class Attempts:
    """Counts attempts in Redis, for all processes together. Raises redis.RedisError where it is away."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def count(self, address: str) -> None:
        """Count an attempt at anything from there. Raises Problem where it is one too many."""
        self._count(OF_AN_ADDRESS, _of_address(address), ALL)

    def count_guess(self, email: str, address: str) -> None:
        """
        Count an attempt to give this athlete's password from there. Raises Problem as `count` does.

        The e-mail address is one that `athletes.lowered` returned: all its spellings are guesses at one
        password.
        """
        self.count(address)
        # Before that of the athlete: what is refused here is none of the hundred.
        self._count(OF_A_GUESSER, _of_athlete(email), _digest(address))
        self._count(OF_AN_EMAIL, _of_athlete(email), ALL)

    def forget_guesses(self, email: str, address: str) -> None:
        """Forget the guesses at this athlete's password that were made there, and how many all were."""
        self._redis.hdel(_of_athlete(email), _digest(address), ALL)

    def forget_every_guess(self, email: str) -> None:
        """Forget the guesses at this athlete's password, wherever they were made."""
        self._redis.delete(_of_athlete(email))

    def _count(self, most: int, key: str, field: str) -> None:
        with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hincrby(key, field)
            pipeline.expire(key, WINDOW_S, nx=True)
            pipeline.ttl(key)
            attempts, _, seconds_left = pipeline.execute()
        if attempts > most:
            raise Problem(
                Kind.TOO_MANY_ATTEMPTS,
                f"There were too many attempts. Try again in {seconds_left // 60 + 1} minutes.",
                headers={"Retry-After": str(max(1, seconds_left))},
            )


def network_of(host: str) -> str:
    """
    Return what counts as one address: of IPv6, the first 56 bits.

    A line at home has at least the rest to itself, mostly (RIPE-690, 4.2). A site with 48 bits is 256
    addresses; to count by fewer bits would have neighbours use up one another's attempts.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 56), strict=False))


def _of_address(address: str) -> str:
    return f"attempts:address:{_digest(address)}"


def _of_athlete(email: str) -> str:
    """Name the hash with all guesses at one athlete's password: so that they are forgotten at once."""
    return f"attempts:athlete:{_digest(email)}"


def _digest(of: str) -> str:
    """Redis has no business knowing addresses."""
    return hashlib.sha256(of.encode()).hexdigest()
