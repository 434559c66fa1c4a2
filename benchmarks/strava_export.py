"""A made-up bulk export as Strava hands it out: years of rides and runs, some of them broken."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from training_analyzer_files.fit.structure import sequence

FIRST: Final = datetime(2020, 1, 1, 6, tzinfo=UTC)
FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC).timestamp()
HEADINGS: Final = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,"
    "Filename,Elapsed Time,Distance"
)
POINT: Final = np.dtype(
    [
        *(("header", "u1"), ("at", "<u4"), ("latitude", "<i4"), ("longitude", "<i4"), ("distance", "<u4")),
        *(("altitude", "<u2"), ("speed", "<u2"), ("power", "<u2"), ("heart_rate", "u1"), ("cadence", "u1")),
    ]
)
FIELDS: Final = ((253, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), (5, 4, 0x86), (2, 2, 0x84), (6, 2, 0x84))
MORE_FIELDS: Final = ((7, 2, 0x84), (3, 1, 0x02), (4, 1, 0x02))
SEMICIRCLES: Final = 2**31 / 180


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the export. `broken`: what its reason has to say; empty where it is sound."""

    number: int
    name: str
    sport: str
    started_at: datetime
    seconds: int
    content: bytes
    broken: str = ""


def made(activities: int, *, first: int = 0, minutes: int = 60) -> Iterator[Made]:
    """Make the files one by one, from `first` on: the same every time, each different from the others."""
    for number in range(first, activities):
        chance = np.random.default_rng(number)
        seconds = int(minutes * 60 * chance.uniform(0.5, 1.5))
        started_at = FIRST + timedelta(days=number, minutes=int(chance.integers(0, 600)))
        sport = "Run" if number % 3 == 1 else "Ride"
        content = ride(started_at, seconds, chance, sport=sport)
        name, broken = f"activities/{number:05}.fit.gz", ""
        match number % 50:
            case 7:
                content, broken = content[: len(content) // 2], "cut off"
            case 17:
                content = content[:-9] + bytes([content[-9] ^ 0x55]) + content[-8:]
                broken = "checksum is wrong"
            case 27:
                content, broken = settings_file(), "no activity"
            case 37:
                name, content, broken = f"activities/{number:05}.fit", b"\x89PNG\r\n not a ride", "picture"
            case 47:
                name, content, broken = f"activities/{number:05}.fit", b"", "empty"
        packed = gzip.compress(content, 1, mtime=0) if name.endswith(".gz") else content
        yield Made(number, name, sport, started_at, seconds, packed, broken)


def ride(started_at: datetime, seconds: int, chance: np.random.Generator, *, sport: str) -> bytes:
    """Make a FIT file of one reading a second, with power, heart rate and places."""
    begin = int(started_at.timestamp() - FIT_EPOCH)
    points = np.zeros(seconds, POINT)
    along = np.arange(seconds)
    speed = 8.0 + np.sin(along / 300) + chance.normal(0, 0.2, seconds)
    distance = np.cumsum(speed)
    points["header"] = 1
    points["at"] = begin + along
    points["latitude"] = (47 + chance.uniform() + distance / 111_000 * 0.5) * SEMICIRCLES
    points["longitude"] = (8 + np.sin(along / 2000) * 0.05) * SEMICIRCLES
    points["distance"] = distance * 100
    points["altitude"] = (500 + 50 * np.sin(along / 900) + 500) * 5
    points["speed"] = speed * 1000
    points["power"] = np.clip(200 + 60 * np.sin(along / 60) + chance.normal(0, 30, seconds), 0, 900)
    points["heart_rate"] = np.clip(140 + 15 * np.sin(along / 200) + chance.normal(0, 2, seconds), 90, 190)
    points["cadence"] = 85
    total = int(seconds * 1000)
    session = _message(
        18,
        2,
        (253, 4, 0x86, begin + seconds),
        (2, 4, 0x86, begin),
        (7, 4, 0x86, total),
        (8, 4, 0x86, total),
        (9, 4, 0x86, int(distance[-1] * 100)),
        (5, 1, 0x00, 1 if sport == "Run" else 2),
    )
    return sequence(_file_id(4) + _definition(20, 1, *FIELDS, *MORE_FIELDS) + points.tobytes() + session)


def settings_file() -> bytes:
    return sequence(_file_id(2))


def write(path: Path, activities: int, *, minutes: int = 60) -> list[Made]:
    """Write the export as a zip archive; return what is in it, without the contents."""
    rows = [HEADINGS]
    listed: list[Made] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for one in made(activities, minutes=minutes):
            archive.writestr(zipfile.ZipInfo(one.name), one.content)
            when = f'"{one.started_at:%b} {one.started_at.day}, {one.started_at:%Y, %I:%M:%S %p}"'
            values = (one.number, when, f"Session {one.number}", one.sport, "", one.seconds, 1, one.name)
            rows.append(",".join(map(str, (*values, one.seconds, 1000))))
            listed.append(Made(one.number, one.name, one.sport, one.started_at, one.seconds, b"", one.broken))
        archive.writestr(zipfile.ZipInfo("activities.csv"), "\n".join(rows))
        archive.writestr(zipfile.ZipInfo("media/photo.jpg"), b"\xff\xd8\xff not for us")
    return listed


def _file_id(kind: int) -> bytes:
    return _message(0, 0, (0, 1, 0x00, kind), (1, 2, 0x84, 1))


def _message(number: int, local: int, *fields: tuple[int, int, int, int]) -> bytes:
    data = b"".join(value.to_bytes(size, "little") for _, size, _, value in fields)
    return _definition(number, local, *(field[:3] for field in fields)) + bytes([local]) + data


def _definition(number: int, local: int, *fields: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    out.write(bytes([0x40 | local, 0, 0]) + number.to_bytes(2, "little") + bytes([len(fields)]))
    for field in fields:
        out.write(bytes(field))
    return out.getvalue()
