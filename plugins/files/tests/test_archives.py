"""Archives: Strava's, Garmin's, anybody's, and those that mean harm."""

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.files.tests.made_files import START, file_id, fit, gpx, ride, tcx, tcx_activity, zipped
from training_analyzer.sdk import BrokenRecord, RawActivity, Sport
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings

Read = Callable[[bytes, str], list[RawActivity | BrokenRecord]]

HEADINGS = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,"
    "Activity Gear,Filename,Elapsed Time,Moving Time,Distance,Perceived Exertion"
)
ROWS = '''
7001,"Mar 2, 2026, 5:06:07 AM","Früh, ""kalt""",Virtual Ride,"two
lines",60,0.48,My bike,activities/7001.fit.gz,60.0,55.0,480.0,6.0
7002,"Mar 2, 2026, 5:06:07 AM",A jog,Run,,9,0.03,,activities/7002.tcx.gz,9.0,9.0,27.0,
7003,"Mar 3, 2026, 5:00:00 PM",By hand,Weight Training,,1800,0,,,1800.0,1700.0,0.0,
7004,"Mar 4, 2026, 5:00:00 PM",Lost,Ride,,1800,20,,activities/7004.gpx,1800.0,1700.0,20000.0,
7005,"Mar 5, 2026, 5:00:00 PM",Broken,Ride,,1800,20,,activities/7005.fit,1800.0,1700.0,20000.0,
'''


def strava(folder: str = "", headings: str = HEADINGS) -> bytes:
    return zipped(
        {
            f"{folder}activities/7001.fit.gz": gzip.compress(ride()),
            f"{folder}media/photo.jpg": b"\xff\xd8\xff" + bytes(1000),
            f"{folder}profile.csv": b"a,b\n1,2\n",
            f"{folder}activities/7002.tcx.gz": gzip.compress(b"  " + tcx()),
            f"{folder}activities/7005.fit": ride()[:-50],
            f"{folder}activities.csv": (headings + ROWS).encode(),
        }
    )


ROW = '7003,"Mar 3, 2026, 5:00:00 PM",By hand,Weight Training,,1800,0,,,1800.0,1700.0,0.0,'
"""Of an activity without a file."""


def strava_list(*rows: str, **files: bytes) -> bytes:
    """An archive with a list of these rows, and these files."""
    return zipped({"activities.csv": "\n".join([HEADINGS, *rows]).encode(), **files})


def raw_of(found: list[RawActivity | BrokenRecord]) -> list[RawActivity]:
    return [each for each in found if isinstance(each, RawActivity)]


def reasons_of(found: list[RawActivity | BrokenRecord]) -> list[str]:
    return [
        f"{each.file.name}: {each.reason}"
        for each in found
        if isinstance(each, BrokenRecord) and each.file is not None
    ]


@pytest.mark.parametrize("folder", ["", "export_123/"])
def test_stravas_export(read: Read, provider: FilesProvider, folder: str) -> None:
    found = read(strava(folder), "export.zip")
    ride_, run, by_hand = (provider.translate(each.documents) for each in raw_of(found))
    assert (ride_.title, ride_.sport, ride_.sport_name) == ('Früh, "kalt"', Sport.RIDE, "Virtual Ride")
    assert ride_.indoor
    assert ride_.summary.perceived_exertion == 6
    assert (ride_.description, ride_.gear) == ("two\nlines", "My bike")
    assert (run.title, run.sport, run.started_at) == ("A jog", Sport.RUN, START)
    assert (by_hand.title, by_hand.sport, by_hand.manual) == ("By hand", Sport.STRENGTH, True)
    assert (by_hand.elapsed_s, by_hand.moving_s) == (1800, 1700)
    assert by_hand.started_at.isoformat() == "2026-03-03T17:00:00+00:00"
    assert [each.external_id for each in raw_of(found)][2] == "strava-7003"
    broken, lost = reasons_of(found)
    assert broken.startswith(f"{folder}activities/7005.fit: The file is cut off")
    assert lost.startswith(f"{folder}activities/7004.gpx: ")
    assert "does not have it" in lost


