"""What the runtime joins: requests that are counted for good, reserves, terms, and what is not set."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from tests.conftest import NOW, Deployment, StoppedClock
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from tests.fakes.service import says_yes
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.domain.events import Priority
from training_analyzer.ingestion.source import Caller
from training_analyzer.quota.reserve import Reserve
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import NEWCOMERS_QUOTA, SHARED_QUOTA, WHOLE_QUOTA, Runtime
from training_analyzer.sdk import DataRights, RateLimited
from training_analyzer.settings import RightsOverride
from training_analyzer.storage import athletes, connections

LIMIT = 5


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service, rights=DataRights(ai=False), limit=LIMIT))


@pytest.fixture
def url() -> Iterator[str]:
    with says_yes() as url:
        yield url


def ask(runtime: Runtime, url: str, caller: Caller) -> None:
    with runtime.source("fake").client(caller) as http:
        http.get(url)


@pytest.fixture
def caller(athlete_id: UUID, connect: Callable[[], UUID]) -> Caller:
    return Caller(athlete_id, connect(), "list", "first")


def used(runtime: Runtime) -> int:
    (usage,) = runtime.gate("fake").usage(runtime.registry.providers["fake"].quota_rules())
    return usage.used


def test_what_was_used_outlives_redis(runtime: Runtime, url: str, caller: Caller) -> None:
    for _ in range(3):
        ask(runtime, url, caller)
    with runtime.database.transaction(caller.athlete_id) as tx:
        rows = tx.execute(text("SELECT scope, quota, used, window_start FROM quota_windows")).all()
        assert caller.connection_id is not None
        assert connections.requests_spent(tx, caller.connection_id) == {"list": 3}
    assert [tuple(row) for row in rows] == [("fake", "all", 3, NOW.replace(second=0))]
    runtime.redis.flushall()
    assert used(runtime) == 3
    for _ in range(2):
        ask(runtime, url, caller)
    runtime.redis.flushall()
    with pytest.raises(RateLimited, match="no room"):
        ask(runtime, url, caller)


def test_a_new_window_begins_at_zero_and_former_ones_are_forgotten(
    runtime: Runtime, clock: StoppedClock, url: str, caller: Caller
) -> None:
    for _ in range(4):
        ask(runtime, url, caller)
        clock.advance(days=1)
    with runtime.database.transaction() as tx:
        assert tx.execute(text("SELECT count(*), max(used) FROM quota_windows")).one() == (3, 1)


def test_a_request_without_a_connection_is_counted_against_the_quota_alone(
    runtime: Runtime, url: str, caller: Caller
) -> None:
    ask(runtime, url, Caller(caller.athlete_id, None, "token"))
    assert used(runtime) == 1
    with runtime.database.transaction(caller.athlete_id) as tx:
        assert tx.execute(text("SELECT count(*) FROM request_counts")).scalar() == 0


@pytest.mark.parametrize(("priority", "granted"), [("first", LIMIT), ("high", 4), ("low", 3)])
def test_the_less_urgent_leaves_something_for_others(
    runtime: Runtime,
    url: str,
    caller: Caller,
    priority: Priority,
    granted: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runtime, "_reserve", lambda _provider: SHARED_QUOTA)
    caller = Caller(caller.athlete_id, caller.connection_id, "fetch", priority)
    for _ in range(granted):
        ask(runtime, url, caller)
    with pytest.raises(RateLimited):
        ask(runtime, url, caller)


@pytest.mark.parametrize(
    ("limit", "others", "reserve"),
    [
        (None, 0, NEWCOMERS_QUOTA),
        (1, 0, WHOLE_QUOTA),
        (2, 0, NEWCOMERS_QUOTA),
        (2, 1, SHARED_QUOTA),
        (1, 1, SHARED_QUOTA),
    ],
)
def test_what_is_held_back_is_what_others_could_need(
    deployment: Deployment,
    registry: Registry,
    connect: Callable[[], UUID],
    limit: int | None,
    others: int,
    reserve: Reserve,
) -> None:
    connect()
    runtime = Runtime(deployment.settings(athletes_limit=limit), registry=registry)
    for number in range(others):
        with runtime.database.transaction() as tx:
            other = athletes.register(
                tx, email=f"{number}@example.org", password_hash="-", name="", sex=None, birth_year=None
            )
            connections.save(tx, other, "fake", FakeProvider.grant(f"other-{number}"), runtime.keys)
    assert runtime._reserve("fake") == reserve
    runtime.close()


@pytest.mark.parametrize(("override", "ai"), [(None, False), ("allow", True), ("deny", False)])
def test_terms_are_the_provider_s_unless_the_deployer_departs_from_them(
    deployment: Deployment, registry: Registry, override: str | None, ai: bool
) -> None:
    rights = {} if override is None else {"fake": RightsOverride(ai=override)}
    runtime = Runtime(deployment.settings(rights=rights), registry=registry)
    assert runtime.rights["fake"].ai is ai


@pytest.mark.parametrize(
    ("missing", "ask_for"),
    [("database_url", lambda runtime: runtime.database), ("redis_url", lambda runtime: runtime.redis)],
)
def test_what_is_not_set_is_named_with_what_to_do(
    deployment: Deployment, registry: Registry, missing: str, ask_for: Callable[[Runtime], object]
) -> None:
    runtime = Runtime(deployment.settings(**{missing: None}), registry=registry)
    with pytest.raises(
        ConfigurationError, match=f"TRAINING_ANALYZER_{missing.upper()} is not set.*`training-analyzer up`"
    ):
        ask_for(runtime)


def test_a_key_that_makes_no_sense_is_named(deployment: Deployment, registry: Registry) -> None:
    runtime = Runtime(deployment.settings(secret_keys=SecretStr("nonsense")), registry=registry)
    with pytest.raises(ConfigurationError, match="TRAINING_ANALYZER_SECRET_KEYS must read"):
        runtime.keys  # noqa: B018 - reading it is what fails
