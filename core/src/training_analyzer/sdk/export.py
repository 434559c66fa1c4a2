"""Activities as files that other programs read: what a plugin implements that can write them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.values import Value
from training_analyzer.sdk.provider import RawDocument


class ExportFormat(Value):
    """A format of files. `name` is what athletes ask for, and the end of a file's name."""

    name: str
    media_type: str


class ExportedFile(Value):
    """A file for an athlete. `suffix` begins with a dot, or is empty."""

    media_type: str
    suffix: str
    content: bytes


class SupportsExport(ABC):
    """A provider that can write any activity as a file, whoever recorded it."""

    export_formats: tuple[ExportFormat, ...]
    """What it can write."""

    @abstractmethod
    def export(self, activity: Activity, format_name: str) -> ExportedFile:
        """
        Write the activity in one of `export_formats`. Pure: the same bytes every time.

        Raises `BadData` where the format cannot hold it.
        """


class SupportsOriginals(ABC):
    """A provider whose documents hold the file that the athlete once had."""

    @abstractmethod
    def original(self, documents: Sequence[RawDocument]) -> ExportedFile | None:
        """Return the file, byte for byte as received; None where these documents hold none."""
