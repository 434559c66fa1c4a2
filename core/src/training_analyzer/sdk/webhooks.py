"""What services tell us by themselves: what a provider plugin implements that listens to it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Literal

import httpx
from pydantic import AwareDatetime, Field

from training_analyzer.domain.values import Value


class WebhookRequest(Value):
    """An incoming request, free of any web framework. Header names are lower case."""

    method: Literal["GET", "POST"]
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = b""


class Hint(Value):
    """What a service's webhook claims. It may be late, repeated, out of order or forged."""

    account_id: str
    subscription_id: str = ""
    """Which subscription sent it, where the service says so: others than ours are ignored."""
    key: str = ""
    """The same for repetitions of one event; empty where the service gives nothing to tell by."""
    happened_at: AwareDatetime | None = None


class ActivityChanged(Hint):
    """An activity was created or edited."""

    event: Literal["activity_changed"] = "activity_changed"
    external_id: str


class ActivityDeleted(Hint):
    """The service says that an activity is gone. The core confirms before it believes."""

    event: Literal["activity_deleted"] = "activity_deleted"
    external_id: str


class AccountDisconnected(Hint):
    """The service says that the athlete disconnected us. The core confirms before it believes."""

    event: Literal["account_disconnected"] = "account_disconnected"


ProviderEvent = Annotated[
    ActivityChanged | ActivityDeleted | AccountDisconnected, Field(discriminator="event")
]


class Subscription(Value):
    """An agreement with a service that it calls us."""

    id: str
    callback_url: str


class SupportsWebhooks(ABC):
    """
    A provider that tells us when something changed.

    Reading asks no network: the service is waiting. Managing the subscription does, with a metered
    client, and raises as `DataProvider` does.
    """

    @abstractmethod
    def answer_challenge(self, request: WebhookRequest) -> Mapping[str, str]:
        """Answer the service's question whether this address is ours. Raises `NotAuthorized` to refuse."""

    @abstractmethod
    def read_events(self, request: WebhookRequest) -> tuple[ProviderEvent, ...]:
        """Verify the request and say what happened. Raises `NotAuthorized` or `BadData`."""

    @abstractmethod
    def subscribe(self, http: httpx.Client, *, callback_url: str) -> Subscription:
        """Let the service call this address. It may ask the address first, while this call runs."""

    @abstractmethod
    def subscriptions(self, http: httpx.Client) -> tuple[Subscription, ...]:
        """Return what the service knows of our subscriptions."""

    @abstractmethod
    def unsubscribe(self, http: httpx.Client, subscription_id: str) -> None:
        """End a subscription. Raises `NotFound` where there is none."""
