"""Strava as a source of activities: lists, streams, and the athlete's permission."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    BrokenRecord,
    Callback,
    DataProvider,
    DataRights,
    Grant,
    NotFound,
    Page,
    ProviderEvent,
    ProviderInfo,
    QuotaRules,
    RawActivity,
    RawDocument,
    Subscription,
    SupportsLookup,
    SupportsOAuth,
    SupportsProfile,
    SupportsWebhooks,
    ThresholdSuggestion,
    WebhookRequest,
    Window,
)
from training_analyzer_strava.answers import bearer, checked, json_of, received, sent, text_of
from training_analyzer_strava.oauth import REFRESH_BEFORE_S, StravaOAuth
from training_analyzer_strava.paging import Place
from training_analyzer_strava.payloads import ListedActivity, read_as
from training_analyzer_strava.profile import ATHLETE, WHOLE_PROFILE, ZONES, suggestions_of
from training_analyzer_strava.quota import StravaQuotaRules
from training_analyzer_strava.settings import StravaSettings
from training_analyzer_strava.slicing import Slice, array_slices
from training_analyzer_strava.streams import KEYS, holds_streams
from training_analyzer_strava.translation import DETAIL, STREAMS, SUMMARY, translate
from training_analyzer_strava.webhooks import StravaWebhooks

JSON = "application/json"

RIGHTS = DataRights(
    ai=False,
    share=False,
    combine=False,
    retention_days=7,
    erase_within_days=30,
    attribution="Powered by Strava",
    terms_url="https://www.strava.com/legal/api_policy",
)
"""Strava's API Policy of 2026-06-01: §5.3, §2.3, §5.4, §6.2 and §7.4, in this order. See ADR 0021."""


READ_ALL = "activity:read_all"
PRIVATE_STAY_AWAY = (
    "Activities that only you can see stay away, and those with hidden parts come without them: Strava was "
    "not permitted to show them. To bring them in, connect Strava again and leave the box for your private "
    "activities ticked."
)


