"""Providers, one good and many bad. `fails` names the test that has to find the fault."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, BinaryIO, ClassVar
from urllib.parse import urlencode

import httpx
import pytest

from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    BrokenRecord,
    Callback,
    DataProvider,
    DataRights,
    ExportedFile,
    ExportFormat,
    Grant,
    NotAuthorized,
    NotFound,
    Page,
    ProviderEvent,
    ProviderInfo,
    Quota,
    QuotaReading,
    QuotaRules,
    RateLimited,
    RawActivity,
    RawDocument,
    Sport,
    Subscription,
    SupportsExport,
    SupportsLookup,
    SupportsOAuth,
    SupportsOriginals,
    SupportsUpload,
    SupportsWebhooks,
    Unavailable,
    UploadedFile,
    WebhookRequest,
    Window,
)
from training_analyzer.sdk.testing import ProviderContract

ticks = count()


class Rules(QuotaRules):
    scope = "example"
    quotas: tuple[Quota, ...] = (Quota(name="daily", limit=1000, window_s=86_400),)

    def charged(self, request: httpx.Request) -> frozenset[str]:
        return frozenset({"daily"})

    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:
        return [QuotaReading(name="daily", used=1)]

    def exhausted(self, response: httpx.Response) -> frozenset[str]:
        return frozenset({"daily"})


def translated(documents: Sequence[RawDocument]) -> Activity:
    summaries = [document for document in documents if document.kind == "summary"]
    try:
        summary = json.loads(summaries[0].body)
        sport = {"Ride": Sport.RIDE}.get(summary["sport"], Sport.OTHER)
        elapsed_s = summary["elapsed"]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise BadData("this is no activity") from error
    return Activity(
        sport=sport, started_at=datetime(2026, 5, 1, tzinfo=UTC), elapsed_s=elapsed_s, moving_s=elapsed_s
    )


class Careful(DataProvider, SupportsOAuth, SupportsLookup, SupportsWebhooks):
    info = ProviderInfo(
        name="careful",
        title="Careful",
        homepage="https://example.org",
        rights=DataRights(ai=False, terms_url="https://example.org/terms"),
    )

    def quota_rules(self) -> QuotaRules:
        return Rules()

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        self.ask(account.http, "activities")
        return Page(activities=())

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        self.ask(account.http, f"activities/{external_id}")
        return ()

    def ask(self, http: httpx.Client, path: str) -> Any:
        try:
            answer = http.get(f"https://api.example.org/{path}")
        except httpx.TransportError as error:
            raise Unavailable("no answer") from error
        if answer.status_code == 401:
            raise NotAuthorized("reconnect")
        if answer.status_code == 404:
            raise NotFound("there is nothing")
        if answer.status_code == 429:
            raise RateLimited("wait", retry_at=datetime(2026, 5, 1, 13, tzinfo=UTC))
        if answer.status_code != 200:
            raise Unavailable("no answer")
        try:
            return answer.json()
        except ValueError as error:
            raise BadData("no JSON") from error

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        return translated(documents)

    def authorization_url(self, *, redirect_uri: str, state: str) -> str:
        return f"https://example.org/oauth?{urlencode({'redirect_uri': redirect_uri, 'state': state})}"

    def exchange_code(self, http: httpx.Client, callback: Callback, *, redirect_uri: str) -> Grant:
        raise NotImplementedError

    def refresh(self, http: httpx.Client, grant: Grant) -> Grant:
        self.ask(http, "token")
        return grant

    def revoke(self, http: httpx.Client, grant: Grant) -> None:
        raise NotImplementedError

    def answer_challenge(self, request: WebhookRequest) -> Mapping[str, str]:
        raise NotAuthorized("this is not ours")

    def read_events(self, request: WebhookRequest) -> tuple[ProviderEvent, ...]:
        raise NotAuthorized("not signed")

    def look_up(self, account: Account, external_id: str) -> RawActivity:
        self.ask(account.http, f"activities/{external_id}")
        raise BadData("nobody answers in this example")

    def subscribe(self, http: httpx.Client, *, callback_url: str) -> Subscription:
        self.ask(http, "subscriptions")
        return Subscription(id="1", callback_url=callback_url)

    def subscriptions(self, http: httpx.Client) -> tuple[Subscription, ...]:
        self.ask(http, "subscriptions")
        return ()

    def unsubscribe(self, http: httpx.Client, subscription_id: str) -> None:
        self.ask(http, f"subscriptions/{subscription_id}")


class Files(DataProvider):
    """A provider that has no service: it has nothing to map."""

    info = ProviderInfo(name="files", title="Files", homepage="https://example.org", rights=DataRights())

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        return Page(activities=())

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        return ()

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        return translated(documents)


class Lines(Files, SupportsUpload):
    """Reads uploads of which each line is a file."""

    def read_upload(
        self, name: str, content: BinaryIO, skip: int = 0
    ) -> Iterator[RawActivity | BrokenRecord]:
        for number, line in enumerate(content.read().split(b"\n"), start=1):
            if number > skip:
                yield self.record(line, UploadedFile(name=name, number=number))

    def record(self, line: bytes, file: UploadedFile) -> RawActivity | BrokenRecord:
        raw = RawDocument(kind="summary", media_type="application/json", body=line)
        try:
            activity = translated([raw])
        except BadData as error:
            return BrokenRecord(reason=str(error), document=raw, file=file)
        began = activity.started_at
        return RawActivity(
            external_id=line.hex(), started_at=began, documents=(raw,), file=file, activity=activity
        )


class Scribe(Files, SupportsExport, SupportsOriginals):
    """Writes activities as JSON, and keeps what it was given."""

    export_formats: tuple[ExportFormat, ...] = (ExportFormat(name="json", media_type="application/json"),)

    def export(self, activity: Activity, format_name: str) -> ExportedFile:
        if not activity.elapsed_s:
            raise BadData("it has no length")
        written = activity.model_dump_json(exclude={"samples"}).encode()
        return ExportedFile(media_type="application/json", suffix=f".{format_name}", content=written)

    def original(self, documents: Sequence[RawDocument]) -> ExportedFile | None:
        return ExportedFile(media_type="application/json", suffix=".json", content=documents[0].body)


def document(kind: str, content: object) -> RawDocument:
    return RawDocument(kind=kind, media_type="application/json", body=json.dumps(content).encode())


class Contract(ProviderContract):
    """Tests the class that `Provider` names."""

    Provider: ClassVar[type[DataProvider]] = Careful
    fails: ClassVar[str | None] = None

    @pytest.fixture
    def provider(self) -> DataProvider:
        return self.Provider()

    @pytest.fixture
    def documents(self) -> Mapping[str, Sequence[RawDocument]]:
        ride = document("summary", {"sport": "Ride", "elapsed": 60})
        return {"ride": [ride], "ride with streams": [ride, document("streams", {})]}

    @pytest.fixture
    def unknown_sport(self) -> Sequence[RawDocument]:
        return [document("summary", {"sport": "Quidditch", "elapsed": 60})]


class UploadContract(Contract):
    """Tests a provider that reads uploads."""

    Provider = Lines

    @pytest.fixture
    def uploads(self) -> Mapping[str, bytes]:
        ride, run = ({"sport": "Ride", "elapsed": seconds} for seconds in (60, 90))
        return {"days.txt": b"\n".join((json.dumps(ride).encode(), b"broken", json.dumps(run).encode()))}


class TestGood(Contract):
    pass


class TestGoodWithUploads(UploadContract):
    pass


class TestNamesNoFile(UploadContract):
    fails = "test_reads_uploads_file_by_file"

    class Provider(Lines):
        def record(self, line: bytes, file: UploadedFile) -> RawActivity | BrokenRecord:
            return super().record(line, file).model_copy(update={"file": None})


class TestBeginsFromTheBeginning(UploadContract):
    fails = "test_reads_on_behind_what_was_read"

    class Provider(Lines):
        def read_upload(
            self, name: str, content: BinaryIO, skip: int = 0
        ) -> Iterator[RawActivity | BrokenRecord]:
            yield from super().read_upload(name, content)


class TestReadsOtherwiseThanItTranslates(UploadContract):
    fails = "test_what_is_read_is_what_is_translated"

    class Provider(Lines):
        def record(self, line: bytes, file: UploadedFile) -> RawActivity | BrokenRecord:
            record = super().record(line, file)
            if isinstance(record, BrokenRecord) or record.activity is None:
                return record
            longer = record.activity.model_copy(update={"elapsed_s": 1e6})
            return record.model_copy(update={"activity": longer})


class TestReadsWithoutHeed(UploadContract):
    fails = "test_an_upload_of_nonsense_is_told"

    class Provider(Lines):
        def record(self, line: bytes, file: UploadedFile) -> RawActivity | BrokenRecord:
            raw = RawDocument(kind="summary", media_type="application/json", body=line)
            began = datetime(2026, 3, 1, tzinfo=UTC)
            return RawActivity(external_id="1", started_at=began, documents=(raw,), file=file)


class TestGoodWithExport(Contract):
    Provider = Scribe


class TestWritesNothing(Contract):
    fails = "test_says_what_it_writes"

    class Provider(Scribe):
        export_formats = ()


class TestWritesOnlyItsOwn(Contract):
    fails = "test_writes_any_activity"

    class Provider(Scribe):
        def export(self, activity: Activity, format_name: str) -> ExportedFile:
            if activity.samples is None:
                raise KeyError("samples")
            return super().export(activity, format_name)


class TestWritesTheTimeOfWriting(Contract):
    fails = "test_writes_any_activity"

    class Provider(Scribe):
        def export(self, activity: Activity, format_name: str) -> ExportedFile:
            made = super().export(activity, format_name)
            return made.model_copy(update={"content": made.content + str(next(ticks)).encode()})


class TestWritesItsOriginalsAnew(Contract):
    fails = "test_an_original_is_as_received"

    class Provider(Scribe):
        def original(self, documents: Sequence[RawDocument]) -> ExportedFile | None:
            made = super().original(documents)
            return made and made.model_copy(update={"content": made.content + b"\n"})


class TestGoodWithoutAService(Contract):
    Provider = Files


class TestNoHomepage(Contract):
    fails = "test_presents_itself"

    class Provider(Careful):
        info = Careful.info.model_copy(update={"homepage": "example"})


class TestRightsWithoutTerms(Contract):
    fails = "test_declares_rights"

    class Provider(Careful):
        info = Careful.info.model_copy(update={"rights": DataRights(ai=False)})


class TestChargesAnUnknownQuota(Contract):
    fails = "test_quota_rules_agree_with_themselves"

    class Provider(Careful):
        def quota_rules(self) -> QuotaRules:
            rules = Rules()
            rules.quotas = ()
            return rules


class TestAsksTheNetworkWhileTranslating(Contract):
    fails = "test_translates"

    class Provider(Careful):
        def translate(self, documents: Sequence[RawDocument]) -> Activity:
            with pytest.raises(httpx.ConnectError):
                httpx.get("http://192.0.2.1/time")
            return translated(documents)


class TestAnotherActivityEachTime(Contract):
    fails = "test_translates_the_same_every_time"

    class Provider(Careful):
        def translate(self, documents: Sequence[RawDocument]) -> Activity:
            return translated(documents).model_copy(update={"title": str(next(ticks))})


class TestNeedsMoreThanASummary(Contract):
    fails = "test_translates_a_summary_alone"

    class Provider(Careful):
        def translate(self, documents: Sequence[RawDocument]) -> Activity:
            if len(documents) == 1:
                raise BadData("no streams")
            return translated(documents)


class TestKnowsEverySport(Contract):
    fails = "test_an_unknown_sport_is_other"

    class Provider(Careful):
        def translate(self, documents: Sequence[RawDocument]) -> Activity:
            return translated(documents).model_copy(update={"sport": Sport.RIDE})


class TestNonsenseRaisesSomethingElse(Contract):
    fails = "test_nonsense_is_bad_data"

    class Provider(Careful):
        def translate(self, documents: Sequence[RawDocument]) -> Activity:
            json.loads(documents[0].body)
            return translated(documents)


class TestNothingRaisesSomethingElse(Contract):
    fails = "test_no_documents_are_bad_data"

    class Provider(Careful):
        def translate(self, documents: Sequence[RawDocument]) -> Activity:
            documents[0].body.decode(errors="replace")
            return translated(documents)


class TestTakesAFailureForAnEmptyPage(Contract):
    fails = "test_maps_failures_of_a_list"

    class Provider(Careful):
        def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
            account.http.get("https://api.example.org/activities")
            return Page(activities=())


class TestRetries(Contract):
    fails = "test_maps_failures_of_a_fetch"

    class Provider(Careful):
        def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
            with pytest.raises((Unavailable, NotAuthorized, RateLimited, BadData)):
                self.ask(account.http, "streams")
            return super().fetch_activity(account, external_id)


class TestRefreshLetsErrorsThrough(Contract):
    fails = "test_maps_failures_of_a_refresh"

    class Provider(Careful):
        def refresh(self, http: httpx.Client, grant: Grant) -> Grant:
            http.post("https://api.example.org/token").raise_for_status()
            return grant


class TestForgetsToEncode(Contract):
    fails = "test_authorization_returns_to_us"

    class Provider(Careful):
        def authorization_url(self, *, redirect_uri: str, state: str) -> str:
            return f"https://example.org/oauth?redirect_uri={redirect_uri}&state={state}"


class TestBelievesEveryWebhook(Contract):
    fails = "test_a_strangers_webhook_is_refused"

    class Provider(Careful):
        def read_events(self, request: WebhookRequest) -> tuple[ProviderEvent, ...]:
            return ()


class TestLooksUpWithoutMapping(Contract):
    fails = "test_maps_failures_of_a_look_up"

    class Provider(Careful):
        def look_up(self, account: Account, external_id: str) -> RawActivity:
            answer = account.http.get(f"https://api.example.org/activities/{external_id}")
            if answer.status_code == 404:
                raise NotFound("there is nothing")
            answer.raise_for_status()
            raise BadData("nobody answers in this example")


class TestTakesWhatIsGoneForNonsense(Contract):
    fails = "test_what_is_gone_is_not_found"

    class Provider(Careful):
        def look_up(self, account: Account, external_id: str) -> RawActivity:
            try:
                return super().look_up(account, external_id)
            except NotFound as error:
                raise BadData("there is nothing") from error


class TestSubscribesWithoutMapping(Contract):
    fails = "test_maps_failures_of_subscribing"

    class Provider(Careful):
        def subscribe(self, http: httpx.Client, *, callback_url: str) -> Subscription:
            http.post("https://api.example.org/subscriptions").raise_for_status()
            return Subscription(id="1", callback_url=callback_url)
