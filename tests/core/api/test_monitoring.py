"""What Prometheus is told, to whom, and that a part that fails takes nothing along."""

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text

from tests.architecture.documents import read
from tests.conftest import NOW, Deployment, StoppedClock
from tests.core.api.test_access import routes_of
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer import queue
from training_analyzer.api.app import create_app
from training_analyzer.api.monitoring import parts
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.settings import Settings
from training_analyzer.storage import work
from training_analyzer.storage.database import Database
from training_analyzer.storage.work import Owed

TOKEN = "a-token-of-the-deployer"
Numbers = Mapping[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def registry(service: FakeService) -> Registry:
    service.url = None
    return registry_of(FakeProvider(service, limit=100))


@pytest.fixture
def runtime(deployment: Deployment, registry: Registry, clock: StoppedClock) -> Iterator[Runtime]:
    runtime = Runtime(deployment.settings(metrics_token=SecretStr(TOKEN)), registry=registry)
    runtime.clock = clock
    yield runtime
    runtime.close()


@pytest.fixture
def prometheus(visit: Callable[..., httpx.Client], address: str) -> httpx.Client:
    client = visit(TOKEN)
    client.base_url = address
    return client


def scrape(prometheus: httpx.Client) -> Numbers:
    """Return every number by its name and the values of its labels, in the order of their names."""
    answer = prometheus.get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (
            sample.name.removeprefix("training_analyzer_"),
            tuple(value for _, value in sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_is_no_such_address(
    app: FastAPI, deployment: Deployment, registry: Registry
) -> None:
    assert "GET /metrics" in set(routes_of(app))
    runtime = Runtime(deployment.settings(), registry=registry)
    assert "GET /metrics" not in set(routes_of(create_app(runtime)))
    runtime.close()


def test_a_token_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_ANALYZER_METRICS_TOKEN", "prometheus")
    with pytest.raises(ConfigurationError, match="METRICS_TOKEN: it needs 16 characters or more"):
        Settings.read()


@pytest.mark.parametrize("sent", [None, "Bearer nonsense", f"Basic {TOKEN}", TOKEN, "Bearer ä"])
def test_only_who_has_the_token_reads_them(http: httpx.Client, address: str, sent: str | None) -> None:
    headers = [] if sent is None else [(b"Authorization", sent.encode())]
    refused = http.get(f"{address}/metrics", headers=headers)
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("sent", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"BEARER  {TOKEN}"])
def test_the_scheme_is_written_as_one_likes(http: httpx.Client, address: str, sent: str) -> None:
    assert http.get(f"{address}/metrics", headers={"Authorization": sent}).status_code == 200


def test_an_athlete_s_session_is_no_token(ann: httpx.Client, address: str) -> None:
    assert ann.get(f"{address}/metrics").status_code == 401


def test_requests_are_counted_by_route_and_never_by_whose_they_are(
    ann: httpx.Client, prometheus: httpx.Client
) -> None:
    for number in range(3):
        ann.get(f"/activities/{UUID(int=number)}")
    ann.get("/activities")
    ann.head("/activities")
    ann.get("/nothing/at/all")
    ann.request("BREW", "/activities")
    ann.post("/insights", json={})
    numbers = scrape(prometheus)
    one = "/api/v1/activities/{activity_id}"
    assert numbers["http_requests_total", ("GET", one, "404")] == 3
    assert numbers["http_requests_total", ("GET", "/api/v1/activities", "200")] == 2, "HEAD is as GET"
    assert numbers["http_requests_total", ("GET", "other", "404")] == 1
    assert numbers["http_requests_total", ("POST", "/api/v1/insights", "422")] == 1
    assert numbers["http_request_duration_seconds_count", ("GET", one)] == 3
    assert numbers["http_request_duration_seconds_bucket", ("+Inf", "GET", one)] == 3
    assert numbers["http_requests_in_progress", ()] == 1, "this one"
    assert {labels[0] for name, labels in numbers if name == "http_requests_total"} == {
        "GET",
        "POST",
        "other",
    }


def test_mistakes_of_our_own_are_counted(
    ann: httpx.Client, prometheus: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr("training_analyzer.storage.activities.page", broken)
    assert ann.get("/activities").status_code == 500
    assert scrape(prometheus)["http_requests_total", ("GET", "/api/v1/activities", "500")] == 1


def test_work_is_counted_as_it_stands(
    prometheus: httpx.Client, runtime: Runtime, athlete_id: UUID, clock: StoppedClock
) -> None:
    with runtime.database.transaction() as tx:
        work.owe(
            tx,
            [
                *(Owed("fetch", str(number), athlete_id, "low", resource="fake") for number in range(5)),
                Owed("list", "1", athlete_id, "high", not_before=NOW + timedelta(seconds=100)),
                Owed("measure", "1", athlete_id, "high"),
            ],
        )
        ids = tx.execute(text("SELECT id FROM work WHERE kind = 'fetch' ORDER BY id")).scalars().all()
        claims = [work.claim(tx, unit, now=NOW, lease_s=60) for unit in ids[:3]]
        assert claims[0] is not None
        assert claims[1] is not None
        work.finish(tx, claims[0])
        work.park(tx, claims[1], why="BadData")
        tx.execute(text("UPDATE work SET updated_at = now() - interval '90 seconds' WHERE kind = 'measure'"))
    numbers = scrape(prometheus)
    stands = {labels: units for (name, labels), units in numbers.items() if name == "work_units"}
    assert stands == {
        ("fetch", "low", "parked"): 1,
        ("fetch", "low", "working"): 1,
        ("fetch", "low", "due"): 2,
        ("list", "high", "waiting"): 1,
        ("measure", "high", "due"): 1,
    }
    assert sum(stands.values()) == 6, "what is done is not counted"
    assert 90 <= numbers["work_oldest_due_seconds", ("measure", "high")] < 150
    assert numbers["work_oldest_due_seconds", ("fetch", "low")] < 60
    clock.advance(seconds=130)
    with runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET updated_at = now() - interval '1 hour'"))
        work.close(tx, "fake", ["low"], until=clock.moment + timedelta(hours=1), why="RateLimited")
    numbers = scrape(prometheus)
    assert numbers["work_units", ("list", "high", "due")] == 1
    assert numbers["work_oldest_due_seconds", ("list", "high")] == pytest.approx(30)
    assert numbers["work_units", ("fetch", "low", "waiting")] == 2, "a closed quota is waited for"


def test_a_dispatcher_is_seen_while_it_is_there(prometheus: httpx.Client, runtime: Runtime) -> None:
    assert scrape(prometheus)["dispatcher_up", ()] == 0
    with runtime.database.listen() as listener:
        assert listener.is_only()
        assert scrape(prometheus)["dispatcher_up", ()] == 1


def test_the_rest_of_the_deployment(prometheus: httpx.Client, runtime: Runtime, athlete_id: UUID) -> None:
    provider = runtime.registry.providers["fake"]
    for _ in range(3):
        runtime.gate("fake").acquire(provider.quota_rules(), {"all"}, "high")
    with runtime.database.transaction() as tx:
        tx.execute(
            text("""
                INSERT INTO deployment_spending (period, starts_on, backend, model, microusd, requests, tokens)
                VALUES ('day', '2026-06-15', '', '', 250000, 7, 900),
                       ('month', '2026-06-01', '', '', 500000, 9, 1000),
                       ('month', '2026-06-01', 'gemini', 'flash', 500000, 9, 1000)
            """)
        )
        tx.execute(
            text("""
                INSERT INTO breakers (backend, model, open_until, reason)
                VALUES ('gemini', 'flash', :until, 'Unavailable')
            """),
            {"until": NOW + timedelta(seconds=90)},
        )
    numbers = scrape(prometheus)
    expected = {
        ("athletes", ()): 1,
        ("queue_length", ("high",)): 0,
        ("workers", ("low",)): 0,
        ("quota_used", ("fake", "all")): 3,
        ("quota_limit", ("fake", "all")): 100,
        ("quota_resets_seconds", ("fake", "all")): 870,
        ("ai_cost_usd", ("day",)): 0.25,
        ("ai_budget_usd", ("day",)): 1.0,
        ("ai_requests", ("month",)): 9,
        ("ai_model_tokens", ("gemini", "flash")): 1000,
        ("ai_resting_seconds", ("gemini", "flash")): 90,
        ("database_connections_limit", ()): 20,
    }
    assert {one: numbers[one] for one in expected} == expected
    assert all(value == 1 for (name, _), value in numbers.items() if name == "scrape_ok")
    assert any(name == "build_info" for name, _ in numbers)


def test_a_part_that_fails_takes_nothing_along(
    prometheus: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(work, "tally", broken)
    numbers = scrape(prometheus)
    assert numbers["scrape_ok", ("work",)] == 0
    assert numbers["scrape_ok", ("ai",)] == 1
    assert numbers["athletes", ()] == 0


def test_without_a_database_the_process_is_told_of(prometheus: httpx.Client, runtime: Runtime) -> None:
    ours = runtime.database
    runtime.database = Database("postgresql+psycopg://app@127.0.0.1:1/nothing")
    try:
        numbers = scrape(prometheus)
    finally:
        runtime.database.close()
        runtime.database = ours
    failed = {labels[0] for (name, labels), value in numbers.items() if name == "scrape_ok" and not value}
    assert failed == {name for name, part in parts.PARTS.items() if parts.Server.POSTGRESQL in part.asks}
    assert numbers["queue_length", ("high",)] == 0


def test_redis_that_hangs_is_waited_for_once(
    prometheus: httpx.Client, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Runtime] = []

    def quotas(runtime: Runtime) -> list[GaugeMetricFamily]:
        asked.append(runtime)
        return []

    monkeypatch.setitem(parts.PARTS, "quotas", replace(parts.PARTS["quotas"], read=quotas))
    ours = runtime.redis
    with socket.create_server(("127.0.0.1", 0)) as silent:
        runtime.redis = queue.connect(f"redis://127.0.0.1:{silent.getsockname()[1]}", patience_s=0.1)
        try:
            numbers = scrape(prometheus)
        finally:
            runtime.redis.close()
            runtime.redis = ours
    assert (numbers["scrape_ok", ("queues",)], numbers["scrape_ok", ("quotas",)]) == (0, 0)
    assert asked == []
    assert numbers["scrape_ok", ("work",)] == 1


def test_a_pool_that_is_used_up_is_not_waited_for(prometheus: httpx.Client, runtime: Runtime) -> None:
    with ExitStack() as busy:
        for _ in range(runtime.database.pool_use().limit):
            busy.enter_context(runtime.database.transaction())
        numbers = scrape(prometheus)
    assert numbers["database_connections", ("in_use",)] == 20
    assert numbers["scrape_ok", ("work",)] == 0


def test_every_series_is_in_the_documents_and_none_names_an_athlete(prometheus: httpx.Client) -> None:
    answer = prometheus.get("/metrics").text
    families = {
        family.name: {label for sample in family.samples for label in sample.labels}
        for family in text_string_to_metric_families(answer)
        if family.name.startswith("training_analyzer_")
    }
    documented = set(re.findall(r"`(training_analyzer_\w+?)(?:_total)?`", read("docs/deploying.md")))
    assert set(families) == documented
    labels = set().union(*families.values())
    assert not labels & {"athlete", "athlete_id", "email", "name", "connection", "subject"}
