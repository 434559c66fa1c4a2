"""The contract that providers keep."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    BrokenRecord,
    DataProvider,
    ExportedFile,
    Grant,
    Misconfigured,
    NotAuthorized,
    NotFound,
    Page,
    PluginError,
    ProviderInfo,
    RateLimited,
    RawActivity,
    RawDocument,
    Sport,
    SupportsExport,
    SupportsLookup,
    SupportsOAuth,
    SupportsOriginals,
    SupportsUpload,
    SupportsWebhooks,
    Unavailable,
    WebhookRequest,
    Window,
)
from training_analyzer.sdk.testing import samples
from training_analyzer.sdk.testing.network import NetworkGuard, WithoutNetwork

PERMITTED: Final = (RateLimited, Unavailable, Misconfigured, NotAuthorized, NotFound, BadData)
WINDOW: Final = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 12, tzinfo=UTC))
NONSENSE: Final = (b"", b"{", b"null", b"[]", b'"text"', b"<html>Maintenance</html>", b"\xff\xfe\x00")


def _timeout(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("timed out", request=request)


def _no_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("connection refused", request=request)


Expected = type[PluginError] | tuple[type[PluginError], ...]

# A 429 reaches a provider only in tests: the metered client answers it with RateLimited first. A page
# with status 200 is a gateway's: it may pass, or be taken for nonsense.
FAILURES: Final[Mapping[str, tuple[Callable[[httpx.Request], httpx.Response], Expected]]] = {
    "no connection": (_no_connection, Unavailable),
    "a timeout": (_timeout, Unavailable),
    "500": (lambda _: httpx.Response(500), Unavailable),
    "503 with a page": (lambda _: httpx.Response(503, text="<html>Maintenance</html>"), Unavailable),
    "401": (lambda _: httpx.Response(401, json={"message": "no"}), NotAuthorized),
    "429": (lambda _: httpx.Response(429), (RateLimited, Unavailable)),
    "200 with a page": (lambda _: httpx.Response(200, text="<html>Welcome</html>"), (BadData, Unavailable)),
}
"""How a service fails, and what a provider makes of it."""


class ProviderContract(WithoutNetwork):
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

    @pytest.fixture
    def uploads(self) -> Mapping[str, bytes]:
        """Override where your provider reads uploads: by name, files and archives that hold activities."""
        return {}

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
        first = {name: _everything(provider.translate(given)) for name, given in documents.items()}
        for name in reversed(list(documents)):
            again = _everything(provider.translate(documents[name]))
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
        _check_failure(failure, lambda http: provider.list_activities(Account(grant, http), WINDOW, None))

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_fetch(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        _check_failure(failure, lambda http: provider.fetch_activity(Account(grant, http), "1"))

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_look_up(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        if isinstance(provider, SupportsLookup):
            lookup = provider
            _check_failure(failure, lambda http: lookup.look_up(Account(grant, http), "1"))

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
            _check_failure(failure, lambda http: webhooks.subscribe(http, callback_url=url))
            _check_failure(failure, webhooks.subscriptions)
            _check_failure(failure, lambda http: webhooks.unsubscribe(http, "1"))

    @pytest.mark.parametrize("failure", FAILURES)
    def test_maps_failures_of_a_refresh(self, provider: DataProvider, grant: Grant, failure: str) -> None:
        if isinstance(provider, SupportsOAuth):
            oauth = provider
            _check_failure(failure, lambda http: oauth.refresh(http, grant))

    def test_authorization_returns_to_us(self, provider: DataProvider) -> None:
        if isinstance(provider, SupportsOAuth):
            back = "https://training.example/api/v1/connections/callback?x=1"
            query = parse_qs(urlsplit(provider.authorization_url(redirect_uri=back, state="a b&c")).query)
            assert query.get("state") == ["a b&c"], "the authorization URL carries our `state`, encoded"
            assert query.get("redirect_uri") == [back], (
                "the authorization URL carries our `redirect_uri`, encoded"
            )
            assert provider.refresh_before_s >= 0, "`refresh_before_s` is a number of seconds"

    def test_reads_uploads_file_by_file(
        self, network_guard: NetworkGuard, provider: DataProvider, uploads: Mapping[str, bytes]
    ) -> None:
        if isinstance(provider, SupportsUpload):
            assert uploads, "give a fixture `uploads`: by name, files that hold activities"
            for name, content in uploads.items():
                records = list(provider.read_upload(name, io.BytesIO(content)))
                assert any(isinstance(record, RawActivity) for record in records), f"{name}: no activity"
                numbers = [record.file.number if record.file is not None else 0 for record in records]
                assert all(numbers), f"{name}: each record names its file, counted from 1"
                assert numbers == sorted(numbers), f"{name}: files are read in the order of their numbers"
            assert not network_guard.attempts, "files are read without network"

    def test_reads_on_behind_what_was_read(
        self, provider: DataProvider, uploads: Mapping[str, bytes]
    ) -> None:
        if isinstance(provider, SupportsUpload):
            for name, content in uploads.items():
                whole = [_told(each) for each in provider.read_upload(name, io.BytesIO(content))]
                for skip in range(max((number for number, _ in whole), default=0) + 1):
                    rest = provider.read_upload(name, io.BytesIO(content), skip=skip)
                    expected = [each for each in whole if each[0] > skip]
                    assert [_told(each) for each in rest] == expected, f"{name}: behind {skip} files"

    def test_what_is_read_is_what_is_translated(
        self, provider: DataProvider, uploads: Mapping[str, bytes]
    ) -> None:
        if isinstance(provider, SupportsUpload):
            for name, content in uploads.items():
                for record in provider.read_upload(name, io.BytesIO(content)):
                    if isinstance(record, RawActivity) and record.activity is not None:
                        translated = _everything(provider.translate(record.documents))
                        assert _everything(record.activity) == translated, f"{name}: another activity"

    @pytest.mark.parametrize("body", NONSENSE, ids=repr)
    def test_an_upload_of_nonsense_is_told(self, provider: DataProvider, body: bytes) -> None:
        if isinstance(provider, SupportsUpload):
            for record in provider.read_upload("nonsense", io.BytesIO(body)):
                assert isinstance(record, BrokenRecord), f"{body!r} was taken for an activity"
                assert record.reason, "a broken record has a reason"

    def test_says_what_it_writes(self, provider: DataProvider) -> None:
        if isinstance(provider, SupportsExport):
            names = [one.name for one in provider.export_formats]
            assert names, "`export_formats` names at least one format"
            assert len(names) == len(set(names)), f"two formats have one name: {names}"
            assert all("/" in one.media_type for one in provider.export_formats), "a media type has a `/`"

    def test_writes_any_activity(
        self,
        network_guard: NetworkGuard,
        provider: DataProvider,
        documents: Mapping[str, Sequence[RawDocument]],
    ) -> None:
        if isinstance(provider, SupportsExport):
            own = {name: provider.translate(given) for name, given in documents.items()}
            for one in provider.export_formats:
                for name, activity in {**samples.activities(), **own}.items():
                    written = _written(provider, activity, one.name, where=f"{name} as {one.name}")
                    assert written == _written(provider, activity, one.name, where=name), (
                        f"{name} as {one.name}: other bytes the second time"
                    )
                whole = _written(provider, samples.full_activity(), one.name, where=one.name)
                assert whole is not None, f"{one.name} holds not even an ordinary ride"
                assert whole.content, f"{one.name}: an empty file"
                assert whole.suffix[:1] in {"", "."}, f"{one.name}: `suffix` begins with a dot, or is empty"
            assert not network_guard.attempts, "files are written without network"

    def test_an_original_is_as_received(
        self, provider: DataProvider, documents: Mapping[str, Sequence[RawDocument]]
    ) -> None:
        if isinstance(provider, SupportsOriginals):
            found = {name: provider.original(given) for name, given in documents.items()}
            assert any(found.values()), "give `documents` that hold an original"
            for name, original in found.items():
                received = [document.body for document in documents[name]]
                as_received = original is None or original.content in received
                assert as_received, f"{name}: the original is not what was received"

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


def _check_failure(failure: str, call: Callable[[httpx.Client], object]) -> None:
    """Call with a service that fails. Whoever asks it nothing has nothing to map."""
    answer, expected = FAILURES[failure]
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    raised: Exception | None = None
    answered: Any = None
    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        try:
            answered = call(http)
        except Exception as error:  # noqa: BLE001 - which one it is, is what we want to know
            raised = error
    if not requests:
        assert raised is None or isinstance(raised, PERMITTED), f"raises {raised!r} without asking anything"
        return
    assert len(requests) == 1, f"sent {len(requests)} requests after {failure}; the core decides on retries"
    assert not isinstance(answered, Page) or raised, f"{failure}: took a failure for a page of activities"
    assert isinstance(raised, expected), f"{failure}: raised {raised!r} instead of {expected}"


def _told(record: RawActivity | BrokenRecord) -> tuple[int, str]:
    number = record.file.number if record.file is not None else 0
    return number, record.external_id if isinstance(record, RawActivity) else record.reason


def _written(
    provider: SupportsExport, activity: Activity, format_name: str, *, where: str
) -> ExportedFile | None:
    """Return the file; None where the format cannot hold the activity."""
    try:
        return provider.export(activity, format_name)
    except BadData:
        return None
    except Exception as error:
        raise AssertionError(f"{where}: raises {type(error).__name__}, not BadData") from error


def _everything(activity: Activity) -> tuple[str, str]:
    return activity.model_dump_json(exclude={"samples"}), activity.fingerprint()
