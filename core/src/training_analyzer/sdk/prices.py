"""
A price table: what models cost and when they are switched off, as a TOML file beside a plugin.

    [[models]]
    id = "example-1"
    input_usd = 0.30
    output_usd = 2.50
    cached_usd = 0.03
    since = 2026-11-23
    source = "https://example.org/pricing"

    [[retired]]
    id = "example-0"
    on = 2026-12-01
    instead = "example-1"

Prices are US dollars per million tokens. A model that changed its price stands there once for each
price; the one in force is the newest that has begun, or the first where none has.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from importlib import resources
from typing import Self

from training_analyzer.domain.values import Value
from training_analyzer.sdk.backend import Price


class ListedPrice(Price):
    """The price of one model."""

    id: str
    backend: str = ""
    """Whose model, in a table for several backends."""


class Retirement(Value):
    """A model that its service switches off, or has switched off."""

    id: str
    on: date
    instead: str = ""
    """What to use in its place."""


class PriceTable(Value):
    """Prices and retirements, as they stand in the file."""

    models: tuple[ListedPrice, ...] = ()
    retired: tuple[Retirement, ...] = ()

    @classmethod
    def parse(cls, toml: str) -> Self:
        """Read a table. Raises ValueError that says what is wrong with it."""
        return cls.model_validate(tomllib.loads(toml))

    @classmethod
    def of_package(cls, package: str, name: str = "prices.toml") -> Self:
        """Read the table that lies in a package."""
        return cls.parse(resources.files(package).joinpath(name).read_text(encoding="utf-8"))

    def price(self, model: str, *, on: date, backend: str = "") -> Price | None:
        """Return what the model costs on a day; None where that is not known."""
        listed = sorted(
            (one for one in self.models if one.id == model and one.backend == backend),
            key=lambda one: one.since,
        )
        if not listed:
            return None
        newest = next((one for one in reversed(listed) if one.since <= on), listed[0])
        return Price(**newest.model_dump(exclude={"id", "backend"}))

    def known_models(self, backend: str = "") -> frozenset[str]:
        """Return the models that have a price."""
        return frozenset(one.id for one in self.models if one.backend == backend)

    def warnings(self, model: str, *, on: date) -> Iterable[str]:
        """Say when the model is switched off, and what to use in its place."""
        for retirement in self.retired:
            if retirement.id == model:
                instead = f"; set {retirement.instead} in its place" if retirement.instead else ""
                when = "was switched off" if retirement.on <= on else "will be switched off"
                yield f"the model {model} {when} on {retirement.on.isoformat()}{instead}"