def test_the_row_and_the_file_are_kept_as_they_are(read: Read) -> None:
    first = raw_of(read(strava(), "export.zip"))[0]
    file, details = first.documents
    assert (file.kind, file.media_type) == ("file", "application/vnd.ant.fit+gzip")
    assert gzip.decompress(file.body) == ride()
    assert first.named_by == {"file", "part"}, "packed or not, it is the same"
    row = json.loads(details.body)
    assert dict(zip(row["columns"], row["values"], strict=True))["Activity Gear"] == "My bike"
    assert dict(zip(row["columns"], row["values"], strict=True))["Activity Description"] == "two\nlines"


def test_headings_in_another_language_are_understood(read: Read, provider: FilesProvider) -> None:
    german = HEADINGS.replace("Filename", "Dateiname").replace("Activity Name", "Name der Aktivität")
    first = raw_of(read(strava(headings=german), "export.zip"))[0]
    translated = provider.translate(first.documents)
    assert (translated.title, translated.description) == ('Früh, "kalt"', "two\nlines")


@pytest.mark.parametrize("when", ["2 Mar 2026, 17:06:07", "Mar 2, 2026, 5:06:07\u202fPM"])
def test_dates_in_british_and_american_order(read: Read, when: str) -> None:
    row = f'\n1,"{when}",By hand,Run,,600,2,,,600,600,2000,\n'
    (found,) = read(zipped({"activities.csv": (HEADINGS + row).encode()}), "export.zip")
    assert isinstance(found, RawActivity)
    assert found.started_at.isoformat() == "2026-03-02T17:06:07+00:00"


@pytest.mark.parametrize("number", ["2147483648", "9" * 30, "9" * 5000])
def test_numbers_that_no_calendar_has_are_no_date(read: Read, number: str) -> None:
    row = f'\n1,"{number} Mar 2026, 17:06:07",By hand,Run,,600,2,,,600,600,2000,\n'
    (found,) = read(zipped({"activities.csv": (HEADINGS + row).encode()}), "export.zip")
    assert isinstance(found, BrokenRecord)
    assert "no time that can be read" in found.reason


GERMAN = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,"
    "Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis,Aktivitätsausrüstung,Dateiname,"
    "Sportlergewicht,Fahrradgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,Höchstgeschw.,Schnitt,Höhenzunahme"
)


