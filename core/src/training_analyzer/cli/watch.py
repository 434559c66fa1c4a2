"""`training-analyzer watch`: a folder from which files are taken once they have stopped growing."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer

from training_analyzer.cli import leash, logs
from training_analyzer.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from training_analyzer.ingestion.handing_over import Desk, Found
    from training_analyzer.runtime import Runtime

LOGGER = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 10.0
PROBLEM: Final = ".problem.txt"


def watch(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder. [default: TRAINING_ANALYZER_WATCH_FOLDER]", show_default=False),
    ] = None,
    *,
    leashed: leash.Leashed = False,
) -> None:
    """
    Take files from a folder: below it, each athlete has a folder named by their e-mail address.

    A file is taken when it is the same in two looks, ten seconds apart; it stays where it is. What is wrong
    with one stands in a file beside it, `….problem.txt`. May be ended and started again at any moment.
    """
    from sqlalchemy.exc import DBAPIError

    from training_analyzer.cli.dispatcher import Stop
    from training_analyzer.cli.operating import operating

    if leashed:
        leash.take()
    chosen = folder or logs.settings().watch_folder
    if chosen is None:
        raise ConfigurationError("Name the folder, or set TRAINING_ANALYZER_WATCH_FOLDER.")
    if not chosen.is_dir():
        raise ConfigurationError(f"{chosen} is no folder. Make it, with a folder in it for each athlete.")
    stop = Stop()
    with operating() as runtime:
        watcher = Watcher(runtime, chosen)
        while not stop.asked:
            try:
                watcher.look()
            except (DBAPIError, OSError) as error:
                LOGGER.warning("Looking into %s failed, and is tried again: %s", chosen, error)
            stop.wait(LOOK_EVERY_S)


class Watcher:
    """Looks into the folder, remembers what it saw, and tells what was refused."""

    def __init__(self, runtime: "Runtime", folder: Path) -> None:
        self._runtime = runtime
        self._folder = folder
        self._seen: dict[Path, str] = {}
        self._taken: set[str] = set()
        self._strangers: set[str] = set()

    def look(self) -> int:
        """Hand over what has stopped growing, and return how many files that were."""
        from training_analyzer.ingestion.handing_over import reader_of

        name, provider = reader_of(self._runtime.registry.providers)
        seen: dict[Path, str] = {}
        handed_over = 0
        for folder, athlete_id in self._athletes():
            try:
                found = self._untaken(folder, provider.upload_endings)
                seen |= {file.path: file.identity for file in found}
                still = [file for file in found if self._seen.get(file.path) == file.identity]
                handed_over += self._take(self._desk(athlete_id, name), still)
                self._tell(athlete_id, folder)
            except Exception:
                if self._is_there(folder):
                    LOGGER.exception("Looking into %s failed, and is tried again", _shown(folder))
                else:
                    LOGGER.info("%s: the athlete was erased meanwhile; their files are left", _shown(folder))
        self._seen = seen
        return handed_over

    def _untaken(self, folder: Path, endings: tuple[str, ...]) -> list["Found"]:
        """Return the files in an athlete's folder that are not known to be taken. Raises OSError."""
        return [
            file
            for file in _files(folder, endings)
            if file.identity not in self._taken and not file.name.endswith(PROBLEM)
        ]

    def _take(self, desk: "Desk", files: Sequence["Found"]) -> int:
        """Hand over those that are new, and return how many that were."""
        new = desk.new(files)
        handed_over = sum(self._hand_over(desk, file) for file in new)
        self._taken |= {file.identity for file in files} - {file.identity for file in new}
        return handed_over

    def _is_there(self, folder: Path) -> bool:
        from training_analyzer.storage import athletes

        with self._runtime.database.transaction() as tx:
            return athletes.login(tx, folder.name) is not None

    def _athletes(self) -> Iterator[tuple[Path, UUID]]:
        from training_analyzer.ingestion.handing_over import as_text
        from training_analyzer.storage import athletes

        for folder in sorted(self._folder.iterdir()):
            if "@" not in folder.name or not folder.is_dir():
                continue
            with self._runtime.database.transaction() as tx:
                found = athletes.login(tx, as_text(folder.name))
            if found is not None:
                self._strangers.discard(folder.name)
                yield folder, found[0]
            elif folder.name not in self._strangers:
                self._strangers.add(folder.name)
                LOGGER.warning("%s: no athlete has this e-mail address; its files are left", _shown(folder))

    def _desk(self, athlete_id: UUID, provider: str) -> "Desk":
        from training_analyzer import pipeline
        from training_analyzer.ingestion.handing_over import Desk

        return Desk(
            self._runtime.database,
            athlete_id,
            provider,
            "folder",
            lambda tx, event: pipeline.record(tx, [event], now=self._runtime.now()),
        )

    def _hand_over(self, desk: "Desk", file: "Found") -> int:
        """Hand one file over: each has an upload of its own, so that its problem stands beside it."""
        try:
            for _ in desk.hand_over([file], now=self._runtime.now()):
                pass
        except OSError as error:
            LOGGER.warning("%s cannot be read, and is tried again: %s", _shown(file.path), error.strerror)
            return 0
        LOGGER.info("%s is taken", _shown(file.path))
        return 1

    def _tell(self, athlete_id: UUID, folder: Path) -> None:
        """Write what was refused beside its file, and what became of it into the log."""
        from training_analyzer.storage import upload_files, upload_results, uploads

        now = self._runtime.now()
        with self._runtime.database.transaction(athlete_id) as tx:
            for upload_id in uploads.unreported(tx, athlete_id, "folder"):
                (name,) = upload_files.names(tx, upload_id)
                refused = upload_results.listed(tx, upload_id, outcome="refused", behind=0, limit=1000)
                outcomes = uploads.progress(tx, upload_id).outcomes
                LOGGER.info(
                    "%s: %s",
                    folder / name,
                    ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items()) or "empty",
                )
                reasons = {result.name: result.reason or "" for _, result, _ in refused}
                _write_problem(folder / f"{name}{PROBLEM}", reasons)
                uploads.reported(tx, upload_id, now=now)


def _shown(path: Path) -> str:
    """Return a path for the log, which takes no bytes that are no text."""
    from training_analyzer.ingestion.handing_over import as_text

    return as_text(path)


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator["Found"]:
    """Yield the files that are there. One that goes while we look is passed over."""
    from training_analyzer.ingestion.handing_over import look

    with suppress(FileNotFoundError):
        yield from look(folder, endings)


def _write_problem(path: Path, reasons: Mapping[str, str]) -> None:
    """Write the reasons, or take away what an earlier version of the file had."""
    for name, reason in reasons.items():
        LOGGER.warning("%s: %s: %s", path.with_name(path.name.removesuffix(PROBLEM)), name, reason)
    try:
        if reasons:
            path.write_text("".join(f"{name}: {reason}\n" for name, reason in reasons.items()), "utf-8")
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        LOGGER.warning("%s cannot be written: %s", path, error)
