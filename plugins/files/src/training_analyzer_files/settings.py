"""What a deployer may limit: how much of an upload is read before it is refused."""

from pydantic import PositiveInt

from training_analyzer.sdk import PluginSettings

MEGABYTE = 1_000_000


class FilesSettings(PluginSettings):
    """Generous for every honest file; what goes beyond meets a clear answer."""

    max_fit_megabytes: PositiveInt = 32
    """One FIT file. A day at one reading a second takes about five."""
    max_xml_megabytes: PositiveInt = 128
    """One TCX or GPX file, unpacked. A day at one reading a second takes about sixty."""
    max_points: PositiveInt = 1_000_000
    """Points of one recording: eleven days at one a second."""
    max_sessions: PositiveInt = 1000
    """Sessions of one file: tracks of a GPX file, as where a logger's years are exported as one."""
    max_archive_megabytes: PositiveInt = 20_000
    """An archive as it is received."""
    max_unpacked_megabytes: PositiveInt = 50_000
    """All that is unpacked from one archive, archives inside it included."""
    max_archive_entries: PositiveInt = 100_000
    """Files in one archive, archives inside it included."""
    max_compression_ratio: PositiveInt = 200
    """How many times its packed size a file may grow. Recordings reach about thirty."""

    @property
    def max_file_bytes(self) -> int:
        """The most that any single recording may hold."""
        return max(self.max_fit_megabytes, self.max_xml_megabytes) * MEGABYTE
