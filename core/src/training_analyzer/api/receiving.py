"""
A multipart body as it arrives: each part that has a file name is a file, handed on in pieces.

Nothing is kept that is larger than a piece, neither in memory nor on a disk.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

LONGEST_HEADER: Final = 16 * 1024


class Malformed(Exception):
    """The body is no multipart form with files. The message says what was wrong."""


@dataclass(frozen=True, slots=True)
class Begins:
    """A file begins."""

    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """The next bytes of the file that began last."""

    body: bytes


Arrival = Begins | Piece


@dataclass(slots=True)
class _Collected:
    """What the parser has told since it was last asked."""

    arrivals: list[Arrival] = field(default_factory=list)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    headers: dict[str, str] = field(default_factory=dict)
    is_file: bool = False
    is_whole: bool = False

    def on_part_begin(self) -> None:
        self.headers, self.is_file = {}, False

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self.name += data[start:end]
        self._check_headers()

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]
        self._check_headers()

    def on_header_end(self) -> None:
        self.headers[self.name.decode("latin-1").lower()] = self.value.decode("utf-8", errors="replace")
        self.name.clear()
        self.value.clear()

    def on_headers_finished(self) -> None:
        disposition = Message()
        disposition["content-disposition"] = self.headers.get("content-disposition", "")
        name = disposition.get_filename()
        self.is_file = name is not None
        if name is not None:
            self.arrivals.append(Begins(name))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self.is_file:
            self.arrivals.append(Piece(data[start:end]))

    def on_end(self) -> None:
        self.is_whole = True

    def _check_headers(self) -> None:
        if len(self.name) + len(self.value) > LONGEST_HEADER:
            raise Malformed("A header of a part is longer than any file name.")


async def arrivals(content_type: str, stream: AsyncIterator[bytes]) -> AsyncIterator[Arrival]:
    """Yield files as they arrive. Raises Malformed, also where the body ends too early."""
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise Malformed("Send files as `multipart/form-data`, as `curl -F file=@ride.fit` does.")
    collected = _Collected()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collected.on_part_begin,
                "on_header_field": collected.on_header_field,
                "on_header_value": collected.on_header_value,
                "on_header_end": collected.on_header_end,
                "on_headers_finished": collected.on_headers_finished,
                "on_part_data": collected.on_part_data,
                "on_end": collected.on_end,
            },
        )
        async for chunk in stream:
            parser.write(chunk)
            arrived, collected.arrivals = collected.arrivals, []
            for arrival in arrived:
                yield arrival
    except (FormParserError, UnicodeEncodeError) as error:  # the second: of a boundary in foreign letters
        raise Malformed(f"The body is no multipart form: {error}.") from error
    if not collected.is_whole:
        raise Malformed("The body ended before the form did: some of it did not arrive. Send it again.")
