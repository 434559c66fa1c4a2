"""A provider of files whose every line is a file: a session, or something that is wrong in its own way."""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from training_analyzer.sdk import (
    Account,
    Activity,
    BadData,
    BrokenRecord,
    DataProvider,
    DataRights,
    NotFound,
    Page,
    ProviderInfo,
    RawActivity,
    RawDocument,
    Sport,
    SupportsUpload,
    UploadedFile,
    Window,
)


def line(
    external_id: str,
    started_at: datetime,
    *,
    minutes: int = 60,
    title: str = "Ride",
    utc_offset_s: int = 0,
    guessed: bool = False,
) -> bytes:
    """Write a session as a file. `guessed`: its offset is what the place suggests."""
    session = {
        "id": external_id,
        "started_at": started_at.isoformat(),
        "minutes": minutes,
        "title": title,
        "utc_offset_s": utc_offset_s,
        "guessed": guessed,
    }
    return json.dumps(session).encode() + b"\n"


class FakeFiles(DataProvider, SupportsUpload):
    """Lines: a session; `broken`, no activity; `silence`, a file of no interest; `fails`, a mistake of ours."""

    def __init__(self, *, rights: DataRights | None = None, name: str = "paper") -> None:
        self.info = ProviderInfo(
            name=name, title="Paper", homepage="http://127.0.0.1", rights=rights or DataRights()
        )
        self.on_line: Callable[[bytes], object] = lambda _: None
        """Asked before each line is read."""
        self.translated = 0
        self.named_by: frozenset[str] = frozenset()

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        return Page(activities=())

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        raise NotFound("there is no service")

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        self.translated += 1
        return self._understood(documents[0].body)

    def read_upload(
        self, name: str, content: BinaryIO, skip: int = 0
    ) -> Iterator[RawActivity | BrokenRecord]:
        known = sum(1 for _ in content)
        content.seek(0, io.SEEK_SET)
        for number, written in enumerate(content, start=1):
            if number <= skip:
                continue
            self.on_line(written)
            file = UploadedFile(name=f"{name}/{number}", number=number, known=known, ends=True)
            document = RawDocument(kind="line", media_type="text/plain", body=written)
            if written.startswith(b"fails"):
                raise KeyError("a mistake")
            if written.startswith(b"silence"):
                continue
            try:
                activity = self._understood(written)
            except BadData as error:
                yield BrokenRecord(reason=str(error), document=document, file=file)
                continue
            yield RawActivity(
                external_id=json.loads(written)["id"],
                started_at=activity.started_at,
                documents=(document,),
                named_by=self.named_by,
                file=file,
                activity=activity,
            )

    @staticmethod
    def _understood(written: bytes) -> Activity:
        try:
            session = json.loads(written)
            return Activity(
                sport=Sport.RIDE,
                title=session["title"],
                started_at=datetime.fromisoformat(session["started_at"]),
                utc_offset_s=session["utc_offset_s"],
                utc_offset_is_guessed=session["guessed"],
                elapsed_s=session["minutes"] * 60,
                moving_s=session["minutes"] * 60,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BadData("it is broken") from error
