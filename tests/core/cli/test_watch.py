"""The watched folder: a file is taken once, when it has stopped growing; what was wrong stands beside it."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.files import FakeFiles, line
from tests.fakes.registry import registry_of
from training_analyzer.cli.watch import Watcher
from training_analyzer.ingestion.handing_over import Desk, Found
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, erasing


@pytest.fixture
def registry() -> Registry:
    return registry_of(FakeFiles())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mine = tmp_path / "athlete@example.org"
    mine.mkdir()
    (tmp_path / "nobody@example.org").mkdir()
    (tmp_path / "nobody@example.org" / "theirs.txt").write_bytes(line("x", NOW))
    return mine


@pytest.fixture
def watcher(runtime: Runtime, folder: Path) -> Watcher:
    return Watcher(runtime, folder.parent)


def activities(runtime: Runtime, athlete_id: UUID) -> int:
    with runtime.database.transaction(athlete_id) as tx:
        found: int = tx.execute(text("SELECT count(*) FROM activities")).scalar_one()
        return found


def test_a_file_is_taken_once_it_has_stopped_growing(
    *,
    watcher: Watcher,
    folder: Path,
    runtime: Runtime,
    athlete_id: UUID,
    work_off: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    growing = folder / "below" / "a.txt"
    growing.parent.mkdir()
    growing.write_bytes(line("a", NOW))
    assert watcher.look() == 0, "seen for the first time"
    growing.write_bytes(line("a", NOW) + line("b", NOW - timedelta(hours=5)))
    os.utime(growing, ns=(1, 1))
    assert watcher.look() == 0, "it is another one than before"
    assert watcher.look() == 1
    assert watcher.look() == 0
    work_off()
    assert activities(runtime, athlete_id) == 2
    with caplog.at_level("INFO"):
        watcher.look()
    assert f"{growing}: 2 added" in caplog.text
    again = Watcher(runtime, folder.parent)
    assert [again.look() for _ in range(3)] == [0, 0, 0], "also after a restart"


def test_what_is_wrong_stands_beside_the_file_until_it_is_right(
    watcher: Watcher, folder: Path, athlete_id: UUID, work_off: Callable[[], int]
) -> None:
    file, problem = folder / "a.txt", folder / "a.txt.problem.txt"
    file.write_bytes(b"broken\n")
    for _ in range(2):
        watcher.look()
    work_off()
    watcher.look()
    assert problem.read_text() == "a.txt/1: it is broken\n"
    file.write_bytes(line("a", NOW))
    for _ in range(2):
        watcher.look()
    work_off()
    watcher.look()
    assert not problem.exists()
    assert watcher.look() == 0, "a file of ours is none of theirs"


def test_a_file_that_goes_or_is_there_twice_stops_nobody(
    *,
    watcher: Watcher,
    folder: Path,
    runtime: Runtime,
    athlete_id: UUID,
    work_off: Callable[[], int],
) -> None:
    first, second = folder / "a.txt", folder / "b.txt"
    for file in (first, second):
        file.write_bytes(line("same", NOW))
    (folder / "gone.txt").write_bytes(line("gone", NOW - timedelta(days=1)))
    watcher.look()
    (folder / "gone.txt").unlink()
    assert watcher.look() == 2
    second.unlink()
    work_off()
    watcher.look()
    assert activities(runtime, athlete_id) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt"], "nothing was wrong with either"


def test_an_athlete_who_is_erased_during_a_look_is_passed_over(
    watcher: Watcher, folder: Path, runtime: Runtime, athlete_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").write_bytes(line("a", NOW))
    watcher.look()
    desk = watcher._desk

    def erased_before(whose: UUID, provider: str) -> object:
        with runtime.database.transaction(whose) as tx:
            erasing.erase_athlete(tx, whose)
        return desk(whose, provider)

    monkeypatch.setattr(watcher, "_desk", erased_before)
    assert watcher.look() == 0
    assert watcher.look() == 0
    assert (folder / "a.txt").exists()


def test_a_name_that_is_no_utf_8_stops_nobody(
    watcher: Watcher, folder: Path, runtime: Runtime, athlete_id: UUID, work_off: Callable[[], int]
) -> None:
    of_old = os.fsdecode(b"m\xfctze.txt")
    (folder / of_old).write_bytes(line("old", NOW) + b"broken\n")
    (folder / "new.txt").write_bytes(line("new", NOW - timedelta(days=1)))
    (folder.parent / os.fsdecode(b"m\xfcller@example.org")).mkdir()
    assert [watcher.look() for _ in range(3)] == [0, 2, 0]
    work_off()
    watcher.look()
    assert activities(runtime, athlete_id) == 2
    problem = folder / r"m\xfctze.txt.problem.txt"
    assert problem.read_text() == "m\\xfctze.txt/2: it is broken\n"
    again = Watcher(runtime, folder.parent)
    assert [again.look() for _ in range(3)] == [0, 0, 0], "also after a restart"


def test_what_goes_wrong_with_one_athlete_stops_no_other(
    watcher: Watcher,
    folder: Path,
    runtime: Runtime,
    athlete_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The first one's folder has a file that cannot be handed over, for a reason that nobody foresaw."""
    with runtime.database.transaction() as tx:
        athletes.register(
            tx, email="aaa@example.org", password_hash="-", name="Bo", sex=None, birth_year=None
        )
    first = folder.parent / "aaa@example.org"
    first.mkdir()
    for theirs in (first, folder):
        (theirs / "a.txt").write_bytes(line("a", NOW))
    hand_over = Desk.hand_over

    def fails(desk: Desk, files: Sequence[Found], *, now: datetime) -> Iterator[int]:
        if desk.athlete_id != athlete_id:
            raise ValueError("of the unforeseen kind")
        return hand_over(desk, files, now=now)

    monkeypatch.setattr(Desk, "hand_over", fails)
    assert [watcher.look() for _ in range(3)] == [0, 1, 0]
    assert f"Looking into {first} failed, and is tried again" in caplog.text
    assert "of the unforeseen kind" in caplog.text
