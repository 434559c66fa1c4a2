"""A provider as ingestion uses it: its plugin, and how to get a metered client for it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import httpx

from training_analyzer.domain.events import Priority
from training_analyzer.sdk import DataProvider, SupportsOAuth


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom and what for a request is made: it is counted under these."""

    athlete_id: UUID | None
    """None: for nobody in particular, such as a subscription to webhooks."""
    connection_id: UUID | None
    purpose: str
    priority: Priority = "high"


@dataclass(frozen=True, slots=True)
class Source:
    """A provider, and a way to talk to its service that cannot forget to count."""

    provider: DataProvider
    client: Callable[[Caller], httpx.Client]

    @property
    def name(self) -> str:
        return self.provider.info.name

    @property
    def oauth(self) -> SupportsOAuth | None:
        return self.provider if isinstance(self.provider, SupportsOAuth) else None
