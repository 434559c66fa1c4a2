"""The metered client against a real HTTP server on this machine, and a real Valkey."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.waiting import PATIENCE_S
from training_analyzer.domain.clock import Clock
from training_analyzer.quota.gate import QuotaGate
from training_analyzer.quota.transport import MeteredTransport, RequestRecord, metered_client
from training_analyzer.sdk.errors import RateLimited, Unavailable
from training_analyzer.sdk.quota import QuotaReading, QuotaRules, Unlimited

NOW = datetime(2026, 5, 4, 12, 7, tzinfo=UTC)
QUARTER_OPENS = datetime(2026, 5, 4, 12, 15, 2, tzinfo=UTC)
MIDNIGHT_OPENS = datetime(2026, 5, 5, 0, 0, 2, tzinfo=UTC)

GateAt = Callable[..., QuotaGate]
Service = Callable[..., QuotaRules]


@dataclass
class Server:
    """Answers as told, and remembers what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    hang_up: bool = False
    seen: list[BaseHTTPRequestHandler] = field(default_factory=list)
    url: str = ""

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.seen]


class Handler(BaseHTTPRequestHandler):
    def __init__(self, server: Server, *arguments: object) -> None:
        self.told = server
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        told = self.told
        told.seen.append(self)
        if told.hang_up:
            return
        self.send_response(told.status)
        for name, value in {"Content-Length": str(len(told.body)), **told.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told.body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Be quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, told)) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        told.url = f"http://127.0.0.1:{running.server_address[1]}"
        yield told
        running.shutdown()
        thread.join()


@pytest.fixture
def records() -> list[RequestRecord]:
    return []


@pytest.fixture
def client_of(records: list[RequestRecord]) -> Callable[[QuotaGate, QuotaRules], httpx.Client]:
    return lambda gate, rules: metered_client(
        rules, gate, priority="high", purpose="listing", on_request=records.append
    )


ClientOf = Callable[[QuotaGate, QuotaRules], httpx.Client]


@pytest.fixture
def client(gate_at: GateAt, small_service: Service, client_of: ClientOf) -> Iterator[httpx.Client]:
    with client_of(gate_at(NOW), small_service()) as client:
        yield client


def used(gate: QuotaGate, rules: QuotaRules) -> dict[str, int]:
    return {usage.name: usage.used for usage in gate.usage(rules)}


def test_each_request_is_counted_learned_from_and_booked(
    server: Server, gate_at: GateAt, small_service: Service, client_of: ClientOf, records: list[RequestRecord]
) -> None:
    gate, rules = gate_at(NOW), small_service()
    server.headers["X-Usage"] = "read_quarter=3/7, day=20/40"
    with client_of(gate, rules) as client:
        assert client.get(f"{server.url}/activities").json() == {}
    assert used(gate, rules) == {"day": 20, "read_day": 1, "quarter": 1, "read_quarter": 3}
    (record,) = records
    assert (record.scope, record.purpose, record.status, record.at) == ("small:1", "listing", 200, NOW)
    assert record.charged == {"quarter", "read_quarter", "day", "read_day"}
    assert record.readings == (
        QuotaReading(name="read_quarter", used=3, limit=7),
        QuotaReading(name="day", used=20, limit=40),
    )
    assert {usage.name: usage.used for usage in record.usage} == used(gate, rules)


def test_what_exceeds_the_quota_is_not_sent(
    server: Server, gate_at: GateAt, small_service: Service, client_of: ClientOf, records: list[RequestRecord]
) -> None:
    with client_of(gate_at(NOW), small_service(read_quarter=2)) as client:
        client.get(f"{server.url}/1")
        client.get(f"{server.url}/2")
        with pytest.raises(RateLimited, match="read_quarter") as refusal:
            client.get(f"{server.url}/3")
        client.post(f"{server.url}/uploads")
    assert refusal.value.retry_at == QUARTER_OPENS
    assert server.paths == ["/1", "/2", "/uploads"]
    assert len(records) == 3


def test_a_429_closes_the_shortest_charged_window_and_nothing_more_is_sent(
    server: Server, gate_at: GateAt, small_service: Service, client_of: ClientOf, records: list[RequestRecord]
) -> None:
    gate, rules = gate_at(NOW), small_service()
    server.status = 429
    with client_of(gate, rules) as client:
        with pytest.raises(RateLimited) as refusal:
            client.post(f"{server.url}/first")
        with pytest.raises(RateLimited) as refusal_without_sending:
            client.post(f"{server.url}/second")
    assert refusal.value.retry_at == refusal_without_sending.value.retry_at == QUARTER_OPENS
    assert server.paths == ["/first"]
    assert records[0].status == 429
    # so that a mirror of it restores the closure, too
    assert {usage.name: usage.used for usage in records[0].usage} == {"quarter": 10, "day": 1}


