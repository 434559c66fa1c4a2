"""Settings, a server that answers whatever it is told to, and the local Strava, connected."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from tests.waiting import PATIENCE_S
from training_analyzer.sdk import Account, Callback, DemoOptions, DemoStandIn, Grant
from training_analyzer_strava.demo import local_strava
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.settings import StravaSettings

SHARED_DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
REDIRECT_URI = "http://localhost:8000/callback"


class ScriptedServer:
    """Answers every request the same way until it is told otherwise, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b"[]"
        self.headers: dict[str, str] = {}
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        """Method, path with query, headers in lower case, body."""
        self.answers: dict[str, tuple[int, bytes]] = {}
        """Other answers, by path."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.asked.append((self.command, self.path, headers, self.rfile.read(length).decode()))
                outer.may_answer.wait(PATIENCE_S)
                path = urlsplit(self.path).path
                status, body = outer.answers.get(path, (outer.status, outer.body))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **outer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    thread = threading.Thread(target=scripted.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    scripted.may_answer.set()
    scripted.server.shutdown()
    thread.join()
    scripted.server.server_close()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=False, timeout=60) as client:
        yield client


@pytest.fixture
def provider(server: ScriptedServer) -> StravaProvider:
    """A provider whose Strava is the scripted server."""
    return StravaProvider(
        StravaSettings(
            client_id=77,
            client_secret=SecretStr("s3cret"),
            base_url=server.url,
            api_base_url=f"{server.url}/api/v3",
        )
    )


@pytest.fixture
def account(http: httpx.Client) -> Account:
    grant = Grant(
        account_id="1",
        access_token=SecretStr("acc3ss"),
        refresh_token=SecretStr("r3fresh"),
        expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        scopes=frozenset({"read", "activity:read"}),
    )
    return Account(grant=grant, http=http)


@pytest.fixture(scope="session")
def local() -> Iterator[DemoStandIn]:
    """The local Strava with its made-up athlete. Tests share it, and revoke nothing there."""
    with local_strava(DemoOptions(seed=3)) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def local_provider(local: DemoStandIn) -> StravaProvider:
    return StravaProvider(StravaSettings.model_validate(dict(local.settings)))


Connect = Callable[[DemoStandIn, StravaProvider], Account]


@pytest.fixture
def connect(http: httpx.Client) -> Connect:
    """Walk through consent as an athlete who leaves every box ticked."""

    def walk(stand_in: DemoStandIn, provider: StravaProvider) -> Account:
        url = provider.authorization_url(redirect_uri=REDIRECT_URI, state="st4te")
        query = dict(parse_qsl(urlsplit(stand_in.authorize(url)).query))
        callback = Callback(code=query["code"], query=query)
        return Account(provider.exchange_code(http, callback, redirect_uri=REDIRECT_URI), http)

    return walk


@pytest.fixture
def connected(local: DemoStandIn, local_provider: StravaProvider, connect: Connect) -> Account:
    return connect(local, local_provider)


@pytest.fixture(scope="session")
def recordings() -> Path:
    if not SHARED_DATA.is_dir():
        pytest.skip("the recorded answers (../shared/data) are not here")
    return SHARED_DATA
