"""A provider whose service is a list in memory, with faults on demand."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import numpy as np
from pydantic import SecretStr, TypeAdapter

from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    BrokenRecord,
    Callback,
    Channel,
    DataProvider,
    DataRights,
    Grant,
    NotAuthorized,
    NotFound,
    Page,
    ProviderEvent,
    ProviderInfo,
    Quota,
    QuotaReading,
    QuotaRules,
    RawActivity,
    RawDocument,
    Samples,
    Sport,
    Subscription,
    SupportsLookup,
    SupportsOAuth,
    SupportsWebhooks,
    WebhookRequest,
    Window,
)

EVENTS: TypeAdapter[list[ProviderEvent]] = TypeAdapter(list[ProviderEvent])


@dataclass
class Session:
    """What the service holds of one session."""

    external_id: str
    started_at: datetime
    minutes: int = 60
    title: str = "Ride"
    sport: str = "ride"
    has_streams: bool = True


@dataclass
class FakeService:
    """The service behind the provider. `fault` is asked before each answer, and may raise."""

    sessions: list[Session] = field(default_factory=list)
    page_size: int = 200
    utc_offset_s: int = 0
    """Where the athlete is."""
    fault: Callable[[str, str], None] = lambda method, subject: None
    subscriptions: list[Subscription] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    url: str | None = None
    """Where each answer costs a request, so that it is counted; None: nothing goes over a network."""
    grant_lifetime: timedelta | None = None
    """Of grants that are refreshed or exchanged, from the service's own `now`; None: they do not expire."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def add(self, days_ago: float, now: datetime, **more: object) -> Session:
        session = Session(
            external_id=str(len(self.sessions) + 1),
            started_at=(now - timedelta(days=days_ago)).replace(microsecond=0),
            **more,  # type: ignore[arg-type]
        )
        self.sessions.append(session)
        return session

    def asked(self, method: str) -> list[str]:
        return [subject for name, subject in self.calls if name == method]

    def answer(self, http: httpx.Client, method: str, subject: str) -> None:
        self.calls.append((method, subject))
        if self.url is not None:
            http.get(f"{self.url}/{method}/{subject}").raise_for_status()
        self.fault(method, subject)

    def grant(self, account_id: str) -> Grant:
        """Return a grant like no other of this service."""
        number = len(self.asked("refresh")) + len(self.asked("exchange"))
        return Grant(
            account_id=account_id,
            access_token=SecretStr(f"access-secret-{number}"),
            refresh_token=SecretStr(f"refresh-secret-{number}"),
            expires_at=None if self.grant_lifetime is None else self.now() + self.grant_lifetime,
            scopes=frozenset({"read"}),
        )


class OneQuota(QuotaRules):
    """Every request counts against one quota of a quarter of an hour."""

    def __init__(self, limit: int) -> None:
        self.scope = "fake"
        self.quotas = (Quota(name="all", limit=limit, window_s=900),)

    def charged(self, request: httpx.Request) -> frozenset[str]:
        return frozenset({"all"})

    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:
        return ()

    def exhausted(self, response: httpx.Response) -> frozenset[str]:
        return frozenset()


