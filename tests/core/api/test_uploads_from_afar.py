"""`training-analyzer upload --to`: files handed over to the API of another server, each once."""

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.cli.conftest import Run, run
from tests.fakes.files import FakeFiles, line
from tests.fakes.registry import registry_of
from training_analyzer.cli.distant import There
from training_analyzer.cli.upload import ENVIRONMENT, _print
from training_analyzer.domain.errors import NotPossible
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime

assert run is not None  # a fixture


@pytest.fixture
def registry() -> Registry:
    return registry_of(FakeFiles())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rides"
    (folder / "below").mkdir(parents=True)
    for number, name in enumerate(("a.txt", "b.txt", "below/c.txt")):
        (folder / name).write_bytes(line(f"r{number}", NOW - timedelta(days=number)))
    (folder / "d.txt").write_bytes(b"broken\n")
    return folder


@pytest.fixture
def send(
    run: Run, address: str, ann: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Any]]:
    monkeypatch.setenv(ENVIRONMENT, ann.headers["Authorization"].removeprefix("Bearer "))

    def sent(*arguments: str, code: int = 0) -> dict[str, Any]:
        said = run("upload", *arguments, "--to", address, "--json")
        assert said.code == code, said.err
        report: dict[str, Any] = json.loads(said.out)
        return report

    return sent


def test_what_is_there_is_not_sent_again(
    send: Callable[..., dict[str, Any]], folder: Path, ann: httpx.Client, work_off: Callable[[], int]
) -> None:
    first = send(str(folder), "--no-wait")
    assert (first["files"], first["handed_over_before"], first["done"]) == (4, 0, False)
    (upload_id,) = first["uploads"]
    assert send(str(folder), "--no-wait")["uploads"] == [upload_id], "it is watched on"
    work_off()
    elsewhere = folder.parent / "moved.txt"
    (folder / "b.txt").rename(elsewhere)
    (folder / "new.txt").write_bytes(line("r9", NOW - timedelta(days=9)))
    (folder / "copy of a.txt").write_bytes((folder / "a.txt").read_bytes())
    second = send(str(folder), str(elsewhere), "--no-wait")
    assert (second["files"], second["handed_over_before"]) == (6, 5), "told by content, not by name"
    work_off()
    assert (len(ann.get("/uploads").json()["items"]), len(ann.get("/activities").json()["items"])) == (2, 4)