@pytest.mark.parametrize(
    ("when", "word", "sport"),
    [
        ("02.03.2026, 17:06:07", "Lauf", Sport.RUN),
        ("2 mar. 2026, 17:06:07", "Carrera", Sport.RUN),
        ("2 mars 2026 à 17:06:07", "Natation", Sport.SWIM),
        ("2 mrt 2026 17:06:07", "Fietsen", Sport.RIDE),
        ("2026-03-02 17:06:07", "水泳", Sport.OTHER),
        ("2026年3月2日 17:06:07", "水泳", Sport.OTHER),
        ("2 mar 2026, 5:06:07 p. m.", "Ride", Sport.RIDE),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_was_entered_by_hand_is_understood_in_other_languages(
    *, read: Read, provider: FilesProvider, when: str, word: str, sport: Sport, encoding: str
) -> None:
    row = f'\n1,"{when}",Abends,{word},,600,"2,00",,,,,Schuhe,,70,8,600.0,590.0,2000.0,5.0,3.4,33.0\n'
    (found,) = raw_of(read(zipped({"activities.csv": (GERMAN + row).encode(encoding)}), "export.zip"))
    activity = provider.translate(found.documents)
    assert activity.started_at.isoformat() == "2026-03-02T17:06:07+00:00"
    assert (activity.sport, activity.sport_name, activity.gear) == (sport, word, "Schuhe")
    assert (activity.elapsed_s, activity.moving_s, activity.distance_m) == (600, 590, 2000)
    assert activity.ascent_m == 33


def test_what_cannot_be_understood_is_named_by_its_row(read: Read) -> None:
    rows = '\n1,gestern,Abends,Lauf,,600,2\n2,"02.13.2026, 17:06:07",,Lauf,,600,2\n'
    found = reasons_of(read(zipped({"activities.csv": (GERMAN + rows).encode()}), "export.zip"))
    assert [one.partition(": The list")[0] for one in found] == [
        "activities.csv: Abends",
        "activities.csv: 2",
    ]


def test_links_and_double_packing(read: Read) -> None:
    link = zipfile.ZipInfo("link.fit")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("twice.fit.gz.gz", gzip.compress(gzip.compress(ride())))
        archive.writestr("zip.fit.gz", gzip.compress(zipped({"a.fit": ride()})))
        archive.writestr("thrice.fit.gz", gzip.compress(gzip.compress(gzip.compress(ride()))))
    found = read(packed.getvalue(), "x.zip")
    assert len(raw_of(found)) == 1
    link_is, zip_is, thrice_is = reasons_of(found)
    assert "no FIT, TCX or GPX file" in link_is
    assert "unpack it once" in zip_is
    assert "packed with gzip again and again" in thrice_is


def test_garmins_export(read: Read, provider: FilesProvider) -> None:
    said = {"activityId": 5, "name": "Around the lake", "beginTimestamp": START.timestamp() * 1000}
    inner = {"me@example.org_1.fit": ride(), "me@example.org_2.fit": fit(file_id(32)), "x.fit": ride()[:-9]}
    export = zipped(
        {
            "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": zipped(inner),
            "DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json": json.dumps(
                [{"summarizedActivitiesExport": [said]}]
            ).encode(),
            "DI_CONNECT/DI-Connect-User/user.json": b"{}",
        }
    )
    found = read(export, "garmin.zip")
    (activity,) = (provider.translate(each.documents) for each in raw_of(found))
    assert activity.title == "Around the lake"
    (reason,) = reasons_of(found)  # and none about the file of steps and sleep
    assert reason.startswith("x.fit: The file is cut off")


def test_letters_that_cannot_be_stored_cost_no_activity(read: Read, provider: FilesProvider) -> None:
    (mine,) = raw_of(read(strava_list(ROW.replace("By hand", "By\0 hand")), "s.zip"))
    begin = int(START.timestamp() * 1000)
    listed = [{"summarizedActivitiesExport": [{"beginTimestamp": begin, "name": "\ud83d and \0"}]}]
    files = {"DI_CONNECT/x_summarizedActivities.json": json.dumps(listed).encode(), "a.fit": ride()}
    (theirs,) = raw_of(read(zipped(files), "g.zip"))
    for found, title in ((mine, "By hand"), (theirs, "? and ")):
        assert found.activity is not None
        assert found.activity.title == provider.translate(found.documents).title == title


def test_one_long_description_loses_no_list(read: Read) -> None:
    (found,) = raw_of(read(strava_list(ROW.replace("Training,,", f"Training,{'x' * 200_000},")), "s.zip"))
    assert found.activity is not None
    assert found.activity.title == "By hand"


ROW_OF_FILE = '7,"Mar 2, 2026, 5:06:07 AM",Named,Run,,9,0.03,,activities/7.gpx.gz,9.0,9.0,27.0,'


@pytest.mark.parametrize(
    ("row", "name", "content"),
    [
        (ROW_OF_FILE, "activities/7.gpx", gpx()),
        (ROW_OF_FILE.replace(".gz", ""), "activities/7.gpx.gz", gzip.compress(gpx())),
        (ROW_OF_FILE, "activities\\7.gpx.gz", gzip.compress(gpx())),
        (ROW_OF_FILE.replace("activities/", "activities\\"), "activities\\7.gpx", gpx()),
    ],
    ids=["unpacked", "packed", "backslashes", "all"],
)
def test_a_file_that_was_packed_or_named_otherwise_is_found(
    read: Read, row: str, name: str, content: bytes
) -> None:
    (found,) = read(strava_list(row, **{name: content}), "s.zip")
    assert isinstance(found, RawActivity), found
    assert found.activity is not None
    assert found.activity.title == "Named"


def test_a_list_of_something_else_makes_no_activities(read: Read) -> None:
    assert reasons_of(read(strava_list(ROW.replace("7003", "Anna")), "s.zip")) == [
        "activities.csv: This is no list of activities of Strava's: there, each row begins with a number."
    ]
    mangled = ROW.replace("7003", "1.2E+10")  # as a spreadsheet makes of it
    found = read(strava_list(ROW, mangled), "s.zip")
    assert len(raw_of(found)) == 1
    assert "begins with no number" in reasons_of(found)[0]


def test_content_counts_and_names_do_not(read: Read) -> None:
    found = read(
        zipped({"a.gpx": ride(), "b.jpg": gpx(), "c": tcx(), "d.fit": b"hello", "e.txt": b"hello"}), "x"
    )
    assert len(raw_of(found)) == 3
    assert reasons_of(found) == ["d.fit: This is no FIT, TCX or GPX file, nor an archive of them."]


def test_an_archive_under_the_name_of_a_recording_is_read_as_one_file(read: Read) -> None:
    inner = zipped({"a.fit": ride(), "sub/b.fit": gzip.compress(ride(30)), "c.txt": b"", "d.fit": b"no"})
    found = read(zipped({"lies.fit": inner, "z.fit": ride(40)}), "x.zip")
    assert [each.documents[0].body for each in raw_of(found)] == [ride(), gzip.compress(ride(30)), ride(40)]
    (reason,) = reasons_of(found)
    assert reason.startswith("lies.fit/d.fit: This is no FIT")
    files = [each.file for each in found if each.file is not None]
    assert [(file.number, file.ends) for file in files] == [(1, False), (1, False), (1, True), (2, True)]
    assert len(raw_of(read(inner, "lies.fit"))) == 2  # by itself, it is what it is


@pytest.mark.parametrize("beside", [{}, {"README.txt": b"hello"}])
def test_an_archive_that_stands_for_one_recording_goes_by_its_name(
    beside: dict[str, bytes], read: Read
) -> None:
    row = f"{HEADINGS}\n1,,Früh,Ride,,60,1,Mine,activities/1.fit\n"
    export = {"activities/1.fit": zipped({**beside, "anything.fit": ride()}), "activities.csv": row.encode()}
    (raw,) = raw_of(read(zipped(export), "export.zip"))
    assert raw.activity is not None
    assert (raw.activity.title, raw.activity.gear) == ("Früh", "Mine")
    assert raw.documents[0].body == ride()


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (zipped({}), "no session in this archive"),
        (zipped({"a.jpg": b"x", "b.txt": b""}), "no session in this archive"),
        (zipped({f"{number}.fit": ride() for number in range(21)}), "more than 20 files"),
        (zipped({"a.fit": zipped({"b.fit": ride()})}), "unpack it once"),
        (zipped({"a.fit": ride()})[:-30], "cut off"),
        (zipped({"a.fit": ride() + bytes(3_000_000)}), "zip bomb"),
    ],
)
def test_what_such_an_archive_may_not_hold(inner: bytes, why: str, read: Read) -> None:
    found = read(zipped({"lies.fit": inner, "z.fit": ride(40)}), "x.zip")
    assert len(raw_of(found)) == 1
    (reason,) = reasons_of(found)
    assert reason.startswith("lies.fit: ")
    assert why in reason


