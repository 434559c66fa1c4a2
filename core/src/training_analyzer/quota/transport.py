"""The metered HTTP client: it asks the gate before each request and learns from each answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import httpx

from training_analyzer.domain.events import Priority
from training_analyzer.quota.gate import Denied, QuotaGate, QuotaUsage
from training_analyzer.quota.proxies import EnvironmentTransport
from training_analyzer.sdk.errors import RateLimited, Unavailable
from training_analyzer.sdk.quota import QuotaReading, QuotaRules

LOGGER = logging.getLogger(__name__)
TIMEOUT = httpx.Timeout(20, connect=5)
LONGEST_RETRY_AFTER = timedelta(days=1)
"""No quota that we know is longer; a service that asks for more is asked again then."""
WAIT_WITHOUT_QUOTA = timedelta(minutes=1)
"""After a 429 that neither says when to come back nor belongs to a quota that we know."""

OF_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """
    One request that was sent, for the books.

    `status` is None where no answer came; the request counts all the same. `readings` are what
    the answer said; `usage` is our own count of the charged quotas after it (empty where Redis
    failed meanwhile), from which a lost counter can be restored.
    """

    scope: str
    purpose: str
    charged: frozenset[str]
    status: int | None
    readings: tuple[QuotaReading, ...]
    usage: tuple[QuotaUsage, ...]
    at: datetime


OnRequest = Callable[[RequestRecord], None]


class MeteredTransport(httpx.BaseTransport):
    """
    Sends a request only when the gate has counted it.

    Raises `RateLimited` without sending where the quota is used up, and after an answer of 429;
    `Unavailable` where the gate cannot count; httpx's own errors where the network fails. What
    `on_request` raises is logged.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        rules: QuotaRules,
        gate: QuotaGate,
        *,
        priority: Priority,
        purpose: str,
        on_request: OnRequest,
    ) -> None:
        self._inner = inner
        self._rules = rules
        self._gate = gate
        self._priority = priority
        self._purpose = purpose
        self._on_request = on_request

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        charged = self._rules.charged(request)
        verdict = self._gate.acquire(self._rules, charged, self._priority)
        if isinstance(verdict, Denied):
            raise RateLimited(
                f"The quota of {self._rules.scope} has no room ({', '.join(verdict.quotas)}).",
                retry_at=verdict.retry_at,
            )
        try:
            response = self._inner.handle_request(request)
        except httpx.TransportError:
            self._record(charged, None, (), verdict.at)
            raise
        try:
            return self._take_in(request, response, charged, verdict.at)
        except BaseException:
            response.close()
            raise

    def close(self) -> None:
        self._inner.close()

    def _take_in(
        self, request: httpx.Request, response: httpx.Response, charged: frozenset[str], sent_at: datetime
    ) -> httpx.Response:
        response.request = request
        readings = tuple(self._rules.read(response))
        try:
            self._gate.learn(self._rules, readings, sent_at=sent_at)
        except Unavailable as error:
            # The answer is here and paid for: it is worth more than what its headers say.
            LOGGER.warning("What %s said of its quota is lost. %s", self._rules.scope, error)
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            self._record(charged, response.status_code, readings, sent_at)
            return response
        retry_at = self._close_quotas(_with_body(response), charged, sent_at)
        self._record(charged, response.status_code, readings, sent_at)
        raise RateLimited(f"{self._rules.scope} answers that its quota is used up.", retry_at=retry_at)

    def _close_quotas(self, response: httpx.Response, charged: frozenset[str], sent_at: datetime) -> datetime:
        asked_wait = _retry_after(response)
        until = None if asked_wait is None else self._gate.now() + asked_wait
        quotas = {quota.name: quota.window_s for quota in self._rules.quotas}
        shortest_charged = sorted(charged, key=lambda name: quotas[name])[:1]
        names = (self._rules.exhausted(response) & quotas.keys()) or frozenset(shortest_charged)
        fallback = until or self._gate.now() + WAIT_WITHOUT_QUOTA
        if not names:
            return fallback
        try:
            return self._gate.close(self._rules, names, sent_at=sent_at, until=until)
        except Unavailable as error:
            LOGGER.warning("That the quota of %s is used up cannot be noted. %s", self._rules.scope, error)
            return fallback

    def _record(
        self, charged: frozenset[str], status: int | None, readings: tuple[QuotaReading, ...], at: datetime
    ) -> None:
        try:
            usage = self._gate.usage(self._rules, charged)
        except Unavailable:
            usage = ()
        record = RequestRecord(self._rules.scope, self._purpose, charged, status, readings, usage, at)
        try:
            self._on_request(record)
        except Exception:
            # An answer may hold a token that replaces the one we have: it is worth more than the books.
            LOGGER.exception("A request to %s is not booked", self._rules.scope)


def metered_client(
    rules: QuotaRules,
    gate: QuotaGate,
    *,
    priority: Priority,
    purpose: str,
    on_request: OnRequest,
    timeout: httpx.Timeout = TIMEOUT,
) -> httpx.Client:
    """
    Return a client that cannot forget to count: what a provider plugin is handed.

    It follows no redirects and never retries, because each would be a request that nobody
    counted. `purpose` says what the requests are for, in the books. Close it after use.
    """
    transport = MeteredTransport(
        EnvironmentTransport(), rules, gate, priority=priority, purpose=purpose, on_request=on_request
    )
    return httpx.Client(
        transport=transport,
        timeout=timeout,
        follow_redirects=False,
        # Proxies are the transport's; nothing else of the environment may add credentials.
        trust_env=False,
        headers={"User-Agent": f"training-analyzer/{version('training-analyzer')}"},
    )


def _with_body(response: httpx.Response) -> httpx.Response:
    """Read the answer to its end, so that its body can be looked at, or give it an empty one."""
    try:
        response.read()
    except httpx.RequestError:
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in OF_THE_BODY]
        return httpx.Response(response.status_code, headers=headers, request=response.request)
    return response


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Return how long the answer asks us to wait. A date is taken relative to the service's own clock."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)
