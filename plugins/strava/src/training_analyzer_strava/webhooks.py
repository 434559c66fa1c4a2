"""
Strava's webhooks: one subscription per application, events that are hints.

- Challenge: while we subscribe, `GET callback?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`; to
  be answered with 200 and `{"hub.challenge": …}` within two seconds.
- Signature: none. What protects us is the secret in the callback's path, the number of our subscription
  in each event, and that nothing is done on an event's word.
- Delivery: POST, to be answered with 200 within two seconds; three attempts in all, then lost for ever.
  Repeated and out of order. Needs the scope `activity:read`.
- Events: an activity's create, update (title, type, privacy) and delete; an athlete's
  `updates: {"authorized": "false"}`. Crops and corrected distances send none. Without
  `activity:read_all`, an activity that is hidden is deleted, and one that is shown again is created.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import httpx
from pydantic import Field, NonNegativeInt, PositiveInt

from training_analyzer.sdk import (
    AccountDisconnected,
    ActivityChanged,
    ActivityDeleted,
    BadData,
    NotAuthorized,
    ProviderEvent,
    Subscription,
    WebhookRequest,
)
from training_analyzer_strava.answers import checked, json_of, sent
from training_analyzer_strava.payloads import Payload, read_as
from training_analyzer_strava.settings import StravaSettings

PATH = "/push_subscriptions"


class Event(Payload):
    """What Strava POSTs."""

    aspect_type: Literal["create", "update", "delete"]
    object_type: Literal["activity", "athlete"]
    object_id: PositiveInt
    owner_id: PositiveInt
    subscription_id: PositiveInt
    event_time: NonNegativeInt
    updates: Mapping[str, Any] = Field(default_factory=dict)


class Subscribed(Payload):
    """What Strava tells of a subscription."""

    id: PositiveInt
    callback_url: str = ""


class StravaWebhooks:
    """The webhooks of one application."""

    def __init__(self, settings: StravaSettings) -> None:
        self._settings = settings

    @property
    def verify_token(self) -> str:
        """What Strava echoes when it asks for the challenge: made of the secret, unless it is set."""
        if self._settings.webhook_verify_token is not None:
            return self._settings.webhook_verify_token.get_secret_value()
        secret = self._settings.client_secret.get_secret_value().encode()
        return hmac.new(secret, b"webhook verify token", hashlib.sha256).hexdigest()[:40]

    def answer_challenge(self, request: WebhookRequest) -> Mapping[str, str]:
        challenge = request.query.get("hub.challenge")
        token = request.query.get("hub.verify_token", "")
        known = hmac.compare_digest(token.encode(), self.verify_token.encode())
        if request.query.get("hub.mode") != "subscribe" or not challenge or not known:
            raise NotAuthorized("This is not the challenge of a subscription of ours.")
        return {"hub.challenge": challenge}

    @staticmethod
    def read_events(request: WebhookRequest) -> tuple[ProviderEvent, ...]:
        try:
            event = Event.model_validate_json(request.body)
        except ValueError as error:
            raise BadData("This is no event of Strava's.") from error
        try:
            happened_at = datetime.fromtimestamp(event.event_time, UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise BadData("Strava's event happened at no time that there is.") from error
        said: dict[str, Any] = {
            "account_id": str(event.owner_id),
            "subscription_id": str(event.subscription_id),
            # Strava names all but the updates; two edits of one second are two events all the same.
            "key": f"{event.subscription_id}/{event.object_type}/{event.object_id}"
            f"/{event.aspect_type}/{event.event_time}/{sorted(event.updates.items())}",
            "happened_at": happened_at,
        }
        if event.object_type == "athlete":
            ended = str(event.updates.get("authorized")).lower() == "false"
            return (AccountDisconnected(**said),) if ended else ()
        said["external_id"] = str(event.object_id)
        return (ActivityDeleted(**said) if event.aspect_type == "delete" else ActivityChanged(**said),)

    def subscribe(self, http: httpx.Client, *, callback_url: str) -> Subscription:
        fields = {**self._application(), "callback_url": callback_url, "verify_token": self.verify_token}
        made = self._asked(http, "POST", PATH, data=fields)
        return Subscription(id=str(read_as(Subscribed, made).id), callback_url=callback_url)

    def subscriptions(self, http: httpx.Client) -> tuple[Subscription, ...]:
        there = self._asked(http, "GET", PATH, params=self._application())
        if not isinstance(there, list):
            raise BadData("Strava's subscriptions are no list.")
        found = [read_as(Subscribed, one) for one in there]
        return tuple(Subscription(id=str(one.id), callback_url=one.callback_url) for one in found)

    def unsubscribe(self, http: httpx.Client, subscription_id: str) -> None:
        if not subscription_id.isdecimal():
            raise BadData("Strava's subscriptions have numbers.")
        url = f"{self._settings.api_base_url}{PATH}/{subscription_id}"
        request = http.build_request("DELETE", url, params=self._application())
        checked(sent(http, request), for_application=True)

    def _asked(self, http: httpx.Client, method: str, path: str, **more: Any) -> Any:
        request = http.build_request(method, self._settings.api_base_url + path, **more)
        return json_of(checked(sent(http, request), for_application=True))

    def _application(self) -> dict[str, str]:
        return {
            "client_id": str(self._settings.client_id),
            "client_secret": self._settings.client_secret.get_secret_value(),
        }
