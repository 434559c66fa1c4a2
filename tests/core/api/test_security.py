"""Passwords are compared in equal time, a few at once; guesses are counted by who is guessed, and where."""

import time
from contextlib import ExitStack

import pytest

from training_analyzer.api import security
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.security import Attempts, Passwords, network_of
from training_analyzer.runtime import Runtime


def test_a_stranger_waits_as_long_as_an_athlete() -> None:
    passwords = Passwords()
    hashed = passwords.hash("correct horse battery")
    assert passwords.verify("correct horse battery", hashed)
    assert not passwords.verify("wrong horse battery", hashed)
    assert not passwords.verify("correct horse battery", None)
    assert not passwords.verify("-", "-"), "whoever was made without a password has none"

    def quickest(of: str | None) -> float:
        took = []
        for _ in range(3):
            began = time.process_time()  # its own work: how much time others leave it, nobody knows
            passwords.verify("wrong horse battery", of)
            took.append(time.process_time() - began)
        return min(took)

    # Without the comparison a stranger would be answered some thousand times sooner.
    assert 0.2 < quickest(None) / quickest(hashed) < 5


def test_only_a_few_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "PATIENCE_S", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    passwords = Passwords()
    with ExitStack() as hashing:
        for _ in range(2):
            hashing.enter_context(passwords._turn())
        with pytest.raises(Problem) as refused:
            passwords.hash("correct horse battery")
    assert refused.value.kind is Kind.BUSY
    assert passwords.hash("correct horse battery")


def test_guesses_on_many_addresses_are_a_hundred_in_all(runtime: Runtime) -> None:
    attempts = Attempts(runtime.redis)
    for address in range(10):
        for _ in range(10):
            attempts.count_guess("ann@example.org", f"203.0.113.{address}")
        with pytest.raises(Problem):
            attempts.count_guess("ann@example.org", f"203.0.113.{address}")
    with pytest.raises(Problem):
        attempts.count_guess("ann@example.org", "203.0.113.99")
    attempts.count_guess("bob@example.org", "203.0.113.99")
    attempts.forget_guesses("ann@example.org", "203.0.113.1")
    attempts.count_guess("ann@example.org", "203.0.113.1")


def test_what_one_line_has_to_itself_is_one_address() -> None:
    assert network_of("2001:db8:1:200:aaaa::1") == network_of("2001:db8:1:2ff::2") == "2001:db8:1:200::/56"
    assert network_of("2001:db8:1:300::1") != network_of("2001:db8:1:200::1")
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("somewhere") == "somewhere"