def test_a_429_that_names_its_quota_closes_that_one(server: Server, client: httpx.Client) -> None:
    server.status, server.body = 429, b"read_day week"
    with pytest.raises(RateLimited) as refusal:
        client.get(f"{server.url}/activities")
    server.status = 200
    client.post(f"{server.url}/uploads")
    assert refusal.value.retry_at == MIDNIGHT_OPENS
    assert server.paths == ["/activities", "/uploads"]


@pytest.mark.parametrize(
    ("headers", "retry_at"),
    [
        ({"Retry-After": "3600"}, NOW + timedelta(hours=1)),
        ({"Retry-After": "1"}, QUARTER_OPENS),
        ({"Retry-After": "9" * 5000}, NOW + timedelta(days=1)),
        ({"Retry-After": "soon"}, QUARTER_OPENS),
        ({"Retry-After": "-5"}, QUARTER_OPENS),
    ],
    ids=["later", "sooner", "absurd", "words", "negative"],
)
def test_a_later_retry_after_is_honoured(
    server: Server, client: httpx.Client, headers: dict[str, str], retry_at: datetime
) -> None:
    server.status, server.headers = 429, headers
    for _ in range(2):  # by the answer; by the gate
        with pytest.raises(RateLimited) as refusal:
            client.get(f"{server.url}/activities")
        assert refusal.value.retry_at == retry_at
    assert len(server.seen) == 1


def test_a_retry_after_with_a_date_is_relative_to_the_service_s_clock(
    server: Server, client: httpx.Client
) -> None:
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)  # the server's Date is that of this machine
    server.status = 429
    server.headers["Retry-After"] = in_an_hour.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with pytest.raises(RateLimited) as refusal:
        client.get(f"{server.url}/activities")
    assert abs(refusal.value.retry_at - (NOW + timedelta(hours=1))) < timedelta(seconds=PATIENCE_S)


def test_a_429_with_a_broken_body_still_closes_the_window(server: Server, client: httpx.Client) -> None:
    server.status, server.body, server.headers = 429, b"not zipped", {"Content-Encoding": "gzip"}
    with pytest.raises(RateLimited) as refusal:
        client.get(f"{server.url}/activities")
    assert refusal.value.retry_at == QUARTER_OPENS


def test_a_request_without_an_answer_counts_and_is_not_repeated(
    server: Server, gate_at: GateAt, small_service: Service, client_of: ClientOf, records: list[RequestRecord]
) -> None:
    gate, rules = gate_at(NOW), small_service()
    server.hang_up = True
    with client_of(gate, rules) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(f"{server.url}/activities")
    assert used(gate, rules)["read_quarter"] == 1
    assert server.paths == ["/activities"]
    assert [(record.status, record.readings) for record in records] == [(None, ())]


def test_free_requests_are_booked_but_not_counted(
    server: Server, gate_at: GateAt, small_service: Service, client_of: ClientOf, records: list[RequestRecord]
) -> None:
    gate, rules = gate_at(NOW), small_service(quarter=1, day=1, read_quarter=1)
    with client_of(gate, rules) as client:
        for _ in range(3):
            client.post(f"{server.url}/token")
    assert set(used(gate, rules).values()) == {0}
    assert [(record.charged, record.status, record.usage) for record in records] == [
        (frozenset(), 200, ())
    ] * 3


def test_a_429_of_a_service_without_known_quotas_waits_a_little(
    server: Server, gate_at: GateAt, client_of: ClientOf
) -> None:
    server.status = 429
    with client_of(gate_at(NOW), Unlimited("unlimited")) as client, pytest.raises(RateLimited) as refusal:
        client.get(server.url)
    assert refusal.value.retry_at == NOW + timedelta(minutes=1)


def test_redirects_are_not_followed(server: Server, client: httpx.Client) -> None:
    server.status, server.headers = 302, {"Location": "/elsewhere"}
    assert client.get(f"{server.url}/here").status_code == 302
    assert server.paths == ["/here"]