def test_it_ends_with_what_became_of_everything(
    send: Callable[..., dict[str, Any]], folder: Path, work_off: Callable[[], int]
) -> None:
    send(str(folder), "--no-wait")
    work_off()
    again = send(str(folder), "--again", "--no-wait")
    work_off()
    report = send(str(folder / "d.txt"), "--again", "--no-wait", code=0)
    work_off()
    assert not again["done"]
    assert report["handed_over_before"] == 0
    assert send(str(folder))["uploads"] == [], "all of it is there, and read"


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers nothing, and is the only one, whatever the environment names."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.mark.usefixtures("behind_a_proxy")
def test_what_is_near_is_reached_past_a_proxy(
    run: Run, address: str, ann: httpx.Client, folder: Path
) -> None:
    token = ann.headers["Authorization"].removeprefix("Bearer ")
    said = run("upload", str(folder), "--to", address, "--token", token, "--no-wait")
    assert said.code == 0, said.err


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("https://192.168.1.20", True),
        ("http://10.0.0.1", True),
        ("https://192.88.99.7", False),
        ("https://[::ffff:192.168.1.20]", True),
        ("https://localhost:8443", True),
        ("https://known-to-the-proxy.example", False),
        ("http://inside.example", True),
    ],
)
def test_a_proxy_is_for_what_is_far(monkeypatch: pytest.MonkeyPatch, url: str, *, near: bool) -> None:
    addresses = socket.getaddrinfo

    def looked_up(host: str, *arguments: Any, **more: Any) -> Any:
        assert url.startswith("http://"), "the proxy looks names up"
        return addresses("127.0.0.1" if host == "inside.example" else host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(There, "_endings", lambda _: [])
    there = There(url, "x")
    way = there._http._transport_for_url(httpx.URL(f"{url}/api/v1/uploads"))
    assert (way is there._http._transport) == near
    there.close()


def test_refusals_are_listed(
    *, run: Run, address: str, ann: httpx.Client, folder: Path, work_off: Callable[[], int]
) -> None:
    token = ann.headers["Authorization"].removeprefix("Bearer ")
    there = There(address, token)
    begun = ann.post("/uploads", files={"file": ("d.txt", (folder / "d.txt").read_bytes())}).json()
    work_off()
    assert [(one.name, one.reason) for one in there.refusals(begun["id"])] == [("d.txt/1", "it is broken")]
    assert there.standing(begun["id"]).refused == 1
    there.close()


WRONG: Final = (
    ("http://127.0.0.1:9", "x", "does not answer"),
    ("ftp://example.org", "x", "begins with https://"),
    ("{address}", "nonsense", "does not know the token"),
    ("{address}", "", "--token"),
    ("{address}/nowhere", "x", "refuses (404)"),
    ("http://[::1", "x", "is no address"),
    ("https://a:b", "x", "is no address"),
    ("https://", "x", "is no address"),
    ("https://ann:secret@127.0.0.1", "x", "names a user"),
    ("http://192.88.99.7", "x", "Use https://"),
    ("{address}", "sëcret", "no token"),
    ("{address}", "sec\rret", "no token"),
    ("{address}", " nonsense\r\n", "does not know the token"),
)


def test_what_is_wrong_is_told_in_a_line(
    *, run: Run, address: str, folder: Path, subtests: pytest.Subtests
) -> None:
    for to, token, said in WRONG:
        with subtests.test(to=to, token=token):
            given = ["--token", token] if token else []
            answer = run("upload", str(folder), "--to", to.format(address=address), *given)
            assert answer.code == 1
            assert said in answer.err
            assert answer.err.count("\n") == 1
            assert "cret" not in answer.err


def test_whose_files_are_is_said_once(run: Run, folder: Path) -> None:
    answer = run("upload", str(folder), "--to", "http://127.0.0.1:9", "--token", "x", "-a", "ann@example.org")
    assert (answer.code, "leave --athlete out" in answer.err) == (1, True)


@pytest.mark.parametrize("said", [{}, [], {"items": [1]}, {"items": None}])
def test_another_program_that_answers_is_told_apart(monkeypatch: pytest.MonkeyPatch, said: object) -> None:
    monkeypatch.setattr(httpx.Client, "request", lambda *_, **__: httpx.Response(200, json=said))
    with pytest.raises(NotPossible, match="it is no Training Analyzer"):
        There("http://127.0.0.1:9", "x")


def test_a_request_that_cannot_be_made_tells_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise httpx.LocalProtocolError("Illegal header value b'Bearer secret'")

    monkeypatch.setattr(httpx.Client, "request", refused)
    with pytest.raises(NotPossible) as told:
        There("http://127.0.0.1:9", "secret")
    assert "secret" not in str(told.value)
    assert told.value.__cause__ is None


def test_nobody_waits_for_what_was_given_up(
    send: Callable[..., dict[str, Any]],
    folder: Path,
    runtime: Runtime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    send(str(folder), "--no-wait")
    with runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET state = 'parked', last_error = 'OSError' WHERE kind = 'upload'"))
    report = send(str(folder), code=1)
    assert (report["handed_over_before"], report["done"], report["given_up"]) == (4, False, ["OSError"])
    _print(report)
    told = " ".join(capsys.readouterr().out.split())
    assert "Reading was given up: OSError. What was handed over stays; `training-analyzer retry`" in told
    assert "goes on in the background" not in told


def told(capsys: pytest.CaptureFixture[str], **report: Any) -> str:
    """Return what is said of an upload, read to its end unless the report says otherwise, on one line."""
    read = {"uploads": ["x"], "done": True, "going_on": False, "problems": [], "given_up": []}
    _print(read | report)
    return " ".join(capsys.readouterr().out.split())


def test_one_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    numbers = {"added": 1, "changed": 0, "known": 1874, "refused": 1, "handed_over_before": 1}
    said = told(capsys, activities=1875, **numbers)
    assert "They are of" not in said
    assert "1 recording added, 0 changed, 1,874 known already, 1 file refused." in said
    assert "1 file had been handed over before." in said
    assert "goes on" not in said


def test_what_was_recorded_twice_is_told_to_count_once(capsys: pytest.CaptureFixture[str]) -> None:
    numbers = {"added": 16, "changed": 0, "known": 0, "refused": 0, "handed_over_before": 0}
    said = told(capsys, activities=8, **numbers)
    assert "16 recordings added" in said
    assert "They are of 8 activities: what was recorded twice counts once." in said


def test_nothing_is_said_to_go_on_that_was_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    numbers = {
        "added": 1,
        "changed": 0,
        "known": 0,
        "refused": 0,
        "handed_over_before": 0,
        "activities": None,
    }
    both = {"uploads": ["x", "y"], "done": False, **numbers}
    assert "goes on" not in told(capsys, **both, given_up=["OSError"], going_on=False)
    assert "Reading goes on in the background." in told(capsys, **both, given_up=["OSError"], going_on=True)
