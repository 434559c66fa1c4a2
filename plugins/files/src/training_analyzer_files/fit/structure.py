"""
The structure of a FIT file, walked without decoding a value.

It says in plain words what is wrong with a broken file, bounds what a hostile one can cost, and makes
the excerpt (everything but points) that is decoded by itself. It also finds the points: where they lie,
thousands of one shape behind one another.

A file is a header (12 bytes; since 2.0 with a checksum, 14), messages, and a checksum; several may
stand one after another. A message is a definition (which fields, how long) or data of a defined kind.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import BadData
from training_analyzer_files.errors import LimitReached
from training_analyzer_files.fit.checksum import checksum
from training_analyzer_files.settings import FilesSettings

FILE_ID, SPORT, SESSION, LAP, RECORD, EVENT, DEVICE_INFO, ACTIVITY = 0, 12, 18, 19, 20, 21, 23, 34
LENGTH, HEART_RATES, FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 101, 132, 206, 207
EXCERPTED = frozenset(
    {FILE_ID, SPORT, SESSION, LAP, EVENT, DEVICE_INFO, ACTIVITY, LENGTH, HEART_RATES} | {DEVELOPER_DATA_ID}
)
"""Global message numbers of the FIT profile."""

_BASE_TYPES = frozenset(
    {0x00, 0x01, 0x02, 0x83, 0x84, 0x85, 0x86, 0x07, 0x88, 0x89, 0x0A, 0x8B, 0x8C, 0x0D, 0x8E, 0x8F, 0x90}
)
_HEADER = struct.Struct("<BBHI4s")
_COMPRESSED, _DEFINITION, _DEVELOPER = 0x80, 0x40, 0x20
_MOST_EXCERPTED_VALUES = 2_000_000  # a thousand laps of a hundred fields are a hundred thousand
_VALUES_PER_POINT = 10  # of the longest recording that is allowed; a day's points may hold a hundred each
_MOST_AT_ONCE = 4096
_MOST_RUNS = 1024  # of points that are alike; a file of more is no table
CUT_OFF = "The file is cut off: it ends before its own header says. Download or export it again."


@dataclass(slots=True)
class Structure:
    """What stands in a file: how often each kind of message, its excerpt, and all of it, well-formed."""

    excerpt: bytes = b""
    """Without the descriptions of developers' fields, as `native`: the decoder then passes over these."""
    descriptions: bytes = b""
    """Those alone."""
    whole: bytes = b""
    native: bytes = b""
    messages: dict[int, int] = field(default_factory=dict)
    points: list["Run"] = field(default_factory=list)
    """Not all of them, where they lie in very many pieces."""


@dataclass(frozen=True, slots=True)
class Run:
    """Points of one shape, one behind another."""

    definition: bytes
    """The fields as they are defined, from the byte order on."""
    header: int
    """Of each point; it holds its time where it is a compressed one."""
    data: bytes
    begin: int
    count: int
    stride: int


def structure_of(content: bytes, limits: FilesSettings) -> Structure:
    """Walk the file. Raises `BadData` where it is broken, `LimitReached` where it holds too much."""
    found = Structure()
    for header, data, stored in _sequences(content):
        walk = _Walk(data, limits, found.messages, found.points)
        found.excerpt += sequence(walk.excerpt())
        is_sound = len(header) == _HEADER.size + 2 and checksum(header) == 0
        whole = header + data + stored if is_sound else sequence(data)
        found.whole += whole
        if walk.descriptions:
            found.descriptions += sequence(b"".join(walk.descriptions))
        found.native += sequence(walk.native()) if walk.descriptions else whole
    return found


def sequence(data: bytes) -> bytes:
    """
    Return messages as a FIT file, with a header and checksums that are right.

    Files are written anew like this before they are decoded where the header has no checksum: old devices
    left it out, as the protocol permits, and the decoder does not know.
    """
    header = _HEADER.pack(14, 0x20, 0, len(data), b".FIT")
    return header + struct.pack("<H", checksum(header)) + data + struct.pack("<H", checksum(data))


