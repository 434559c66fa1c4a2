"""Handing files over by REST: streamed, limited, read in the background, each with its result."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.files import FakeFiles, line
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.api import upload_receiver
from training_analyzer.domain.errors import NotPossible
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.storage.upload_pieces import PIECE_BYTES
from training_analyzer.worker.policy import MAX_FAILURES


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
def registry(service: FakeService, files: FakeFiles) -> Registry:
    return registry_of(FakeProvider(service), files)


def rides(count: int, first: int = 0) -> bytes:
    return b"".join(line(f"r{n}", NOW - timedelta(hours=2 * n)) for n in range(first, first + count))


def test_files_come_in_and_are_read_in_the_background(ann: httpx.Client, work_off: Callable[[], int]) -> None:
    content = rides(2) + b"broken\n" + b"silence\n" + rides(1)
    begun = ann.post("/uploads", files=[("file", ("a.txt", content)), ("file", ("b.txt", rides(1, 5)))])
    assert begun.status_code == 202, begun.text
    assert begun.headers["Location"] == begun.json()["progress"]
    assert (begun.json()["files"], begun.json()["bytes"]) == (2, len(content) + len(rides(1, 5)))
    address = begun.json()["progress"].removeprefix("/api/v1")
    assert ann.get(address).json()["state"] == "reading"
    work_off()
    answer = ann.get(address).json()
    assert (answer["state"], answer["added"], answer["known"], answer["refused"]) == ("done", 3, 1, 1)
    assert (answer["files_read"], answer["files_known"]) == (6, 6)
    results = ann.get(f"{address}/results").json()["items"]
    assert [(one["name"], one["outcome"]) for one in results] == [
        ("a.txt/1", "added"),
        ("a.txt/2", "added"),
        ("a.txt/3", "refused"),
        ("a.txt/5", "known"),
        ("b.txt/1", "added"),
    ]
    assert results[2]["reason"] == "it is broken"
    activity = ann.get(f"/activities/{results[0]['activity_id']}").json()
    assert activity["measurements"]["fake.load"]["value"] == 60
    assert ann.get("/uploads").json() == {"items": [answer], "next_cursor": None}
    page = ann.get(f"{address}/results", params={"limit": 2}).json()
    rest = ann.get(f"{address}/results", params={"cursor": page["next_cursor"]}).json()
    assert page["items"] + rest["items"] == results
    only = ann.get(f"{address}/results", params={"outcome": "refused"}).json()["items"]
    assert only == [results[2]]


def test_recordings_of_one_session_are_told_to_be_of_one(
    ann: httpx.Client, work_off: Callable[[], int]
) -> None:
    content = line("fit", NOW) + line("tcx", NOW) + line("other", NOW - timedelta(days=1))
    begun = ann.post("/uploads", files={"file": ("a.txt", content)}).json()
    work_off()
    answer = ann.get(begun["progress"].removeprefix("/api/v1")).json()
    assert (answer["added"], answer["activities"]) == (3, 2)


def test_every_upload_is_listed_page_by_page(ann: httpx.Client, clock: StoppedClock) -> None:
    ids = []
    for number in range(5):
        ids.append(ann.post("/uploads", files={"file": ("a.txt", rides(1, number))}).json()["id"])
        if number % 2:  # of those that began at the same moment, too, none is left out
            clock.advance(seconds=1)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = ann.get("/uploads", params={"limit": 2, **cursor}).json()
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(seen) == sorted(ids)
    assert seen[0] == ids[-1]
    for wrong in ("x", "bnVsbA", "W10"):
        refused = ann.get("/uploads", params={"cursor": wrong})
        assert (refused.status_code, "not a cursor of ours" in refused.text) == (422, True)


def test_what_was_given_up_says_so_and_why_until_it_is_tried_again(
    *, ann: httpx.Client, work_off: Callable[[], int], files: FakeFiles, clock: StoppedClock
) -> None:
    def failing(_: bytes) -> None:
        raise NotPossible("the disk is full")

    files.on_line = failing
    address = ann.post("/uploads", files={"file": rides(1)}).json()["progress"].removeprefix("/api/v1")
    assert ann.get(address).json()["given_up_because"] is None
    for _ in range(2 * MAX_FAILURES):
        work_off()
        clock.advance(seconds=3600)
    answer = ann.get(address).json()
    assert (answer["state"], answer["done_at"]) == ("given_up", None)
    assert "the disk is full" in answer["given_up_because"]
    assert ann.get("/uploads").json()["items"] == [answer]
    files.on_line = lambda _: None
    assert ann.post("/parked/retry").is_success
    assert ann.get(address).json()["state"] == "reading"
    work_off()
    answer = ann.get(address).json()
    assert (answer["state"], answer["given_up_because"], answer["added"]) == ("done", None, 1)


def test_nothing_is_parsed_twice(ann: httpx.Client, work_off: Callable[[], int], files: FakeFiles) -> None:
    ann.post("/uploads", files={"file": ("a.txt", rides(30))})
    work_off()
    assert files.translated == 0
    assert len(ann.get("/activities", params={"limit": 100}).json()["items"]) == 30


def test_pieces_are_let_go_of_and_large_files_are_put_together(
    ann: httpx.Client, work_off: Callable[[], int], runtime: Runtime, athlete_id: UUID
) -> None:
    long_line = line("long", NOW, title="x" * PIECE_BYTES)
    content = long_line + rides(1) + b"silence" * (PIECE_BYTES // 2) + b"\n" + rides(1, 7)
    begun = ann.post("/uploads", files={"file": ("a.txt", content)}).json()
    pieces = "SELECT count(*), max(length(body)) FROM upload_pieces"
    with runtime.database.transaction(athlete_id) as tx:
        assert tx.execute(text(pieces)).one() == (-(-len(content) // PIECE_BYTES), PIECE_BYTES)
    work_off()
    answer = ann.get(begun["progress"].removeprefix("/api/v1")).json()
    assert (answer["added"], answer["bytes"]) == (3, len(content))
    with runtime.database.transaction(athlete_id) as tx:
        assert tx.execute(text(pieces)).one() == (0, None)


def test_the_same_again_is_known(ann: httpx.Client, work_off: Callable[[], int]) -> None:
    for outcome in ("added", "known"):
        begun = ann.post("/uploads", files={"file": ("a.txt", rides(3))}).json()
        work_off()
        assert ann.get(begun["progress"].removeprefix("/api/v1")).json()[outcome] == 3


@pytest.mark.parametrize(("named_by", "outcome"), [(frozenset(), "changed"), (frozenset({"line"}), "known")])
def test_what_its_id_is_the_digest_of_stays_as_it_came_first(
    *,
    ann: httpx.Client,
    work_off: Callable[[], int],
    files: FakeFiles,
    named_by: frozenset[str],
    outcome: str,
) -> None:
    files.named_by = named_by
    for title in ("as it came", "packed otherwise"):
        begun = ann.post("/uploads", files={"file": ("a.txt", line("r", NOW, title=title))}).json()
        work_off()
    assert ann.get(begun["progress"].removeprefix("/api/v1")).json()[outcome] == 1
    (activity,) = ann.get("/activities").json()["items"]
    assert activity["title"] == ("as it came" if named_by else "packed otherwise")


NO_FORMS: Final = (
    (b"", "multipart/form-data; boundary=x", "ended before the form did"),
    (b"--x\r\nContent-Dis", "multipart/form-data; boundary=x", "ended before"),
    (b"nonsense", "multipart/form-data; boundary=x", "no multipart form"),
    (b"--x--\r\n", "multipart/form-data; boundary=x", ""),
    (b"{}", "application/json", "multipart/form-data"),
    (b"--x--\r\n", "multipart/form-data; boundary=" + "x" * 1000, "no multipart form"),
    (b"--x--\r\n", "multipart/form-data; boundary*=utf-8''%E2%82%AC", "no multipart form"),
    (b"--x\r\nA: " + b"y" * 20_000, "multipart/form-data; boundary=x", "header"),
    (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nno file\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
        "holds no file",
    ),
)


def test_what_is_no_form_with_files_is_refused_and_leaves_nothing(
    ann: httpx.Client, subtests: pytest.Subtests
) -> None:
    for body, kind, said in NO_FORMS:
        with subtests.test(body=body[:40], kind=kind[:60]):
            answer = ann.post("/uploads", content=body, headers={"Content-Type": kind})
            assert answer.status_code == 400, answer.text
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert said in answer.json()["detail"]
            assert ann.get("/uploads").json()["items"] == []


@pytest.mark.parametrize("announced", [True, False])
def test_too_much_meets_a_limit(ann: httpx.Client, runtime: Runtime, announced: bool) -> None:
    runtime.settings = runtime.settings.model_copy(update={"upload_max_megabytes": 3})
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.fit"\r\n\r\n'

    def endless() -> Iterator[bytes]:
        yield head
        for _ in range(100_000):  # 100 GB that nobody has, and nobody waits for
            yield bytes(PIECE_BYTES)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    if announced:
        headers["Content-Length"] = "200000000000"
    try:
        answer = ann.post("/uploads", content=endless(), headers=headers)
    except httpx.TransportError:
        pass  # the server hung up while we were still sending
    else:
        assert answer.status_code == 413
        assert "UPLOAD_MAX_MEGABYTES" in answer.json()["detail"]
    assert ann.get("/uploads").json()["items"] == []


def test_uploads_at_the_same_time_share_the_limit(
    ann: httpx.Client, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_receiver, "LOOK_AGAIN_BYTES", PIECE_BYTES)
    runtime.settings = runtime.settings.model_copy(update={"upload_max_megabytes": 5})
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.fit"\r\n\r\n'
    end = b"\r\n--x--\r\n"
    others: list[int] = []

    def slowly() -> Iterator[bytes]:
        yield head + bytes(PIECE_BYTES)
        # Neither is too large alone, and this one began when nothing was waiting.
        other = ann.post("/uploads", files={"file": ("other.fit", bytes(3 * PIECE_BYTES))})
        others.append(other.status_code)
        for _ in range(3):
            yield bytes(PIECE_BYTES)
        yield end

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    try:
        answer = ann.post("/uploads", content=slowly(), headers=headers)
    except httpx.TransportError:
        pass  # the server hung up while we were still sending
    else:
        assert answer.status_code == 413
    assert others == [202]
    assert len(ann.get("/uploads").json()["items"]) == 1


def test_too_many_files_meet_a_limit(ann: httpx.Client, runtime: Runtime) -> None:
    runtime.settings = runtime.settings.model_copy(update={"upload_max_files": 2})
    answer = ann.post("/uploads", files=[("file", (f"{n}.txt", b"x\n")) for n in range(3)])
    assert answer.status_code == 413
    assert "2 files at most" in answer.json()["detail"]
    assert ann.get("/uploads").json()["items"] == []


def test_whose_they_are_and_who_reads_them(
    ann: httpx.Client, bob: httpx.Client, http: httpx.Client, work_off: Callable[[], int]
) -> None:
    begun = ann.post("/uploads", files={"file": ("a.txt", rides(1))}).json()
    address = begun["progress"].removeprefix("/api/v1")
    assert bob.get(address).status_code == bob.get(f"{address}/results").status_code == 404
    assert ann.get(f"/uploads/{uuid4()}").status_code == 404
    assert http.post("/uploads", files={"file": ("a.txt", b"x")}).status_code == 401
    other = ann.post("/uploads", params={"provider": "fake"}, files={"file": ("a.txt", b"x")})
    assert (other.status_code, other.json()["type"].split(":")[-1]) == (404, "unknown-provider")
    bob.post("/uploads", files={"file": ("a.txt", rides(1))})
    work_off()
    assert len(ann.get("/activities").json()["items"]) == len(bob.get("/activities").json()["items"]) == 1


def test_a_cursor_of_somebody_elses_is_told(ann: httpx.Client) -> None:
    begun = ann.post("/uploads", files={"file": ("a.txt", rides(1))}).json()
    address = begun["progress"].removeprefix("/api/v1")
    assert ann.get(f"{address}/results", params={"cursor": "nonsense"}).status_code == 422


def test_a_name_that_cannot_be_stored_is_stored_as_it_can_be(
    ann: httpx.Client, work_off: Callable[[], int]
) -> None:
    begun = ann.post(
        "/uploads", files={"file": ("a\x00b\udcff.txt".encode("utf-8", "replace").decode(), b"x\n")}
    )
    assert begun.status_code == 202
    work_off()
    results = ann.get(begun.json()["progress"].removeprefix("/api/v1") + "/results").json()["items"]
    assert [one["outcome"] for one in results] == ["refused"]
