"""
Strava's webhooks: one subscription per application, and events that are small hints.

- Subscribing: `POST /push_subscriptions` with the application's id and secret, `callback_url` and
  `verify_token`. During that call the callback is asked with GET for `hub.mode=subscribe`,
  `hub.challenge` and `hub.verify_token`, and has to echo `{"hub.challenge": …}` with 200 within two
  seconds; otherwise 400. A second subscription: 400, `already exists`.
- An event is POSTed as `{aspect_type, event_time, object_id, object_type, owner_id, subscription_id,
  updates}`. Whoever does not answer 200 within two seconds is asked again, three times in all; then the
  event is lost for ever.
- Nothing is signed. Events come for athletes who are connected with an activity scope.

On demand, events are lost, sent several times, or held back and released in another order.
"""

import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Literal

import httpx

from training_analyzer_strava.simulator.clock import Clock
from training_analyzer_strava.simulator.faults import FaultError, bad_request
from training_analyzer_strava.simulator.settings import Settings

FIRST_SUBSCRIPTION_ID = 131_300
LONGEST_CALLBACK = 255
ATTEMPTS = 3
DELIVERIES_KEPT = 10_000
OK = 200

Mode = Literal["deliver", "hold", "lose"]
Order = Literal["as_sent", "reversed", "shuffled"]
Aspect = Literal["create", "update", "delete"]
Event = Mapping[str, Any]


@dataclass(frozen=True)
class Subscription:
    """Where this application's events go."""

    id: int
    application_id: int
    callback_url: str
    created_at: datetime

    def as_json(self) -> dict[str, Any]:
        moment = f"{self.created_at:%Y-%m-%dT%H:%M:%SZ}"
        return {
            "id": self.id,
            "resource_state": 2,
            "application_id": self.application_id,
            "callback_url": self.callback_url,
            "created_at": moment,
            "updated_at": moment,
        }


@dataclass(frozen=True)
class Delivery:
    """What became of one event: the status of each attempt (0: none in time)."""

    event: Event
    statuses: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def arrived(self) -> bool:
        return OK in self.statuses

    def as_json(self) -> dict[str, Any]:
        return {
            "event": dict(self.event),
            "arrived": self.arrived,
            "statuses": list(self.statuses),
            "seconds": [round(second, 3) for second in self.seconds],
        }


@dataclass
class Manner:
    """How events are delivered from now on. `copies`: how often each is sent."""

    mode: Mode = "deliver"
    copies: int = 1


@dataclass
class Webhooks:
    """The application's subscription and its events; they are sent one after another, by one thread."""

    clock: Clock
    settings: Settings
    manner: Manner = field(default_factory=Manner)
    subscription: Subscription | None = None
    held: list[Event] = field(default_factory=list)
    lost: list[Event] = field(default_factory=list)
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=DELIVERIES_KEPT))
    _subscribed: int = 0
    _pending: set[Future[None]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _executor: ThreadPoolExecutor | None = None

    def subscribe(self, callback_url: str, verify_token: str) -> Subscription:
        """Ask the callback whether it agrees. Raises Strava's refusals."""
        if self.subscription is not None:
            raise bad_request("PushSubscription", "", "already exists")
        if not callback_url or len(callback_url) > LONGEST_CALLBACK:
            raise bad_request("PushSubscription", "callback url")
        challenge = secrets.token_hex(8)
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}

        def echoed(answer: httpx.Response) -> bool:
            try:
                return bool(answer.json() == {"hub.challenge": challenge})
            except ValueError:
                return False

        status, _ = self._asked(lambda http: http.get(callback_url, params=query), echoed)
        if status != OK:
            code = "GET to callback URL does not return 200"
            raise FaultError(400, "Bad Request", "PushSubscription", "callback url", code)
        self._subscribed += 1
        number = FIRST_SUBSCRIPTION_ID + self._subscribed - 1
        self.subscription = Subscription(number, self.settings.client_id, callback_url, self.clock())
        return self.subscription

    def unsubscribe(self, number: str) -> bool:
        """End the subscription; return whether there was one with this number."""
        if self.subscription is None or str(self.subscription.id) != number:
            return False
        self.subscription = None
        return True

    def tell(
        self,
        aspect: Aspect,
        object_type: Literal["activity", "athlete"],
        object_id: int,
        owner_id: int,
        updates: Mapping[str, str] | None = None,
    ) -> None:
        """Send an event in the current manner; nobody waits for it. Without a subscription: nothing."""
        if self.subscription is None:
            return
        event: Event = {
            "aspect_type": aspect,
            "event_time": int(self.clock().timestamp()),
            "object_id": object_id,
            "object_type": object_type,
            "owner_id": owner_id,
            "subscription_id": self.subscription.id,
            "updates": dict(updates or {}),
        }
        match self.manner.mode:
            case "lose":
                self.lost.append(event)
            case "hold":
                self.held += [event] * self.manner.copies
            case "deliver":
                for _ in range(self.manner.copies):
                    self._send(event)

    def release(self, order: Order = "as_sent", seed: int = 0) -> int:
        """Send what was held back, in this order; return how many events that is."""
        events, self.held = self.held, []
        if order == "reversed":
            events.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(events)  # noqa: S311 - it decides an order in a test
        for event in events:
            self._send(event)
        return len(events)

    def drain(self, timeout_s: float = 60.0) -> bool:
        """Wait until every event that was sent has arrived or is lost; False where that takes too long."""
        with self._lock:
            pending = set(self._pending)
        return not wait(pending, timeout_s).not_done

    @property
    def pending(self) -> int:
        """How many events are on their way."""
        with self._lock:
            return len(self._pending)

    def close(self) -> None:
        """Send nothing more."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def _send(self, event: Event) -> None:
        subscription = self.subscription
        if subscription is None:
            return
        with self._lock:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(1, thread_name_prefix="simulated-webhooks")
            future = self._executor.submit(self._deliver, subscription.callback_url, event)
            self._pending.add(future)
        future.add_done_callback(self._forget)

    def _forget(self, future: Future[None]) -> None:
        with self._lock:
            self._pending.discard(future)

    def _deliver(self, callback_url: str, event: Event) -> None:
        statuses: list[int] = []
        seconds: list[float] = []
        while len(statuses) < ATTEMPTS:
            status, took_s = self._asked(lambda http: http.post(callback_url, json=event))
            statuses.append(status)
            seconds.append(took_s)
            if status == OK:
                break
            time.sleep(self.settings.webhook_pause_s)
        self.deliveries.append(Delivery(event, tuple(statuses), tuple(seconds)))

    def _asked(
        self,
        request: Callable[[httpx.Client], httpx.Response],
        accepted: Callable[[httpx.Response], bool] = lambda _: True,
    ) -> tuple[int, float]:
        """The status, and how long it took; 0 where the answer did not come in time or says nothing."""
        limit_s = self.settings.webhook_limit_s
        begun = time.monotonic()
        status = 0
        try:
            with httpx.Client(timeout=limit_s, trust_env=False, follow_redirects=False) as http:
                answer = request(http)
                if accepted(answer):
                    status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            pass
        took_s = time.monotonic() - begun
        return (status if took_s <= limit_s else 0), took_s
