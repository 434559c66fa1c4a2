"""The contract that providers keep."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    DataProvider,
    Grant,
    NotAuthorized,
    NotFound,
    ProviderInfo,
    RawDocument,
    Sport,
    SupportsLookup,
    SupportsOAuth,
    SupportsWebhooks,
    WebhookRequest,
    Window,
)
from training_analyzer.sdk.testing.failures import FAILURES, NONSENSE, check_failure
from training_analyzer.sdk.testing.files import FilesContract, everything
from training_analyzer.sdk.testing.network import NetworkGuard

WINDOW: Final = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 12, tzinfo=UTC))


class ProviderContract(FilesContract):
    """
    The contract of `DataProvider`.

    Give the fixtures `provider`, `documents` (by name, the documents of activities that must
    translate) and `unknown_sport` (the documents of an activity whose sport nobody knows). What
    the provider supports besides (`SupportsOAuth`, `SupportsLookup`, `SupportsWebhooks`,
    `SupportsUpload`, `SupportsExport`, `SupportsOriginals`) is checked, too.
    """

    @pytest.fixture
    def provider(self) -> DataProvider:
        raise NotImplementedError("give a fixture `provider` that returns your DataProvider")

    @pytest.fixture
    def documents(self) -> Mapping[str, Sequence[RawDocument]]:
        raise NotImplementedError("give a fixture `documents`: by name, documents that must translate")

    @pytest.fixture
    def unknown_sport(self) -> Sequence[RawDocument]:
        raise NotImplementedError("give a fixture `unknown_sport`: an activity of a sport nobody knows")

    @pytest.fixture
    def grant(self) -> Grant:
        """Override where your provider reads more from a grant."""
        return Grant(account_id="1", access_token=SecretStr("access"), refresh_token=SecretStr("refresh"))

    def test_presents_itself(self, network_guard: NetworkGuard, provider: DataProvider) -> None:
        info = provider.info
        assert isinstance(info, ProviderInfo), "`info` is a ProviderInfo"
        assert info.title, "`info.title` is what athletes read"
        assert info.homepage.startswith(("https://", "http://")), "`info.homepage` is an address"
        assert ProviderInfo.model_validate_json(info.model_dump_json()) == info
        assert not network_guard.attempts, "a provider is made without network"

    def test_declares_rights(self, provider: DataProvider) -> None:
        rights = provider.info.rights
        restricted = not (rights.ai and rights.share and rights.combine) or rights.retention_days is not None
        assert not restricted or rights.terms_url.startswith("https://"), "name the terms: `rights.terms_url`"
        for days in (rights.retention_days, rights.erase_within_days):
            assert days is None or days >= 0, "a term of fewer than zero days makes no sense"

    def test_quota_rules_agree_with_themselves(self, provider: DataProvider) -> None:
        rules = provider.quota_rules()
        names = [quota.name for quota in rules.quotas]
        assert rules.scope, "`scope` names whose quota it is"
        assert len(names) == len(set(names)), f"two quotas have one name: {names}"
        assert provider.quota_rules().scope == rules.scope, "another scope the second time"
        request = httpx.Request("GET", provider.info.homepage)
        charged = rules.charged(request)
        assert charged <= set(names), f"charges unknown quotas: {sorted(charged - set(names))}"
        for response in (httpx.Response(200, request=request), httpx.Response(429, request=request)):
            read = {reading.name for reading in rules.read(response)}
            assert read <= set(names), f"reads unknown quotas: {sorted(read - set(names))}"
        exhausted = rules.exhausted(httpx.Response(429, request=request))
        assert exhausted <= set(names), f"closes unknown quotas: {sorted(exhausted - set(names))}"

    def test_translates(
        self,
        network_guard: NetworkGuard,
        provider: DataProvider,
        documents: Mapping[str, Sequence[RawDocument]],
    ) -> None:
        assert documents, "give at least one activity's documents"
        for name, given in documents.items():
            translated = provider.translate(given)
            assert isinstance(translated, Activity), f"{name}: translate returns an Activity"
        assert not network_guard.attempts, "translate asks the network for nothing"

    def test_translates_the_same_every_time(
        self, provider: DataProvider, documents: Mapping[str, Sequence[RawDocument]]
    ) -> None:
        first = {name: everything(provider.translate(given)) for name, given in documents.items()}
        for name in reversed(list(documents)):
            again = everything(provider.translate(documents[name]))
            assert again == first[name], f"{name}: another activity the second time"

    def test_translates_a_summary_alone(
        self, provider: DataProvider, documents: Mapping[str, Sequence[RawDocument]]
    ) -> None:
        for name, given in documents.items():
            alone = [document for document in given if document.kind == "summary"]
            if alone:
                activity = provider.translate(alone)
                whole = provider.translate(given)
                same = (activity.sport, activity.started_at) == (whole.sport, whole.started_at)
                assert same, f"{name}: a summary alone is the same session"

    def test_an_unknown_sport_is_other(
        self, provider: DataProvider, unknown_sport: Sequence[RawDocument]
    ) -> None:
        assert provider.translate(unknown_sport).sport is Sport.OTHER, "unknown sports are Sport.OTHER"

    @pytest.mark.parametrize("body", NONSENSE, ids=repr)
    def test_nonsense_is_bad_data(
        self, provider: DataProvider, documents: Mapping[str, Sequence[RawDocument]], body: bytes
    ) -> None:
        for name, given in documents.items():
            broken = [document.model_copy(update={"body": body}) for document in given]
            try:
                provider.translate(broken)
            except BadData:
                continue
            except Exception as error:
                raise AssertionError(
                    f"{name}: {body!r} raises {type(error).__name__}, not BadData"
                ) from error
            raise AssertionError(f"{name}: {body!r} was translated; raise BadData")

    def test_no_documents_are_bad_data(self, provider: DataProvider) -> None:
        with pytest.raises(BadData):
            provider.translate([])

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_list(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        check_failure(failure, lambda http: provider.list_activities(Account(grant, http), WINDOW, None))

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_fetch(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        check_failure(failure, lambda http: provider.fetch_activity(Account(grant, http), "1"))

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_look_up(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        if isinstance(provider, SupportsLookup):
            lookup = provider
            check_failure(failure, lambda http: lookup.look_up(Account(grant, http), "1"))

    def test_what_is_gone_is_not_found(self, provider: DataProvider, grant: Grant) -> None:
        if isinstance(provider, SupportsLookup):
            gone = httpx.MockTransport(lambda _: httpx.Response(404))
            with httpx.Client(transport=gone) as http, pytest.raises(NotFound):
                provider.look_up(Account(grant, http), "1")

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_subscribing(self, provider: DataProvider, failure: str) -> None:
        if isinstance(provider, SupportsWebhooks):
            webhooks = provider
            url = "https://training.example/webhooks/secret"
            check_failure(failure, lambda http: webhooks.subscribe(http, callback_url=url))
            check_failure(failure, webhooks.subscriptions)
            check_failure(failure, lambda http: webhooks.unsubscribe(http, "1"))

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_refresh(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        if isinstance(provider, SupportsOAuth):
            oauth = provider
            check_failure(failure, lambda http: oauth.refresh(http, grant))

    def test_authorization_returns_to_us(self, provider: DataProvider) -> None:
        if isinstance(provider, SupportsOAuth):
            back = "https://training.example/api/v1/connections/callback?x=1"
            query = parse_qs(urlsplit(provider.authorization_url(redirect_uri=back, state="a b&c")).query)
            assert query.get("state") == ["a b&c"], "the authorization URL carries our `state`, encoded"
            assert query.get("redirect_uri") == [back], (
                "the authorization URL carries our `redirect_uri`, encoded"
            )
            assert provider.refresh_before_s >= 0, "`refresh_before_s` is a number of seconds"

    @pytest.mark.parametrize("body", NONSENSE, ids=repr)
    def test_a_strangers_webhook_is_refused(
        self, network_guard: NetworkGuard, provider: DataProvider, body: bytes
    ) -> None:
        if isinstance(provider, SupportsWebhooks):
            with pytest.raises((NotAuthorized, BadData)):
                provider.read_events(WebhookRequest(method="POST", headers={}, query={}, body=body))
            with pytest.raises((NotAuthorized, BadData)):
                provider.answer_challenge(WebhookRequest(method="GET", headers={}, query={}))
            assert not network_guard.attempts, "webhooks are read without network: the service is waiting"
