"""Files that the tests make themselves: a small FIT encoder, TCX, GPX, and zip archives."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from training_analyzer_files.fit.checksum import checksum

START = datetime(2026, 3, 2, 5, 6, 7, tzinfo=UTC)
FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)

ENUM, UINT8, UINT16, SINT32, UINT32, STRING, BYTE = 0x00, 0x02, 0x84, 0x85, 0x86, 0x07, 0x0D
_CODES = {ENUM: "B", UINT8: "B", UINT16: "H", SINT32: "i", UINT32: "I"}

FILE_ID, SPORT, SESSION, LAP, RECORD, EVENT, ACTIVITY, LENGTH = 0, 12, 18, 19, 20, 21, 34, 101
FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 206, 207

Field = tuple[int, int, int]
"""Number, base type, value as it stands in the file."""


def stamp(seconds: float) -> int:
    """Return a FIT time so many seconds after START."""
    return int((START - FIT_EPOCH).total_seconds() + seconds)


def message(number: int, *fields: Field, developer: Sequence[tuple[int, int]] = (), local: int = 0) -> bytes:
    """Encode a definition and its one message. `developer` holds field numbers and UINT16 values."""
    flag = 0x20 if developer else 0
    definition = bytes((0x40 | flag | local, 0, 0)) + struct.pack("<HB", number, len(fields))
    data = bytes((local,))
    for field, base, value in fields:
        packed = struct.pack("<" + _CODES[base], value)
        definition += bytes((field, len(packed), base))
        data += packed
    if developer:
        definition += bytes((len(developer),))
        for field, value in developer:
            definition += bytes((field, 2, 0))
            data += struct.pack("<H", value)
    return definition + data


def text_message(number: int, numbers: Sequence[Field], texts: Sequence[tuple[int, str]]) -> bytes:
    definition = bytes((0x40, 0, 0)) + struct.pack("<HB", number, len(numbers) + len(texts))
    data = b"\0"
    for field, base, value in numbers:
        packed = struct.pack("<" + _CODES[base], value)
        definition += bytes((field, len(packed), base))
        data += packed
    for field, text in texts:
        packed = text.encode() + b"\0"
        definition += bytes((field, len(packed), STRING))
        data += packed
    return definition + data


def fit(*messages: bytes, header_checksum: bool = True) -> bytes:
    """Join messages to a file with a header and checksums."""
    data = b"".join(messages)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(data), b".FIT")
    header += struct.pack("<H", checksum(header) if header_checksum else 0)
    return header + data + struct.pack("<H", checksum(header + data))


def file_id(kind: int = 4) -> bytes:
    return message(FILE_ID, (0, ENUM, kind), (1, UINT16, 1), (2, UINT16, 3113), (4, UINT32, stamp(0)))


def record(second: float, *fields: Field, developer: Sequence[tuple[int, int]] = ()) -> bytes:
    return message(RECORD, (253, UINT32, stamp(second)), *fields, developer=developer)


def session(second: float, elapsed_s: float, *fields: Field, sport: int = 2, sub_sport: int = 0) -> bytes:
    return message(
        SESSION,
        (253, UINT32, stamp(second + elapsed_s)),
        (2, UINT32, stamp(second)),
        (7, UINT32, int(elapsed_s * 1000)),
        (5, ENUM, sport),
        (6, ENUM, sub_sport),
        *fields,
    )


def timer(second: float, kind: int) -> bytes:
    """An event of the timer: 0 starts it, 4 stops it."""
    return message(EVENT, (253, UINT32, stamp(second)), (0, ENUM, 0), (1, ENUM, kind))


def ride_points(seconds: Iterable[float] = range(60)) -> bytes:
    """Points with power, heart rate, speed, distance and a place."""
    return b"".join(
        record(
            second,
            (7, UINT16, 200),
            (3, UINT8, 140),
            (6, UINT16, 8000),
            (5, UINT32, int(max(0, second) * 800) % 2**31),
            (2, UINT16, (430 + 500) * 5),
            (0, SINT32, int(47.0 / 180 * 2**31)),
            (1, SINT32, int(8.5 / 180 * 2**31)),
        )
        for second in seconds
    )


def ride(seconds: int = 60) -> bytes:
    """A FIT file of a ride: a point each second."""
    return fit(
        file_id(),
        timer(0, 0),
        ride_points(range(seconds)),
        timer(seconds, 4),
        session(0, seconds, (8, UINT32, seconds * 1000), (9, UINT32, seconds * 800), (20, UINT16, 200)),
    )


def moment(second: float) -> str:
    return (START + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


def trackpoint(second: float, distance_m: float | None = None) -> str:
    way = "" if distance_m is None else f"<DistanceMeters>{distance_m}</DistanceMeters>"
    return f"""<Trackpoint><Time>{moment(second)}</Time>
      <Position><LatitudeDegrees>47.0</LatitudeDegrees><LongitudeDegrees>8.5</LongitudeDegrees></Position>
      <AltitudeMeters>430.5</AltitudeMeters>{way}<HeartRateBpm><Value>140</Value></HeartRateBpm>
      <Extensions><x:TPX xmlns:x="ext"><x:Speed>3.0</x:Speed><x:RunCadence>85</x:RunCadence>
      <x:Watts>250</x:Watts></x:TPX></Extensions></Trackpoint>"""


def tcx(*activities: str, sport: str = "Running") -> bytes:
    inside = "".join(activities) or tcx_activity(sport=sport)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
    <Activities>{inside}</Activities></TrainingCenterDatabase>""".encode()


def tcx_activity(begin: float = 0, sport: str = "Running") -> str:
    points = "".join(trackpoint(begin + second, second * 3.0) for second in range(10))
    return f"""<Activity Sport="{sport}"><Id>{moment(begin)}</Id><Lap StartTime="{moment(begin)}">
    <TotalTimeSeconds>9</TotalTimeSeconds><DistanceMeters>27</DistanceMeters><Calories>3</Calories>
    <AverageHeartRateBpm><Value>139</Value></AverageHeartRateBpm>
    <MaximumHeartRateBpm><Value>141</Value></MaximumHeartRateBpm>
    <Track>{points}</Track></Lap><Creator><Name>A Watch</Name></Creator></Activity>"""


def gpx(*tracks: str, creator: str = "tests", before: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{before}
    <gpx xmlns="http://www.topografix.com/GPX/1/1" creator="{creator}" version="1.1">
    {"".join(tracks) or track()}</gpx>""".encode()


def track(begin: float = 0, kind: str = "running", seconds: Iterable[float] = range(10)) -> str:
    points = "".join(
        f"""<trkpt lat="{47 + second / 10000}" lon="8.5"><ele>430</ele><time>{moment(begin + second)}</time>
        <extensions><power>250</power><g:TrackPointExtension xmlns:g="g"><g:hr>140</g:hr><g:cad>85</g:cad>
        <g:atemp>12</g:atemp></g:TrackPointExtension></extensions></trkpt>"""
        for second in seconds
    )
    return f"<trk><name>Früh, kalt</name><type>{kind}</type><trkseg>{points}</trkseg></trk>"


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
