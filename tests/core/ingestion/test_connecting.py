"""There and back through a consent page: what may go wrong, and that nothing is stored when it does."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from tests.waiting import PATIENCE_S
from training_analyzer.domain.errors import ConnectionRefused, Missing
from training_analyzer.ingestion import connecting
from training_analyzer.ingestion.source import Source
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    DataProvider,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    Page,
    PluginError,
    RateLimited,
    RawDocument,
    Unavailable,
    Window,
)
from training_analyzer.storage import athletes, recordings
from training_analyzer.storage.oauth_states import OAuthState

BACK = "http://127.0.0.1/back"


def begin(runtime: Runtime, athlete_id: UUID) -> str:
    """Return the state that the provider's page was given."""
    with runtime.database.transaction(athlete_id) as tx:
        url = connecting.begin(tx, runtime.source("fake"), athlete_id, redirect_uri=BACK, now=runtime.now())
    return parse_qs(urlsplit(url).query)["state"][0]


def take(runtime: Runtime, query: Mapping[str, str], provider: str = "fake") -> OAuthState:
    with runtime.database.transaction() as tx:
        begun = connecting.take_state(tx, query, now=runtime.now())
    return connecting.checked(begun, provider)


def refused(source: Source, athlete_id: UUID, query: Mapping[str, str]) -> ConnectionRefused:
    with pytest.raises(ConnectionRefused) as refusal:
        connecting.exchange(source, OAuthState(athlete_id, "fake", BACK), query)
    return refusal.value


def test_the_state_is_long_random_and_only_its_digest_is_stored(runtime: Runtime, athlete_id: UUID) -> None:
    states = {begin(runtime, athlete_id) for _ in range(20)}
    assert len(states) == 20
    assert min(map(len, states)) >= 43  # 256 bits
    with runtime.database.transaction(athlete_id) as tx:
        stored = str(tx.execute(text("SELECT oauth_states::text FROM oauth_states")).scalars().all())
    assert not any(state in stored or state.encode().hex() in stored for state in states)


def test_a_state_is_good_once(runtime: Runtime, athlete_id: UUID) -> None:
    state = begin(runtime, athlete_id)
    assert take(runtime, {"state": state}) == OAuthState(athlete_id, "fake", BACK, password_hash="-")
    with pytest.raises(ConnectionRefused, match="used already") as refusal:
        take(runtime, {"state": state})
    assert refusal.value.code == "unknown_state"


@pytest.mark.parametrize("query", [{}, {"state": ""}, {"state": "made up"}])
def test_a_state_that_we_did_not_make_is_refused(runtime: Runtime, query: Mapping[str, str]) -> None:
    with pytest.raises(ConnectionRefused, match="Begin again"):
        take(runtime, query)


@pytest.mark.parametrize(("minutes", "good"), [(9.9, True), (10, False), (600, False)])
def test_a_state_is_good_for_ten_minutes(
    runtime: Runtime, clock: StoppedClock, athlete_id: UUID, minutes: float, good: bool
) -> None:
    state = begin(runtime, athlete_id)
    clock.advance(seconds=minutes * 60)
    try:
        taken = take(runtime, {"state": state})
    except ConnectionRefused:
        assert not good
    else:
        assert good
        assert taken.athlete_id == athlete_id


def test_a_state_belongs_to_its_provider(runtime: Runtime, athlete_id: UUID) -> None:
    state = begin(runtime, athlete_id)
    with pytest.raises(ConnectionRefused):
        take(runtime, {"state": state}, "another")
    with pytest.raises(ConnectionRefused):
        take(runtime, {"state": state})  # and is used up by the attempt


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ({"error": "access_denied"}, "access_denied", r"access was denied .*To connect, begin again"),
        ({}, "no_code", "no code"),
        ({"code": ""}, "no_code", "no code"),
    ],
)
def test_consent_that_was_not_given_asks_the_service_nothing(
    runtime: Runtime, service: FakeService, athlete_id: UUID, query: Mapping[str, str], code: str, says: str
) -> None:
    refusal = refused(runtime.source("fake"), athlete_id, query)
    assert refusal.code == code
    assert re.search(says, str(refusal))
    assert service.calls == []


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (MissingScope("Tick the box.", scopes=["read_all"]), "missing_scope", "Tick the box"),
        (NotAuthorized("no"), "refused", "refused the connection"),
        (Misconfigured("wrong client secret"), "misconfigured", "Tell whoever runs it: wrong client secret"),
        (Unavailable("down"), "unavailable", "Begin again in a moment"),
        (RateLimited("full", retry_at=NOW), "unavailable", "Begin again in a moment"),
    ],
)
def test_a_code_that_is_not_exchanged_says_what_to_do(
    runtime: Runtime, service: FakeService, athlete_id: UUID, error: PluginError, code: str, says: str
) -> None:
    def fault(_method: str, _subject: str) -> None:
        raise error

    service.fault = fault
    refusal = refused(runtime.source("fake"), athlete_id, {"code": "abc"})
    assert refusal.code == code
    assert says in str(refusal)


