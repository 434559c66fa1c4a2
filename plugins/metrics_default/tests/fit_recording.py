"""A reader of FIT files for tests: the `record` messages, as columns, and nothing else."""

import struct
from pathlib import Path
from typing import Final

import numpy as np

from training_analyzer.sdk import Channel, Samples

TIMESTAMP: Final = 253
RECORD: Final = 20
FIELDS: Final = {
    # Number in the message `record`: channel, scale, offset. As the FIT profile has them.
    2: (Channel.ALTITUDE_M, 5.0, 500.0),
    3: (Channel.HEART_RATE_BPM, 1.0, 0.0),
    4: (Channel.CADENCE_RPM, 1.0, 0.0),
    5: (Channel.DISTANCE_M, 100.0, 0.0),
    6: (Channel.SPEED_MPS, 1000.0, 0.0),
    7: (Channel.POWER_W, 1.0, 0.0),
    73: (Channel.SPEED_MPS, 1000.0, 0.0),
    78: (Channel.ALTITUDE_M, 5.0, 500.0),
}
FORMATS: Final = {0x00: "B", 0x01: "b", 0x02: "B", 0x83: "h", 0x84: "H", 0x85: "i", 0x86: "I"}
INVALID: Final = {"B": 0xFF, "b": 0x7F, "h": 0x7FFF, "H": 0xFFFF, "i": 0x7FFFFFFF, "I": 0xFFFFFFFF}

Layout = tuple[int, str, list[tuple[int, int, int]], int]


def read_fit(path: Path) -> Samples:
    """Return the recording: of records at one moment the last one, and none that goes back in time."""
    rows: list[dict[int, float]] = []
    body = path.read_bytes()
    position = body[0]
    end = position + int(struct.unpack_from("<I", body, 4)[0])
    layouts: dict[int, Layout] = {}
    clock = 0
    while position < end:
        header = body[position]
        position += 1
        if not header & 0x80 and header & 0x40:
            layouts[header & 0x0F], position = _layout(body, position, developer=bool(header & 0x20))
            continue
        kind = (header >> 5) & 0x03 if header & 0x80 else header & 0x0F
        number, order, fields, size = layouts[kind]
        row = _row(body, position, order, fields)
        position += size
        if header & 0x80:
            clock += ((header & 0x1F) - clock) & 0x1F
        else:
            clock = int(row.get(TIMESTAMP, clock))
        if number == RECORD:
            rows.append({**row, TIMESTAMP: clock})
    return _samples(rows)


def _layout(body: bytes, position: int, *, developer: bool) -> tuple[Layout, int]:
    order = ">" if body[position + 1] else "<"
    number, count = struct.unpack_from(f"{order}HB", body, position + 2)
    position += 5
    fields: list[tuple[int, int, int]] = []
    for _ in range(count):
        fields.append((body[position], body[position + 1], body[position + 2]))
        position += 3
    size = sum(length for _, length, _ in fields)
    if developer:
        own = body[position]
        size += sum(body[position + 2 + 3 * index] for index in range(own))
        position += 1 + 3 * own
    return (number, order, fields, size), position


def _row(body: bytes, position: int, order: str, fields: list[tuple[int, int, int]]) -> dict[int, float]:
    row: dict[int, float] = {}
    for number, length, kind in fields:
        code = FORMATS.get(kind)
        if code is not None and struct.calcsize(code) == length:
            reading = struct.unpack_from(order + code, body, position)[0]
            if reading != INVALID[code]:
                row[number] = float(reading)
        position += length
    return row


def _samples(rows: list[dict[int, float]]) -> Samples:
    moments: dict[float, dict[int, float]] = {}
    for row in rows:
        if not moments or row[TIMESTAMP] >= next(reversed(moments)):
            moments.setdefault(row[TIMESTAMP], {}).update(row)
    seconds = np.array(list(moments))
    channels = {channel: np.full(seconds.size, np.nan) for channel, _, _ in FIELDS.values()}
    for index, row in enumerate(moments.values()):
        for number, (channel, scale, offset) in FIELDS.items():
            if number in row:
                channels[channel][index] = row[number] / scale - offset
    present = {name: column for name, column in channels.items() if not np.isnan(column).all()}
    return Samples(seconds - seconds[0], present)
