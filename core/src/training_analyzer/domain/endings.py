"""How names of files end, by what is in them."""

import mimetypes
from collections.abc import Mapping
from typing import Final

_OF_RECORDINGS: Final[Mapping[str, str]] = {
    "application/vnd.ant.fit": ".fit",
    "application/vnd.garmin.tcx+xml": ".tcx",
    "application/gpx+xml": ".gpx",
}
"""What the standard library does not know, and every program that athletes use does."""
_PACKED: Final = "+gzip"


def ending_of(media_type: str) -> str:
    """Return the ending of a file of this media type, `.bin` for one that nobody knows."""
    kind = media_type.removesuffix(_PACKED)
    ending = _OF_RECORDINGS.get(kind) or mimetypes.guess_extension(kind) or ".bin"
    return ending + (".gz" if kind != media_type else "")
