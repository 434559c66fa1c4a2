"""Secrets at rest: sealed, bound to their row, and with keys that can be replaced."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.storage.secrets import KeyRing, Sealed

OLD, NEW = KeyRing.generate("old"), KeyRing.generate("new")


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(secret: bytes, place: str) -> None:
    ring = KeyRing.parse(OLD)
    sealed = ring.seal(secret, place=place)
    assert ring.open(sealed, place=place) == secret
    assert sealed.key == "old"
    assert len(secret) < 4 or secret not in sealed.content


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    ring = KeyRing.parse(OLD)
    assert len({ring.seal(b"token", place="here").content for _ in range(50)}) == 50


def test_a_secret_copied_to_another_row_does_not_open() -> None:
    ring = KeyRing.parse(OLD)
    sealed = ring.seal(b"token", place="connections.grant_sealed.1")
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        ring.open(sealed, place="connections.grant_sealed.2")


def test_a_key_is_replaced_by_putting_a_new_one_before_it() -> None:
    sealed = KeyRing.parse(OLD).seal(b"token", place="here")
    both = KeyRing.parse(f"{NEW}, {OLD},")
    assert both.open(sealed, place="here") == b"token"
    assert both.seal(b"token", place="here").key == "new"
    with pytest.raises(
        ConfigurationError, match=r"'old' is not in TRAINING_ANALYZER_SECRET_KEYS.*put it back"
    ):
        KeyRing.parse(NEW).open(sealed, place="here")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 20, b"x" * 60])
def test_what_was_tampered_with_does_not_open(content: bytes) -> None:
    ring = KeyRing.parse(OLD)
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        ring.open(Sealed("old", content), place="here")
    sealed = ring.seal(b"token", place="here")
    flipped = sealed.content[:-1] + bytes([sealed.content[-1] ^ 1])
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        ring.open(Sealed("old", flipped), place="here")


def test_another_key_of_the_same_name_does_not_open() -> None:
    sealed = KeyRing.parse(OLD).seal(b"token", place="here")
    with pytest.raises(ConfigurationError, match="not the one that sealed it"):
        KeyRing.parse(KeyRing.generate("old")).open(sealed, place="here")


@pytest.mark.parametrize(
    "written",
    [
        "1",
        "1:",
        "1:not base64!",
        "1:é",
        f":{base64.b64encode(bytes(32)).decode()}",
        f"1:{base64.b64encode(bytes(31)).decode()}",
        f"{KeyRing.generate('1')},{KeyRing.generate('1')}",
        f"{KeyRing.generate('1')} {KeyRing.generate('2')}",
    ],
    ids=["no key", "empty", "no base64", "no ascii", "no name", "short", "a name twice", "no comma"],
)
def test_a_ring_that_makes_no_sense_says_what_to_do_and_not_what_it_holds(written: str) -> None:
    with pytest.raises(ConfigurationError, match="keys generate") as refused:
        KeyRing.parse(written)
    assert written not in str(refused.value) or written == "1"


@pytest.mark.parametrize("written", ["", " , "])
def test_an_empty_ring_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError, match="holds no key"):
        KeyRing.parse(written)


def test_a_ring_does_not_show_its_keys() -> None:
    assert OLD.split(":")[1] not in repr(KeyRing.parse(OLD)) + str(vars(KeyRing.parse(OLD)))