class StravaProvider(DataProvider, SupportsOAuth, SupportsLookup, SupportsWebhooks, SupportsProfile):
    """One Strava application."""

    info = ProviderInfo(name="strava", title="Strava", homepage="https://www.strava.com", rights=RIGHTS)
    refresh_before_s = REFRESH_BEFORE_S

    def __init__(self, settings: StravaSettings) -> None:
        self._settings = settings
        self._oauth = StravaOAuth(settings)
        self._webhooks = StravaWebhooks(settings)

    def quota_rules(self) -> QuotaRules:
        return StravaQuotaRules(self._settings)

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        """
        Ask for one page. See `paging` for where the next one begins.

        Both of Strava's bounds are exclusive and in whole seconds.
        """
        place = Place.read(cursor, until_s=math.ceil(window.until.timestamp()))
        query = {
            "after": math.ceil(window.since.timestamp()) - 1,
            "before": place.before_s,
            "page": place.number,
            "per_page": self._settings.page_size,
        }
        response = self._get(account, "/athlete/activities", query)
        try:
            records = list(array_slices(text_of(response)))
        except BadData as error:
            raise BadData(str(error), document=received(response)) from error
        return _page(records, place)

    def look_up(self, account: Account, external_id: str) -> RawActivity:
        """
        Ask for the detailed activity: everything that the list says of it, and more.

        A list would cost as much, and would not find a late upload, whose start nobody told us.
        """
        response = self._get(account, f"/activities/{quote(external_id, safe='')}", {})
        document = RawDocument(kind=DETAIL, media_type=JSON, body=response.content)
        try:
            return _raw(json_of(response), document, supersedes=frozenset({SUMMARY}))
        except BadData as error:
            raise BadData(str(error), document=received(response)) from error

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        """Fetch all streams with one request. Raises `NotFound` where the activity has none."""
        query = {"keys": ",".join(KEYS), "key_by_type": "true"}
        response = self._get(account, f"/activities/{quote(external_id, safe='')}/streams", query)
        said = json_of(response)
        if said in ({}, []):
            raise NotFound("Strava has no streams of this activity.")
        if not holds_streams(said):
            raise BadData("Strava's answer holds no streams.", document=received(response))
        return (RawDocument(kind=STREAMS, media_type=JSON, body=response.content),)

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        return translate(documents)

    def fetch_profile(self, account: Account) -> tuple[RawDocument, ...]:
        """Fetch the athlete and their zones, a request each, where they ticked `profile:read_all`."""
        if WHOLE_PROFILE not in account.grant.scopes:
            return ()
        return tuple(
            RawDocument(kind=kind, media_type=JSON, body=self._get(account, path, {}).content)
            for kind, path in ((ATHLETE, "/athlete"), (ZONES, "/athlete/zones"))
        )

    def read_profile(
        self, documents: Sequence[RawDocument], *, received_on: date
    ) -> Iterable[ThresholdSuggestion]:
        return suggestions_of(documents, received_on)

    def authorization_url(self, *, redirect_uri: str, state: str) -> str:
        return self._oauth.authorization_url(redirect_uri=redirect_uri, state=state)

    def exchange_code(
        self,
        http: httpx.Client,
        callback: Callback,
        *,
        redirect_uri: str,  # noqa: ARG002 - the contract's argument; Strava does not ask for it again
    ) -> Grant:
        return self._oauth.exchange_code(http, callback)

    def refresh(self, http: httpx.Client, grant: Grant) -> Grant:
        return self._oauth.refresh(http, grant)

    def withheld(self, scopes: frozenset[str]) -> str:
        return "" if READ_ALL in scopes else PRIVATE_STAY_AWAY

    def revoke(self, http: httpx.Client, grant: Grant) -> None:
        self._oauth.revoke(http, grant)

    def answer_challenge(self, request: WebhookRequest) -> Mapping[str, str]:
        return self._webhooks.answer_challenge(request)

    def read_events(self, request: WebhookRequest) -> tuple[ProviderEvent, ...]:
        return self._webhooks.read_events(request)

    def subscribe(self, http: httpx.Client, *, callback_url: str) -> Subscription:
        return self._webhooks.subscribe(http, callback_url=callback_url)

    def subscriptions(self, http: httpx.Client) -> tuple[Subscription, ...]:
        return self._webhooks.subscriptions(http)

    def unsubscribe(self, http: httpx.Client, subscription_id: str) -> None:
        self._webhooks.unsubscribe(http, subscription_id)

    def _get(self, account: Account, path: str, query: Mapping[str, str | int]) -> httpx.Response:
        url = self._settings.api_base_url + path
        request = account.http.build_request("GET", url, params=query, headers=bearer(account.grant))
        return checked(sent(account.http, request))


def _revision(summary: Any) -> str:
    """Cropping and correcting change these, and the streams with them; kudos and titles do not."""
    return "/".join(str(summary.get(field)) for field in ("elapsed_time", "distance", "upload_id"))


def _raw(said: Any, document: RawDocument, *, supersedes: frozenset[str] = frozenset()) -> RawActivity:
    """Return what a summary, or a detailed activity, is about. Raises `BadData`."""
    listed = read_as(ListedActivity, said)
    return RawActivity(
        external_id=str(listed.id),
        started_at=listed.start_date,
        documents=(document,),
        has_more=listed.has_streams,
        revision=_revision(said),
        supersedes=supersedes,
    )


def _page(records: list[Slice], place: Place) -> Page:
    activities: list[RawActivity] = []
    broken: list[BrokenRecord] = []
    for record in records:
        document = RawDocument(kind=SUMMARY, media_type=JSON, body=record.body)
        try:
            activities.append(_raw(record.value, document))
        except BadData as error:
            broken.append(BrokenRecord(reason=str(error), document=document))
    starts_s = [math.floor(activity.started_at.timestamp()) for activity in activities]
    behind = place.behind(starts_s, len(records))
    return Page(
        activities=tuple(activities), broken=tuple(broken), next_cursor=behind.written() if behind else None
    )
