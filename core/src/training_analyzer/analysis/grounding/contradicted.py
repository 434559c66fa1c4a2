"""Which claims of `claims.toml` the facts contradict: "deep in fatigue" at a form of 17."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from training_analyzer.analysis.rules.conditions import Condition, parse
from training_analyzer.domain.insight import Fact

_SHARES: Final = "shares"
_EASED: Final = "eased"
_COMPOSED: Final = "composed"
_HELD_BACK: Final = frozenset({"must_wait"})


@cache
def claims() -> Mapping[str, Condition]:
    """Return when each claim is false."""
    return {
        claim: parse(false_if)
        for about, group in _claims().items()
        if about not in (_SHARES, _COMPOSED)
        for claim, false_if in group.items()
    }


@cache
def composed() -> Mapping[str, tuple[str, str]]:
    """Return which claims are also made by naming what they are of, and what that is called."""
    return {claim: (f"of_{of}", f"called_{called}") for claim, (of, called) in _claims()[_COMPOSED].items()}


@cache
def bounds() -> Mapping[str, tuple[float, float]]:
    """Return between how many percent a share is of which words like "most" are said."""
    return {f"share_{amount}": (low, high) for amount, (low, high) in _claims()[_SHARES].items()}


def contradicted(facts: Mapping[str, Fact], *, eased: bool = False) -> frozenset[str]:
    """
    Return the claims that these facts contradict; what is not known contradicts nothing.

    `eased`: a rule tells to ease off, which contradicts "a good time for a hard session".
    """
    false = frozenset(claim for claim, false_if in claims().items() if false_if.holds(facts))
    return false.union(_claims()[_EASED]) - _HELD_BACK if eased else false


@cache
def advised() -> frozenset[str]:
    """Return the claims of what may or has to follow: "a good time for a test", "hard work should wait"."""
    return frozenset(_claims()[_EASED]) | _HELD_BACK


@cache
def _claims() -> Mapping[str, Mapping[str, Any]]:
    source = resources.files(__package__).joinpath("claims.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