def test_the_files_of_such_an_archive_together_hold_no_more_than_one() -> None:
    limits = FilesSettings(max_fit_megabytes=1, max_xml_megabytes=1)
    parts = {f"{number}.fit": Random(number).randbytes(200_000).hex().encode() for number in range(3)}

    def read(*names: str) -> list[RawActivity | BrokenRecord]:
        content = zipped({"lies.fit": zipped({name: parts[name] for name in names})})
        return list(FilesProvider(limits).read_upload("x.zip", io.BytesIO(content)))

    two = read("0.fit", "1.fit")
    assert [len(one.document.body) for one in two if isinstance(one, BrokenRecord)] == [4096, 4096]
    (reason,) = reasons_of(read(*parts))
    assert reason.startswith("lies.fit: The file holds more than 1 MB unpacked")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.txt": b"hello", "photo.jpg": b"x"},
        {"inner.zip": zipped({})},
        {"DI_CONNECT/a/me_2.fit": fit(file_id(32))},
    ],
)
def test_an_archive_without_a_recording_is_told(files: dict[str, bytes], read: Read) -> None:
    (reason,) = reasons_of(read(zipped(files), "x.zip"))
    assert reason.startswith("x.zip: There is no session in this archive that can be read")


class Counting(io.BytesIO):
    """A file that counts what is read of it."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.read_bytes += len(piece)
        return piece


def test_what_was_read_before_is_not_opened_again() -> None:
    content = zipped({f"{number:03}.fit": Random(number).randbytes(10_000) for number in range(100)})
    file = Counting(content)
    (reason,) = reasons_of(list(FilesProvider(FilesSettings()).read_upload("x.zip", file, skip=99)))
    assert reason.startswith("099.fit")
    assert file.read_bytes < 0.3 * len(content)


def test_a_path_that_climbs_out_is_only_a_name(read: Read, tmp_path: Path) -> None:
    files = {
        "../../climbed.fit": ride(),
        "/etc/climbed.fit": ride(30),
        "C:\\climbed.gpx": b"no",
        "\x1b[31m.fit": b"no",
    }
    before = sorted(tmp_path.parent.rglob("climbed*"))
    found = read(zipped(files), str(tmp_path / "x.zip"))
    assert len(raw_of(found)) == 2
    assert sorted(tmp_path.parent.rglob("climbed*")) == before
    assert all(reason.isprintable() for reason in reasons_of(found))
    assert len(reasons_of(found)) == 2


def refused(content: bytes, **limits: int) -> str:
    (reason,) = reasons_of(
        list(FilesProvider(FilesSettings(**limits)).read_upload("x.zip", io.BytesIO(content)))
    )
    return reason


def test_a_bomb_in_a_zip_meets_the_ratio() -> None:
    assert "zip bomb" in refused(zipped({"bomb.gpx": gpx() + bytes(30_000_000)}))


def test_a_bomb_in_gzip_meets_the_size() -> None:
    bomb = gzip.compress(gpx() + bytes(3_000_000))
    assert "more than 2 MB" in refused(bomb, max_xml_megabytes=2, max_fit_megabytes=1)
    assert "more than 2 MB" in refused(zipped({"a.gpx.gz": bomb}), max_xml_megabytes=2, max_fit_megabytes=1)


def test_all_that_is_unpacked_meets_a_limit_and_what_came_before_stays() -> None:
    many = zipped({f"{number}.bin.gpx": ride(60 + number) + bytes(300_000) for number in range(9)})
    provider = FilesProvider(FilesSettings(max_unpacked_megabytes=1))
    found = list(provider.read_upload("x.zip", io.BytesIO(many)))
    assert len(raw_of(found)) == 3
    assert "unpacks to more than 1 MB" in reasons_of(found)[-1]


def test_too_many_entries_meet_a_limit() -> None:
    many = zipped({f"{number}.fit": b"x" for number in range(30)})
    assert "the limit is 20" in refused(many, max_archive_entries=20)
    nested = zipped(
        {f"{number}.zip": zipped({f"{each}.txt": b"" for each in range(9)}) for number in range(5)}
    )
    assert "more than 20 files" in refused(nested, max_archive_entries=20)


def test_a_directory_that_lies_about_its_size_is_refused() -> None:
    lying = bytearray(zipped({"a.fit": ride()}))
    struct.pack_into("<I", lying, lying.rfind(b"PK\x05\x06") + 12, 0xFFFFFF00)
    assert "x.zip: The archive is damaged: its directory is larger" in refused(bytes(lying))


def test_names_that_are_too_long_meet_a_limit_of_their_own() -> None:
    reason = refused(zipped({f"{'a' * 400}.fit": ride()}), max_archive_entries=1)
    assert "The names of the archive's files take 450 bytes; the limit is 400" in reason


def test_archives_in_archives_end_somewhere(read: Read) -> None:
    content = zipped({"a.fit": ride()})
    for _ in range(2):
        content = zipped({"inner.zip": content})
    assert len(raw_of(read(content, "x.zip"))) == 1
    for _ in range(3):
        content = zipped({"inner.zip": content})
    (reason,) = reasons_of(read(content, "x.zip"))
    assert "inside each other" in reason


def test_a_locked_or_damaged_member_blocks_no_other(read: Read) -> None:
    content = bytearray(zipped({"a.fit": ride(), "b.fit": ride(30), "c.fit": ride(40)}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        locked, damaged = archive.getinfo("a.fit"), archive.getinfo("b.fit")
    content[damaged.header_offset + 60] ^= 0xFF
    directory = content.find(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert locked.header_offset == 0
    found = read(bytes(content), "x.zip")
    assert len(raw_of(found)) == 1
    first, second = reasons_of(found)
    assert "password" in first
    assert second.startswith("b.fit: The archive is damaged here")


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_not_read(packing: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.writestr("a.fit", ride())
    assert "ordinary zip" in refused(packed.getvalue())


class Endless(io.RawIOBase):
    """An upload without end, which cannot be read back: 10 GB and more."""

    def __init__(self, begin: bytes) -> None:
        self._begin = begin
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "reads without a bound"
        piece, self._begin = self._begin[:size], self._begin[size:]
        piece += bytes(size - len(piece))
        self.read_bytes += len(piece)
        assert self.read_bytes < 5_000_000, "reads far beyond its limit"
        return piece


@pytest.mark.parametrize(
    "begin",
    [ride()[:300], gzip.compress(ride())[:100], zipped({"a.fit": ride()}), gpx(), b"?"],
    ids=["fit", "gzip", "zip", "gpx", "unknown"],
)
def test_an_upload_without_end_meets_a_limit(begin: bytes) -> None:
    limits = FilesSettings(max_fit_megabytes=1, max_xml_megabytes=2, max_archive_megabytes=3)
    endless: BinaryIO = Endless(begin)  # type: ignore[assignment]
    (found,) = FilesProvider(limits).read_upload("endless", endless)
    assert isinstance(found, BrokenRecord)
    assert len(found.document.body) <= 4096


def test_an_archive_that_cannot_be_read_back_is_read_all_the_same(provider: FilesProvider) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    assert len(raw_of(list(provider.read_upload("x.zip", Pipe(strava()))))) == 3


KINDS: Mapping[str, Callable[[int], bytes]] = {
    "fit": lambda number: ride(10 + number),
    "fit.gz": lambda number: gzip.compress(ride(10 + number), mtime=0),
    "tcx": lambda number: tcx(tcx_activity(begin=number * 100)),
    "gpx": lambda number: gpx(creator=f"tests {number}"),
    "zip.fit": lambda number: zipped({"a.fit": ride(10 + number)}),
    "broken.fit": lambda number: ride(10 + number)[:-1],
    "txt": lambda number: b"hello" * number,
}


@settings(max_examples=25, deadline=None)
@given(kinds=st.lists(st.sampled_from(sorted(KINDS)), max_size=8), nested=st.booleans())
def test_every_file_of_an_archive_is_accounted_for(kinds: list[str], nested: bool) -> None:
    files = {f"{number}.{kind}": KINDS[kind](number) for number, kind in enumerate(kinds)}
    content = zipped({"inner.zip": zipped(files)} if nested else files)
    found = list(FilesProvider(FilesSettings()).read_upload("x.zip", io.BytesIO(content)))
    broken = [name for name in files if name.endswith("broken.fit")]
    sound = [name for name in files if not name.endswith(("broken.fit", "txt"))]
    assert [reason.partition(":")[0] for reason in reasons_of(found)] == (
        broken if broken + sound else ["x.zip"]
    )
    bodies = [ride(10 + int(name.split(".")[0])) if "zip" in name else files[name] for name in sound]
    assert [each.documents[0].body for each in raw_of(found)] == bodies
    assert len({each.external_id for each in raw_of(found)}) == len(sound)
