"""Taking bytes out of streams and gzip members, and never more of them than allowed."""

import zlib
from typing import BinaryIO

from training_analyzer.sdk import BadData
from training_analyzer_files.errors import LimitReached
from training_analyzer_files.settings import MEGABYTE

PIECE = 1 << 18
_GZIP = 31  # zlib's code for a gzip member with header and checksum


def read_at_most(stream: BinaryIO, limit: int, *, already: bytes = b"") -> bytes:
    """Read the rest of a stream. Raises `LimitReached` as soon as it is longer than `limit`."""
    pieces, size = [already], len(already)
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > limit:
            raise LimitReached(too_large(limit))
        pieces.append(piece)
    if size > limit:
        raise LimitReached(too_large(limit))
    return b"".join(pieces)


def gunzip(packed: bytes, limit: int) -> bytes:
    """Unpack gzip, all members of it. Raises `LimitReached`, or `BadData` where it is damaged."""
    pieces: list[bytes] = []
    size, rest = 0, packed
    while rest[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(wbits=_GZIP)
        while not member.eof:
            try:
                piece = member.decompress(rest, PIECE)
            except zlib.error as error:
                raise BadData("The gzip packing is damaged. Export or download the file again.") from error
            rest = member.unconsumed_tail
            size += len(piece)
            if size > limit:
                raise LimitReached(too_large(limit))
            pieces.append(piece)
            if not piece and not rest and not member.eof:
                raise BadData("The gzip packing ends too early: the file is cut off. Download it again.")
        rest = member.unused_data
    return b"".join(pieces)


def too_large(limit: int) -> str:
    return f"The file holds more than {limit // MEGABYTE} MB unpacked, which is the limit for one recording."