def test_a_provider_without_a_consent_page_says_so(runtime: Runtime, athlete_id: UUID) -> None:
    source = runtime.source("fake")
    no_oauth = Source(NoConsent(source.provider), source.client)
    with (
        runtime.database.transaction(athlete_id) as tx,
        pytest.raises(Missing, match="not connected by consent"),
    ):
        connecting.begin(tx, no_oauth, athlete_id, redirect_uri=BACK, now=NOW)
    with pytest.raises(Missing, match="no active provider"):
        Runtime(runtime.settings, registry=registry_of()).source("fake")


def test_the_account_of_another_athlete_is_refused_and_stays_theirs(
    runtime: Runtime, connect: Callable[[], UUID]
) -> None:
    connect()
    with runtime.database.transaction() as tx:
        other = athletes.register(
            tx, email="other@example.org", password_hash="-", name="", sex=None, birth_year=None
        )
    with (
        pytest.raises(ConnectionRefused, match="connected to another athlete") as refusal,
        runtime.database.transaction(other) as tx,
    ):
        connecting.complete(
            tx,
            runtime.source("fake"),
            other,
            FakeProvider.grant("account-1"),
            runtime.keys,
            horizon=runtime.horizon,
            now=NOW,
        )
    assert refusal.value.code == "account_taken"


def test_connecting_again_lists_again_and_owes_what_was_not_fetched(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    for days_ago in (1, 2, 100):
        service.add(days_ago, NOW)

    def fault(method: str, subject: str) -> None:
        if method == "fetch" and subject != "1":
            raise NotAuthorized("The access was withdrawn.")

    service.fault = fault
    connection_id = connect()
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        assert len(recordings.wanting_fetch(tx, connection_id)) == 2

    service.fault = lambda _method, _subject: None
    clock.advance(days=1)
    assert connect() == connection_id
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        assert recordings.wanting_fetch(tx, connection_id) == []
    assert service.asked("fetch").count("1") == 1


def test_connecting_again_keeps_up_with_what_comes_later(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    """The listing that was planned ended with the old grant: it must not stand in the way of a new plan."""
    connect()
    work_off()
    service.fault = _refuse
    clock.advance(seconds=6 * 3600 + 1)
    work_off()
    service.fault = lambda _method, _subject: None
    connect()
    work_off()
    service.add(0, clock.moment + timedelta(hours=3))
    clock.advance(seconds=6 * 3600 + 1)
    work_off()
    assert service.asked("fetch") == ["1"]


def _refuse(_method: str, _subject: str) -> None:
    raise NotAuthorized("The access was withdrawn.")


class NoConsent(DataProvider):
    """A provider that is not connected in a browser."""

    def __init__(self, provider: DataProvider) -> None:
        self.info = provider.info

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        return Page(activities=())

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        return ()

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        raise BadData("nothing")


def test_two_callbacks_at_once_for_one_new_account_make_one_connection(
    runtime: Runtime, athlete_id: UUID
) -> None:
    def come_back() -> UUID:
        with runtime.database.transaction(athlete_id) as tx:
            both.wait(PATIENCE_S)  # both have begun before either stores anything
            connection_id, _ = connecting.complete(
                tx,
                runtime.source("fake"),
                athlete_id,
                FakeProvider.grant("account-1"),
                runtime.keys,
                horizon=runtime.horizon,
                now=NOW,
            )
        return connection_id

    both = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(come_back), pool.submit(come_back)
        assert one.result(PATIENCE_S) == other.result(PATIENCE_S)
