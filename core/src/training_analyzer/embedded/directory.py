"""
The data directory of the embedded servers: where it lies, who holds it, and where the sockets go.

    lock         held by the process that started the servers; holds its pid and the sockets' folder
    running      held by the servers themselves (they inherit it): free once the last of them has ended
    postgres/    PostgreSQL's data          log/         one log per server, and the one of the run before
    run/         sockets, while running     programs/    a copy of the programs, only where needed

Both locks are the kernel's (flock), so no death leaves one behind. Folders that were there before us keep
their modes and owners.
"""

import fcntl
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from training_analyzer.embedded.account import ServerAccount
from training_analyzer.embedded.descriptors import OwnDescriptor
from training_analyzer.embedded.errors import DataDirectoryInUse, DataDirectoryUnusable

CLUSTER = "postgres"
LOCK = "lock"
SYSTEM_DIRECTORY = Path("/var/lib/training-analyzer")
LONGEST_SOCKET_DIRECTORY = 80
"""Bytes. A socket's path holds 103 on macOS, 107 on Linux (sun_path), and the socket's name needs some."""
EARLIER_SERVERS_S = 60.0
"""How long servers whose owner was killed may take to end; they are told at once."""


@dataclass(frozen=True)
class Site:
    """What the servers on one data directory share; `account` None means that they run as ourselves."""

    directory: Path
    socket_directory: Path
    account: ServerAccount | None
    running: OwnDescriptor
    remove_if_orphaned: tuple[Path, ...]

    @property
    def cluster(self) -> Path:
        return self.directory / CLUSTER

    @property
    def program_copies(self) -> Path:
        return self.directory / "programs"


def default_data_directory() -> Path:
    """Give the place for a user's data, or the system's when root asks (the servers cannot enter /root)."""
    if os.geteuid() == 0:
        return SYSTEM_DIRECTORY
    data_home = os.environ.get("XDG_DATA_HOME", "")
    # a relative path must be ignored, says the XDG Base Directory Specification
    return (
        Path(data_home) if data_home.startswith("/") else Path.home() / ".local/share"
    ) / "training-analyzer"


def make_folder(folder: Path) -> None:
    """Create the folder and its missing parents: private, but for root's, which the servers must enter."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        for path in reversed(missing):
            path.mkdir(mode=0o700)
            path.chmod(mode)  # whatever the umask took away
    except OSError as error:
        raise DataDirectoryUnusable(f"The data directory {folder} cannot be created: {error}.") from error
    if not folder.is_dir():
        raise DataDirectoryUnusable(f"The data directory {folder} is not a directory. Choose another one.")


def make_temporary_folder(account: ServerAccount | None) -> Path:
    """Create a folder with a short path that the servers can enter; remove it when done."""
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - mkdtemp below
    for parent in candidates:
        if parent.is_dir() and (account is None or account.may_enter(parent)):
            folder = Path(tempfile.mkdtemp(prefix="training-analyzer-", dir=parent))
            folder.chmod(0o700 if account is None else 0o711)
            return folder
    raise DataDirectoryUnusable(
        f"The servers' user may enter no temporary directory; tried {', '.join(map(str, candidates))}."
    )


def require_entry(folder: Path, account: ServerAccount | None) -> None:
    """Raise unless the servers' user can reach the folder."""
    if account is None or account.may_enter(folder):
        return
    barred = next(path for path in (*reversed(folder.parents), folder) if not account.may_enter(path))
    raise DataDirectoryUnusable(
        f"PostgreSQL does not run as root; it runs as the user '{account.name}', who may not enter {barred}. "
        f"So the data cannot lie in {folder}. Choose a directory that others may enter "
        f"(the default for root is {SYSTEM_DIRECTORY}), or start as an ordinary user."
    )


def hold(directory: Path) -> OwnDescriptor:
    """Lock the directory for this process until the descriptor is closed or the process ends."""
    lock = open_lock(directory / LOCK)
    if not _try_lock(lock):
        holder = os.pread(lock.fileno(), 32, 0).partition(b"\n")[0]
        lock.close()
        raise DataDirectoryInUse(directory, int(holder) if holder.isdigit() else None)
    _write(lock, f"{os.getpid()}\n")
    return lock


def empty(directory: Path) -> None:
    """Remove everything from a data directory that nobody uses; raise where somebody does."""
    lock = hold(directory)
    try:
        await_earlier_servers(directory).close()
        for entry in directory.iterdir():
            if entry.name == LOCK:  # who starts meanwhile has to meet this one
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    finally:
        lock.close()


def announce(lock: OwnDescriptor, socket_directory: Path) -> None:
    """Say in the lock that we hold where the servers are reached."""
    _write(lock, f"{os.getpid()}\n{socket_directory}\n")


def read_announcement(directory: Path) -> Path | None:
    """Give the sockets' folder of the last start on this directory, whether it still runs or not."""
    try:
        lines = (directory / LOCK).read_text().split("\n", 1)
    except OSError:
        return None
    return Path(lines[1].removesuffix("\n")) if lines[1:] and lines[1] else None


def _write(lock: OwnDescriptor, text: str) -> None:
    os.ftruncate(lock.fileno(), 0)
    os.pwrite(lock.fileno(), os.fsencode(text), 0)


def await_earlier_servers(directory: Path) -> OwnDescriptor:
    """Take the servers' own lock, waiting for those of an owner that has just been killed."""
    running = open_lock(directory / "running")
    deadline = time.monotonic() + EARLIER_SERVERS_S
    while not _try_lock(running):
        if time.monotonic() > deadline:
            running.close()
            postmaster = _postmaster_pid(directory)
            hint = f" PostgreSQL's pid is {postmaster}: kill -INT {postmaster} ends it." if postmaster else ""
            raise DataDirectoryUnusable(
                f"Servers of an earlier start still use {directory} and do not end.{hint} Then start again."
            )
        time.sleep(0.02)
    return running


def open_lock(file: Path) -> OwnDescriptor:
    try:
        return OwnDescriptor(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DataDirectoryUnusable(f"The data directory cannot be written: {error}.") from error


def _try_lock(lock: OwnDescriptor) -> bool:
    try:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _postmaster_pid(directory: Path) -> int | None:
    try:
        return int((directory / CLUSTER / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def give_to(account: ServerAccount | None, folder: Path) -> None:
    """Hand a folder that we have just created to the servers' user."""
    if account is not None:
        os.chown(folder, account.user_id, account.group_id)


def make_socket_folder(directory: Path, account: ServerAccount | None) -> Path:
    """Create the sockets' private folder: in the data directory, or elsewhere if that path does not fit."""
    folder = directory / "run"
    # libpq takes a comma in a host for the end of it
    if len(os.fsencode(folder)) > LONGEST_SOCKET_DIRECTORY or "," in str(folder):
        folder = make_temporary_folder(account)
        folder.chmod(0o700)
    else:
        shutil.rmtree(folder, ignore_errors=True)  # left by a start that was killed
        folder.mkdir(mode=0o700)
    give_to(account, folder)
    return folder


def fresh_log(directory: Path, name: str) -> Path:
    """Give the path for a server's log, keeping the log of the run before beside it."""
    folder = directory / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    log_file = folder / f"{name}.log"
    if log_file.exists():
        log_file.replace(folder / f"{name}.previous.log")
    return log_file