def test_the_proxy_of_the_environment_is_used(
    server: Server,
    gate_at: GateAt,
    small_service: Service,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with client_of(gate_at(NOW), small_service()) as client:
        client.get("http://service.example/activities")
    assert server.paths == ["http://service.example/activities"]


def test_the_service_is_told_who_asks_and_nothing_of_the_environment(
    server: Server, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client.get(server.url)
    assert server.seen[0].headers["User-Agent"].startswith("training-analyzer/")
    assert "Authorization" not in server.seen[0].headers


def test_without_redis_nothing_is_sent(
    server: Server, tmp_path: Path, small_service: Service, client_of: ClientOf, records: list[RequestRecord]
) -> None:
    lost = redis.Redis(unix_socket_path=str(tmp_path / "none"), retry=Retry(NoBackoff(), 0))
    with (
        client_of(QuotaGate(lost, clock=Clock.fixed(NOW)), small_service()) as client,
        pytest.raises(Unavailable, match="Redis"),
    ):
        client.get(server.url)
    assert server.seen == []
    assert records == []


def test_an_answer_is_kept_when_redis_fails_meanwhile(
    server: Server, valkey: redis.Redis, small_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    gate = QuotaGate(valkey, clock=Clock.fixed(NOW))
    records: list[RequestRecord] = []

    def lose_redis() -> None:
        valkey.connection_pool.disconnect()
        valkey.connection_pool = redis.ConnectionPool.from_url("unix:///nowhere/at/all")

    server.headers["X-Usage"] = "read_quarter=3/5"
    rules = RulesThatAct(small_service(), lose_redis)
    with (
        caplog.at_level(logging.WARNING),
        metered_client(rules, gate, priority="high", purpose="x", on_request=records.append) as client,
    ):
        assert client.get(server.url).status_code == 200
    assert "is lost" in caplog.text
    assert (records[0].status, records[0].usage) == (200, ())


class RulesThatAct(Unlimited):
    """The rules of a service, and something that happens while its answer is read."""

    def __init__(self, rules: QuotaRules, then: Callable[[], None]) -> None:
        super().__init__(rules.scope)
        self.quotas = rules.quotas
        self._rules = rules
        self._then = then

    def charged(self, request: httpx.Request) -> frozenset[str]:
        return self._rules.charged(request)

    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:
        self._then()
        return self._rules.read(response)


def test_what_fails_after_the_answer_gives_the_connection_back(
    server: Server, gate_at: GateAt, small_service: Service
) -> None:
    def break_off() -> None:
        raise OSError("its headers cannot be read")

    one_connection = httpx.HTTPTransport(limits=httpx.Limits(max_connections=1))
    rules = RulesThatAct(small_service(), break_off)
    transport = MeteredTransport(
        one_connection, rules, gate_at(NOW), priority="high", purpose="x", on_request=lambda _: None
    )
    with httpx.Client(transport=transport, timeout=httpx.Timeout(PATIENCE_S, pool=5)) as client:
        for _ in range(3):  # a connection that leaked would be waited for in vain
            with pytest.raises(OSError, match="headers"):
                client.get(server.url)
    assert len(server.seen) == 3


@pytest.mark.parametrize("status", [200, 429])
def test_an_answer_that_cannot_be_booked_is_an_answer(
    server: Server,
    gate_at: GateAt,
    small_service: Service,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    def refuse(_: RequestRecord) -> None:
        raise OSError("the books are closed")

    server.status, server.body = status, b'{"refresh_token": "the only one"}'
    with metered_client(
        small_service(), gate_at(NOW), priority="high", purpose="token", on_request=refuse
    ) as client:
        if status == 429:
            with pytest.raises(RateLimited):
                client.get(server.url)
        else:
            assert client.get(server.url).json() == {"refresh_token": "the only one"}
    assert "the books are closed" in caplog.text


def test_a_429_gives_the_connection_back(server: Server, gate_at: GateAt) -> None:
    server.status = 429
    one_connection = httpx.HTTPTransport(limits=httpx.Limits(max_connections=1))
    transport = MeteredTransport(
        one_connection,
        Unlimited("unlimited"),
        gate_at(NOW),
        priority="high",
        purpose="x",
        on_request=lambda _: None,
    )
    with httpx.Client(transport=transport, timeout=httpx.Timeout(PATIENCE_S, pool=5)) as client:
        for _ in range(3):
            with pytest.raises(RateLimited):
                client.get(server.url)
    assert len(server.seen) == 3
