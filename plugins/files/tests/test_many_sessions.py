"""Files with many sessions: each keeps what is its own, and there may not be any number of them."""

import io
import struct
from collections.abc import Callable
from datetime import timedelta

import pytest

from plugins.files.tests.made_files import (
    ENUM,
    SESSION,
    START,
    UINT32,
    file_id,
    fit,
    gpx,
    moment,
    ride_points,
    session,
    stamp,
    tcx,
    tcx_activity,
    track,
)
from training_analyzer.sdk import BrokenRecord, RawActivity
from training_analyzer.sdk.testing.files import everything
from training_analyzer_files.documents import open_original, part_document
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings

Read = Callable[[bytes, str], list[RawActivity | BrokenRecord]]

TRIATHLON = f"""<MultiSportSession><Id>{moment(0)}</Id><FirstSport>{tcx_activity()}</FirstSport>
<NextSport>{tcx_activity(900, "Biking")}</NextSport></MultiSportSession>"""


def sessions_in(found: list[RawActivity | BrokenRecord]) -> list[RawActivity]:
    assert all(isinstance(one, RawActivity) for one in found), found
    return [one for one in found if isinstance(one, RawActivity)]


def kept_of(raw: RawActivity) -> bytes:
    return next(document.body for document in raw.documents if document.kind == "file")


@pytest.mark.parametrize(
    "content",
    [
        gpx(track(), track(900, "cycling"), creator="StravaGPX > the rest"),
        gpx(track(), track(900, "cycling")).decode().encode("utf-16"),
        gpx(track(), track(900, "cycling")).decode().encode("windows-1252"),
        gpx(track(), track(900, "cycling")).replace(b"UTF-8", b"iso-8859-1").decode().encode("iso-8859-1"),
        tcx(tcx_activity(), tcx_activity(900, "Biking")),
        tcx(TRIATHLON),
    ],
    ids=["GPX", "UTF-16", "windows-1252, unsaid", "Latin-1", "TCX", "several sports"],
)
def test_each_session_keeps_what_is_its_own(read: Read, provider: FilesProvider, content: bytes) -> None:
    raw = sessions_in(read(content, "two"))
    assert [one.external_id[64:] for one in raw] == ["#1", "#2"]
    assert [one.started_at - START for one in raw] == [timedelta(0), timedelta(seconds=900)]
    assert sum(len(kept_of(one)) for one in raw) < 1.2 * len(content)
    for one in raw:
        assert one.activity is not None
        assert everything(provider.translate(one.documents)) == everything(one.activity)
        (alone,) = sessions_in(read(kept_of(one), "alone"))
        assert alone.activity is not None
        assert everything(alone.activity) == everything(one.activity), "it is a file of its own"


def test_what_was_kept_with_all_of_its_file_is_still_read(read: Read, provider: FilesProvider) -> None:
    whole = gpx(track(), track(900, "cycling"))
    for number, one in enumerate(sessions_in(read(whole, "two")), start=1):
        as_before = [open_original(whole, len(whole)).document(), part_document(number)]
        assert one.activity is not None
        assert everything(provider.translate(as_before)) == everything(one.activity)


@pytest.mark.parametrize(
    "around",
    [("<trk>", "</trk>"), ("<a>" * 6, "</a>" * 6)],
    ids=["in another track", "too deep"],
)
def test_a_track_in_strange_places_is_read_all_the_same(
    read: Read, provider: FilesProvider, around: tuple[str, str]
) -> None:
    before, after = around
    raw = sessions_in(read(gpx(track(), before + track(900) + after, track(1800)), "strange"))
    assert [(one.started_at - START).seconds for one in raw] == [0, 900, 1800]
    for one in raw:
        assert one.activity is not None
        assert everything(provider.translate(one.documents)) == everything(one.activity)


def test_too_many_sessions_meet_a_limit() -> None:
    few = FilesProvider(FilesSettings(max_sessions=3))
    for content in (
        gpx(*(track(100 * n) for n in range(4))),
        tcx(*(tcx_activity(100 * n) for n in range(4))),
        fit(file_id(), ride_points(), *(session(10 * n, 10) for n in range(4))),
    ):
        (found,) = few.read_upload("many", io.BytesIO(content))
        assert isinstance(found, BrokenRecord)
        assert "holds 4 sessions, and the limit is 3. Split it" in found.reason
    assert (
        len(sessions_in(list(few.read_upload("three", io.BytesIO(gpx(track(), track(99), track(999))))))) == 3
    )


def test_what_would_be_kept_for_all_sessions_meets_a_limit() -> None:
    small = FilesProvider(FilesSettings(max_fit_megabytes=1, max_xml_megabytes=1))
    for content in (
        fit(file_id(), ride_points(range(2000)), *(session(100 * n, 100) for n in range(20))),
        gpx(*(track(100 * n) for n in range(20)), creator="x" * 60_000),
    ):
        assert len(content) < 10**6
        (found,) = small.read_upload("many", io.BytesIO(content))
        assert isinstance(found, BrokenRecord)
        assert "For its 20 sessions, more than 1 MB of the file would be kept" in found.reason


def test_a_great_many_sessions_are_refused_before_any_is_understood(read: Read) -> None:
    """They were held against each other, each with each: 3,000 took half a minute."""
    definition = bytes((0x40, 0, 0)) + struct.pack("<HB", SESSION, 2) + bytes((2, 4, UINT32, 5, 1, ENUM))
    many = definition + b"".join(struct.pack("<BIB", 0, stamp(n), 2) for n in range(100_000))
    (found,) = read(fit(file_id(), many), "many.fit")
    assert isinstance(found, BrokenRecord)
    assert "holds 100,000 sessions" in found.reason
