"""Where activities come from: what a provider plugin implements."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, BinaryIO

import httpx
from pydantic import AwareDatetime, Field, SecretStr

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.domain.rights import DataRights
from training_analyzer.domain.values import Value
from training_analyzer.sdk.quota import QuotaRules, Unlimited


class ProviderInfo(Value):
    """How a provider presents itself. `name` is the plugin's name."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    homepage: str
    rights: DataRights


class Grant(Value):
    """
    An athlete's permission to read their data. The core stores it encrypted.

    `account_id` is the athlete's id at the service. `expires_at` is None where the access token
    does not expire. `scopes` are those that were granted, not those that were asked for.
    """

    account_id: str
    access_token: SecretStr
    refresh_token: SecretStr | None = None
    expires_at: AwareDatetime | None = None
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """
    One athlete's account at the service, ready to be asked.

    `http` counts every request against the service's quota and raises `RateLimited` instead of
    sending one that would exceed it. It has timeouts, follows no redirects and never retries.
    """

    grant: Grant
    http: httpx.Client


class Window(Value):
    """Activities that started in [`since`, `until`)."""

    since: AwareDatetime
    until: AwareDatetime


class RawDocument(Value):
    """Bytes exactly as received. An activity's summary is sliced out of its page, never re-written."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """`summary`, `streams`, `file`…"""
    media_type: str
    body: bytes


class UploadedFile(Value):
    """
    One file of an upload: the upload itself, or a file in an archive.

    `number`: the files of an upload count from 1, in the order in which they are read. `known`: how many
    there are, as far as can be told by now. `ends`: nothing more comes from this file, so that reading may
    end here without a look at the next.
    """

    name: str
    number: int
    known: int = 1
    ends: bool = False


class RawActivity(Value):
    """One activity as a list or an upload holds it, before anybody understands it."""

    external_id: str
    started_at: AwareDatetime
    """As far as it can be told without translating; decides what is fetched first."""
    documents: tuple[RawDocument, ...]
    has_more: bool = False
    """True where `fetch_activity` would bring documents that are worth a request."""
    revision: str = ""
    """Differs when `fetch_activity` would bring other documents than before: it is then asked again."""
    supersedes: frozenset[str] = frozenset()
    """Kinds of documents that are out of date with these: such as a summary, where details are newer."""
    named_by: frozenset[str] = frozenset()
    """
    Of an upload: kinds of documents of whose content `external_id` is the digest. One that is there
    already stays.
    """
    file: "UploadedFile | None" = None
    """Of an upload: the file that it came from."""
    activity: Activity | None = None
    """What `translate` makes of the documents, where they had to be understood anyway to be read."""


class BrokenRecord(Value):
    """Something in a list that is no activity: kept, reported, and in nobody's way."""

    reason: str
    document: RawDocument
    file: "UploadedFile | None" = None
    """Of an upload: which file it is."""


class Page(Value):
    """What one request listed. `next_cursor` is None when there is no more."""

    activities: tuple[RawActivity, ...]
    broken: tuple[BrokenRecord, ...] = ()
    next_cursor: str | None = None


class DataProvider(ABC):
    """
    A service that keeps athletes' activities.

    Methods that take an `Account` raise `RateLimited`, `Unavailable`, `Misconfigured`,
    `NotAuthorized`, `NotFound` or `BadData`, and nothing else; they neither sleep nor retry.
    """

    info: ProviderInfo

    def quota_rules(self) -> QuotaRules:
        """Return how the service limits requests. Default: not at all."""
        return Unlimited(self.info.name)

    @abstractmethod
    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        """
        List activities that started inside the window, with one request.

        In any order. The core calls again with `next_cursor` until that is None; a window may be
        listed again at any time. One record that makes no sense goes to `broken`. What is inserted or
        deleted between two pages must not push others out of sight: count pages only where the
        service offers nothing better.
        """

    @abstractmethod
    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        """Fetch what the list does not hold, with as few requests as possible."""

    @abstractmethod
    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        """
        Turn documents into an activity. Pure: no network, no clock, the same every time.

        Works with a summary alone. An unknown sport becomes `Sport.OTHER`. Raises `BadData` where
        the documents make no sense.
        """


class Callback(Value):
    """The query of the redirect with which the athlete came back. The core has checked `state`."""

    code: str
    query: Mapping[str, str]


class SupportsOAuth(ABC):
    """
    A provider whose athletes connect through OAuth 2.

    `http` is a metered client, as in `Account`. Raises as `DataProvider` does.
    """

    refresh_before_s: int = 300
    """How long before a grant expires it is to be refreshed."""

    @abstractmethod
    def authorization_url(self, *, redirect_uri: str, state: str) -> str:
        """Return where to send the athlete. The core makes `state`, and checks it."""

    @abstractmethod
    def exchange_code(self, http: httpx.Client, callback: Callback, *, redirect_uri: str) -> Grant:
        """Turn the code into a grant. Raises `MissingScope` where the athlete unticked what is needed."""

    @abstractmethod
    def refresh(self, http: httpx.Client, grant: Grant) -> Grant:
        """Return a grant that has not expired. The core holds a lock while this runs."""

    def withheld(self, scopes: frozenset[str]) -> str:  # noqa: ARG002 - the contract's argument
        """
        Return what stays away with these scopes, and what to do about it: for the athlete to read.

        Default: nothing, an empty text. What cannot be done without is `MissingScope`.
        """
        return ""

    @abstractmethod
    def revoke(self, http: httpx.Client, grant: Grant) -> None:
        """
        Tell the service that the athlete disconnected.

        The grant may have expired, as where the service did not answer for a while: one that needs a
        valid access token refreshes it here first. `NotAuthorized` and `NotFound` say that the grant has
        ended already; `Forbidden` does not.
        """


class SupportsLookup(ABC):
    """
    A provider that can be asked for one activity.

    By this the core decides what a hint is worth: a webhook's, or that of a list in which an activity
    is missing. Nothing is deleted without it.
    """

    @abstractmethod
    def look_up(self, account: Account, external_id: str) -> RawActivity:
        """
        Return one activity as it is now, with one request: whatever its list would say of it.

        Raises `NotFound` where it is gone, or no longer shown to us.
        """


class SupportsProfile(ABC):
    """A provider that knows something of the athlete's body: threshold power, zones, weight."""

    @abstractmethod
    def fetch_profile(self, account: Account) -> tuple[RawDocument, ...]:
        """
        Fetch what it knows, with as few requests as possible.

        Asked after the athlete has connected, and seldom from then on. What the grant's scopes do not
        permit is not asked for: return nothing then. Raises as `DataProvider` does.
        """

    @abstractmethod
    def read_profile(
        self, documents: Sequence[RawDocument], *, received_on: date
    ) -> Iterable[ThresholdSuggestion]:
        """
        Turn the documents into suggestions. Pure: no network, no clock.

        `received_on` is the day from which they hold, where the service tells none. Raises `BadData`.
        """


class SupportsUpload(ABC):
    """A provider that reads files which the athlete hands over."""

    upload_endings: tuple[str, ...] = ()
    """How names of such files end, in lower case: what else lies in a folder is passed over. Empty: any."""

    @abstractmethod
    def read_upload(
        self, name: str, content: BinaryIO, skip: int = 0
    ) -> Iterator[RawActivity | BrokenRecord]:
        """
        Read one file or archive, activity by activity, without holding all of it in memory.

        Each record says in `file` which file it came from. `skip` files were read before, when the process
        was interrupted: begin behind them, as cheaply as can be. `content` can seek.
        """