def _sequences(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield header, messages and checksum of each file that stands in this one."""
    position = 0
    while position == 0 or content[position + 8 : position + 12] == b".FIT":
        if len(content) < position + _HEADER.size:
            raise BadData(CUT_OFF)
        length, _, _, size, magic = _HEADER.unpack_from(content, position)
        if magic != b".FIT" or length not in {12, 14}:
            raise BadData("This is no FIT file.")
        begin, end = position + length, position + length + size
        if not size:
            raise BadData("The recording was never finished: the device wrote no length into its header.")
        if len(content) < end + 2:
            raise BadData(CUT_OFF)
        header, data, stored = content[position:begin], content[begin:end], content[end : end + 2]
        if checksum(data, checksum(header)) != int.from_bytes(stored, "little"):
            raise BadData(
                "The checksum is wrong: the file was damaged on its way or on its disk. "
                "Download or export it again."
            )
        yield header, data, stored
        position = end + 2


def _local(header: int) -> int:
    """Return the number of the definition that a message is of."""
    return header >> 5 & 0x03 if header & _COMPRESSED else header & 0x0F


@dataclass(slots=True)
class _Walk:
    data: bytes
    limits: FilesSettings
    counts: dict[int, int]
    points: list[Run]
    octets: NDArray[np.uint8] = field(init=False)
    descriptions: list[bytes] = field(default_factory=list)
    """Of developers' fields: each message with its definition."""
    described: list[slice] = field(default_factory=list)
    """Where they lie."""

    def __post_init__(self) -> None:
        self.octets = np.frombuffer(self.data, np.uint8)

    def excerpt(self) -> bytes:
        """Return definitions and excerpted messages, and count all."""
        data, end, counts = self.data, len(self.data), self.counts
        definitions: list[tuple[int, int, int, bytes] | None] = [None] * 16
        pieces: list[bytes] = []
        position, kept_from = 0, 0
        values, excerpted = _VALUES_PER_POINT * self.limits.max_points, _MOST_EXCERPTED_VALUES
        while position < end:
            header = data[position]
            if header & (_COMPRESSED | _DEFINITION) == _DEFINITION:
                definitions[header & 0x0F], position = self._definition(position, header)
                values -= 1
                continue
            definition = definitions[_local(header)]
            if definition is None:
                raise BadData("The file is damaged: a message comes before its definition.")
            number, size, fields, defined = definition
            alike = self._alike(position, 1 + size)
            counts[number] = counts.get(number, 0) + alike
            after = position + alike * (1 + size)
            values -= alike * fields
            self._remember(number, defined, slice(position, after), alike)
            if number in EXCERPTED or number == FIELD_DESCRIPTION:
                excerpted -= alike * fields
            if number not in EXCERPTED:
                if kept_from < position:
                    pieces.append(data[kept_from:position])
                kept_from = after
            position = after
            if values < 0 or excerpted < 0 or counts.get(RECORD, 0) > self.limits.max_points:
                raise LimitReached(
                    "The file holds more than a recording can: "
                    f"the limit is {self.limits.max_points:,} points, and so many values as those could hold."
                )
        if position > end:
            raise BadData("The file is damaged: its last message is cut off.")
        pieces.append(data[kept_from:])
        return b"".join(pieces)

    def _remember(self, number: int, defined: bytes, place: slice, count: int) -> None:
        """Remember where points and descriptions of developers' fields lie, and how they are defined."""
        header = self.data[place.start]
        if number == RECORD and len(self.points) < _MOST_RUNS:
            stride = (place.stop - place.start) // count
            self.points.append(Run(defined, header, self.data, place.start, count, stride))
        elif number == FIELD_DESCRIPTION:
            has_more = len(defined) > 4 + 3 * defined[3]  # developers' fields of its own
            begins = _DEFINITION | _local(header) | (_DEVELOPER if has_more else 0)
            self.descriptions += (bytes((begins, 0)), defined, self.data[place])
            self.described.append(place)

    def native(self) -> bytes:
        """Return the messages without descriptions of developers' fields."""
        begins = [0, *(one.stop for one in self.described)]
        ends = [*(one.start for one in self.described), len(self.data)]
        return b"".join(self.data[begin:end] for begin, end in zip(begins, ends, strict=True))

    def _alike(self, position: int, stride: int) -> int:
        """Return how many messages with the same header follow one another: points do so by the thousand."""
        data, end = self.data, len(self.data)
        if position + 2 * stride > end or data[position + stride] != data[position]:
            return 1
        last = min(end - stride, position + _MOST_AT_ONCE * stride)
        headers = self.octets[position : last + 1 : stride]
        others = np.flatnonzero(headers != headers[0])
        return int(others[0]) if others.size else int(headers.size)

    def _definition(self, position: int, header: int) -> tuple[tuple[int, int, int, bytes], int]:
        """Return a message's number, the size of its data, its number of values, itself; where it ends."""
        data = self.data
        if position + 6 > len(data):
            raise BadData("The file is damaged: its last message is cut off.")
        order: Literal["big", "little"] = "big" if data[position + 2] == 1 else "little"
        number = int.from_bytes(data[position + 3 : position + 5], order)
        begin = position + 6
        after = begin + 3 * data[position + 5]
        if not _BASE_TYPES.issuperset(data[begin + 2 : after : 3]):
            raise BadData("The file is damaged: a field is of a type that does not exist.")
        size, fields = sum(data[begin + 1 : after : 3]), data[position + 5]
        if header & _DEVELOPER and after < len(data):
            begin = after + 1
            fields += data[after]
            after = begin + 3 * data[after]
            size += sum(data[begin + 1 : after : 3])
        return (number, size, 1 + fields, data[position + 2 : after]), after
