"""A dump is restored as the page on deploying says: over a database that is there, and into an empty one."""

import re
import subprocess
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.conftest import Deployment
from tests.core.storage.conftest import EmptyDatabase
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.embedded.programs import postgres_programs

DEPLOYING = Path(__file__).parents[3] / "docs" / "deploying.md"


def options_of(program: str) -> list[str]:
    """Return the options with which the page calls a program, but those that name the server's own."""
    line = next(line for line in DEPLOYING.read_text("utf-8").splitlines() if f" {program} " in line)
    options = re.findall(r"--[\w-]+(?:=\S+)?", line.split(program)[1])
    return [option for option in options if not option.startswith(("--username", "--dbname"))]


def run(program: str, tmp_path: Path, *arguments: str, fed: bytes = b"") -> bytes:
    binary = postgres_programs(None, tmp_path) / program
    done = subprocess.run(
        [binary, *options_of(program), *arguments], check=False, input=fed, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("is_empty", [False, True])
def test_what_was_dumped_is_back(
    deployment: Deployment,
    servers: EmbeddedServers,
    empty_database: EmptyDatabase,
    athlete_id: UUID,
    tmp_path: Path,
    is_empty: bool,
) -> None:
    ours = re.search(r"/(\w+)\?", deployment.database_url)
    assert ours is not None
    superuser = servers.database_superuser_url.replace("+psycopg", "")
    source = superuser.replace("/training_analyzer?", f"/{ours[1]}?")
    target = empty_database.database_superuser_url.replace("+psycopg", "") if is_empty else source
    dump = run("pg_dump", tmp_path, "--dbname", source)
    if not is_empty:
        with psycopg.connect(source) as connection:
            connection.execute("DELETE FROM athletes")
    run("pg_restore", tmp_path, "--dbname", target, fed=dump)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT id FROM athletes").fetchall() == [(athlete_id,)]
