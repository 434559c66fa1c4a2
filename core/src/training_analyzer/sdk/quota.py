"""How a service limits our requests: what the core's metered client has to know to stay within."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Annotated

import httpx
from pydantic import Field, NonNegativeInt, PositiveInt

from training_analyzer.domain.values import Value


class Quota(Value):
    """At most `limit` requests in each window of `window_s` seconds, aligned to midnight UTC."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    limit: PositiveInt
    """Until the service states another one."""
    window_s: PositiveInt


class QuotaReading(Value):
    """What an answer of the service says of one quota."""

    name: str
    limit: PositiveInt | None = None
    used: NonNegativeInt | None = None


class QuotaRules(ABC):
    """
    A service's quotas, and how its requests and answers speak of them.

    `scope` names whose quota it is, such as the application's id: two deployments of one
    provider with different credentials do not share.
    """

    scope: str
    quotas: tuple[Quota, ...]

    @abstractmethod
    def charged(self, request: httpx.Request) -> frozenset[str]:
        """Return the names of the quotas that this request counts against. Empty: it is free."""

    @abstractmethod
    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:
        """Return what the headers say. Nothing, where they are silent."""

    @abstractmethod
    def exhausted(self, response: httpx.Response) -> frozenset[str]:
        """
        Return the names of the quotas that this 429 says are used up.

        Empty where it does not say: the core then closes the shortest charged window.
        """


class Unlimited(QuotaRules):
    """A service that sets no limit that we know of."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.quotas = ()

    def charged(self, request: httpx.Request) -> frozenset[str]:  # noqa: ARG002 - the contract's argument
        return frozenset()

    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:  # noqa: ARG002 - the contract's argument
        return ()

    def exhausted(self, response: httpx.Response) -> frozenset[str]:  # noqa: ARG002 - the contract's argument
        return frozenset()
