"""Where files are handed over: the database that is here, or the API of another server."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from training_analyzer.ingestion.handing_over import Desk, Found
    from training_analyzer.runtime import Runtime

AGAIN: Final = "Start the same command again: it goes on where it was."

Advance = Callable[[int], None]
"""Told of each portion of bytes that is handed over."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload is, and what became of its files in numbers."""

    is_done: bool
    given_up: str | None
    """Why it is not read on, until somebody has it tried again."""
    files_read: int
    files_known: int
    added: int
    changed: int
    known: int
    refused: int
    activities: int
    """Of how many the recordings are."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was refused, and why."""

    name: str
    reason: str


class Counter(Protocol):
    """Whom files are handed over to."""

    @property
    def endings(self) -> Sequence[str]:
        """How names of files end that are read there. Empty: any."""

    def new(self, files: "Sequence[Found]") -> "list[Found]":
        """Return those that were not handed over before, as they are now."""

    def unfinished(self, files: "Sequence[Found]") -> list[UUID]:
        """Return the uploads in which these are that are still being read."""

    def hand_over(self, files: "Sequence[Found]", advance: Advance) -> UUID:
        """Hand files over as one upload, all or none."""

    def standing(self, upload_id: UUID) -> Standing:
        """Return how far an upload is."""

    def refusals(self, upload_id: UUID) -> Iterator[Refusal]:
        """Yield what was refused, in the order of the files."""


class Here:
    """The database of this deployment."""

    def __init__(self, runtime: "Runtime", athlete_id: UUID) -> None:
        from training_analyzer.ingestion.handing_over import reader_of

        self._runtime, self._athlete_id = runtime, athlete_id
        self._provider, provider = reader_of(runtime.registry.providers)
        self.endings: Sequence[str] = provider.upload_endings

    def new(self, files: "Sequence[Found]") -> "list[Found]":
        return self._desk().new(files)

    def unfinished(self, files: "Sequence[Found]") -> list[UUID]:
        return self._desk().unfinished(files)

    def hand_over(self, files: "Sequence[Found]", advance: Advance) -> UUID:
        desk = self._desk()
        for size in desk.hand_over(files, now=self._runtime.now()):
            advance(size)
        return desk.begun[-1]

    def standing(self, upload_id: UUID) -> Standing:
        from training_analyzer.storage import uploads

        with self._runtime.database.transaction(self._athlete_id) as tx:
            upload = uploads.find(tx, upload_id)
            progress = uploads.progress(tx, upload_id)
        outcomes = progress.outcomes
        return Standing(
            upload is None or upload.state == "done",
            None if upload is None else upload.given_up,
            progress.files_read,
            progress.files_known,
            outcomes.get("added", 0),
            outcomes.get("changed", 0),
            outcomes.get("known", 0),
            outcomes.get("refused", 0),
            progress.activities,
        )

    def refusals(self, upload_id: UUID) -> Iterator[Refusal]:
        from training_analyzer.storage import upload_results

        behind = 0
        while True:
            with self._runtime.database.transaction(self._athlete_id) as tx:
                page = upload_results.listed(tx, upload_id, outcome="refused", behind=behind, limit=1000)
            if not page:
                return
            for behind, result, _ in page:  # noqa: B007 - the last one is where the next page begins
                yield Refusal(result.name, result.reason or "")

    def _desk(self) -> "Desk":
        from training_analyzer import pipeline
        from training_analyzer.ingestion.handing_over import Desk

        runtime = self._runtime
        return Desk(
            runtime.database,
            self._athlete_id,
            self._provider,
            "command",
            lambda tx, event: pipeline.record(tx, [event], now=runtime.now()),
        )