class FakeProvider(DataProvider, SupportsOAuth, SupportsLookup, SupportsWebhooks):
    """Speaks to a `FakeService` without a network."""

    def __init__(
        self, service: FakeService, *, rights: DataRights | None = None, limit: int | None = None
    ) -> None:
        self.service = service
        self._limit = limit
        self.info = ProviderInfo(
            name="fake", title="Fake", homepage="http://127.0.0.1", rights=rights or DataRights()
        )

    def quota_rules(self) -> QuotaRules:
        return super().quota_rules() if self._limit is None else OneQuota(self._limit)

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        page = int(cursor or 1)
        self.service.answer(account.http, "list", f"{window.since:%Y-%m-%d}/{page}")
        inside = [s for s in self.service.sessions if window.since <= s.started_at < window.until]
        inside.sort(key=lambda session: session.started_at, reverse=True)
        size = self.service.page_size
        chosen = inside[(page - 1) * size : page * size]
        return self.page_of(chosen, next_cursor=str(page + 1) if chosen else None)

    @staticmethod
    def page_of(sessions: Iterable[Session], *, next_cursor: str | None = None) -> Page:
        """Return the sessions as a list holds them."""
        chosen = list(sessions)
        activities = tuple(raw_of(session) for session in chosen if session.sport != "broken")
        broken = tuple(
            BrokenRecord(reason="it has no start", document=summary_of(session))
            for session in chosen
            if session.sport == "broken"
        )
        return Page(activities=activities, broken=broken, next_cursor=next_cursor)

    def look_up(self, account: Account, external_id: str) -> RawActivity:
        self.service.answer(account.http, "look_up", external_id)
        for session in self.service.sessions:
            if session.external_id == external_id:
                return raw_of(session)
        raise NotFound(f"no activity {external_id}")

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        self.service.answer(account.http, "fetch", external_id)
        session = next((s for s in self.service.sessions if s.external_id == external_id), None)
        if session is None or not session.has_streams:
            raise NotFound(f"no streams of {external_id}")
        body = json.dumps({"watts": [200] * session.minutes * 60}).encode()
        return (RawDocument(kind="streams", media_type="application/json", body=body),)

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        bodies: Mapping[str, dict[str, object]] = {d.kind: json.loads(d.body) for d in documents}
        summary = bodies["summary"]
        title = str(summary["title"])
        self.service.fault("translate", title)
        if title == "nonsense":
            raise BadData("it makes no sense")
        samples, seconds = None, float(str(summary["seconds"]))
        if "streams" in bodies:
            watts = np.array(bodies["streams"]["watts"], dtype=float)
            samples = Samples(np.arange(watts.size, dtype=float), {Channel.POWER_W: watts})
        return Activity(
            sport=Sport(str(summary["sport"])),
            title=title,
            started_at=datetime.fromisoformat(str(summary["started_at"])),
            utc_offset_s=self.service.utc_offset_s,
            elapsed_s=seconds,
            moving_s=seconds,
            distance_m=101_000 if title == "far" else 2 * seconds,
            samples=samples,
        )

    def answer_challenge(self, request: WebhookRequest) -> Mapping[str, str]:
        if request.query.get("token") != "verify":
            raise NotAuthorized("not ours")
        return {"challenge": request.query["challenge"]}

    def read_events(self, request: WebhookRequest) -> tuple[ProviderEvent, ...]:
        try:
            return tuple(EVENTS.validate_json(request.body))
        except ValueError as error:
            raise BadData("this is no event") from error

    def subscribe(self, http: httpx.Client, *, callback_url: str) -> Subscription:
        self.service.answer(http, "subscribe", "")
        self.service.subscriptions.append(Subscription(id="s1", callback_url=callback_url))
        return self.service.subscriptions[-1]

    def subscriptions(self, http: httpx.Client) -> tuple[Subscription, ...]:
        self.service.answer(http, "subscriptions", "")
        return tuple(self.service.subscriptions)

    def unsubscribe(self, http: httpx.Client, subscription_id: str) -> None:
        self.service.answer(http, "unsubscribe", subscription_id)
        there = [one for one in self.service.subscriptions if one.id != subscription_id]
        if len(there) == len(self.service.subscriptions):
            raise NotFound("no such subscription")
        self.service.subscriptions = there

    def authorization_url(self, *, redirect_uri: str, state: str) -> str:
        return f"http://127.0.0.1/consent?state={state}&redirect_uri={redirect_uri}"

    def exchange_code(self, http: httpx.Client, callback: Callback, *, redirect_uri: str) -> Grant:
        self.service.answer(http, "exchange", callback.code)
        return self.service.grant(callback.code)

    def refresh(self, http: httpx.Client, grant: Grant) -> Grant:
        self.service.answer(http, "refresh", grant.account_id)
        return self.service.grant(grant.account_id)

    def revoke(self, http: httpx.Client, grant: Grant) -> None:
        self.service.answer(http, "revoke", grant.account_id)

    @staticmethod
    def grant(account_id: str, *, expires_at: datetime | None = None) -> Grant:
        return Grant(
            account_id=account_id,
            access_token=SecretStr("access-secret"),
            refresh_token=SecretStr("refresh-secret"),
            expires_at=expires_at,
            scopes=frozenset({"read"}),
        )


def raw_of(session: Session) -> RawActivity:
    """Return the session as a list holds it."""
    return RawActivity(
        external_id=session.external_id,
        started_at=session.started_at,
        documents=(summary_of(session),),
        has_more=session.has_streams,
        revision=str(session.minutes),
    )


def summary_of(session: Session) -> RawDocument:
    body = {
        "id": session.external_id,
        "title": session.title,
        "sport": session.sport,
        "started_at": session.started_at.isoformat(),
        "seconds": session.minutes * 60,
    }
    return RawDocument(kind="summary", media_type="application/json", body=json.dumps(body).encode())
