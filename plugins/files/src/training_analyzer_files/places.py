"""Where in an upload a file lies, and what its name alone says."""

from dataclasses import dataclass, field
from typing import Final

from training_analyzer_files.exports import Export

_RECORDINGS: Final = (".fit", ".tcx", ".gpx", ".fit.gz", ".tcx.gz", ".gpx.gz")
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an upload a file lies."""

    path: str
    export: Export = field(default_factory=Export)
    in_archive: bool = False
    depth: int = 0

    @property
    def shown(self) -> str:
        """The path as a message may show it."""
        shown = "".join(letter if letter.isprintable() else "?" for letter in self.path)
        return shown if len(shown) <= _LONGEST_NAME else f"…{shown[-_LONGEST_NAME:]}"

    @property
    def matters(self) -> bool:
        """What is not called a recording, in an archive, is passed over in silence if it is none."""
        return not self.in_archive or self.path.lower().endswith((*_RECORDINGS, ".zip", ".zip.gz"))

    @property
    def is_one_recording(self) -> bool:
        """In an archive, what is called a recording counts as one file, whatever it holds."""
        return self.in_archive and is_called_recording(self.path)

    def inside(self, name: str) -> "Place":
        """The place of a file in the archive that lies here."""
        return Place(f"{self.path}/{name}", self.export, in_archive=True, depth=self.depth + 1)


def is_called_recording(name: str) -> bool:
    return name.lower().endswith(_RECORDINGS)


def is_hidden(name: str) -> bool:
    """Tell whether a file is the system's own. Archives have files by the ten thousand: no path is made."""
    return last_of(name).startswith(".") or "__MACOSX" in name.split("/")


def last_of(name: str) -> str:
    """Return the last part of a path in an archive."""
    return name.rpartition("/")[2]
