"""What the small commands print, and how all of them end."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.core.cli.conftest import Run
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.storage.secrets import KeyRing


def test_the_version_is_printed(run: Run) -> None:
    said = run("--version")
    assert said.code == 0
    assert said.out.startswith("training-analyzer 0.")


def test_help_names_every_command_and_hides_what_is_not_for_people(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    for command in ("up", "api", "worker", "dispatcher", "migrate", "check", "plugins", "keys", "openapi"):
        assert f" {command} " in said.out
    assert "--leashed" not in run("worker", "--help").out


@pytest.mark.parametrize(
    "arguments", [("ride",), ("up", "--fast"), ("worker", "--queues", "middle"), ("api", "--port", "70000")]
)
def test_a_wrong_usage_ends_with_2_and_says_how_to_get_help(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert "--help" in said.err


@pytest.mark.parametrize("command", ["api", "worker", "dispatcher", "migrate"])
def test_a_command_without_its_database_says_what_to_set(run: Run, command: str) -> None:
    said = run(command)
    assert said.code == 1
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "TRAINING_ANALYZER_DATABASE_URL is not set" in said.err
    assert "training-analyzer up" in said.err


@pytest.mark.parametrize("command", ["athletes", "usage"])
def test_a_command_for_a_running_up_says_where_none_runs(run: Run, command: str, tmp_path: Path) -> None:
    said = run(command, DATA_DIRECTORY=str(tmp_path / "data"))
    assert (said.code, said.out) == (1, "")
    assert f"No `training-analyzer up` runs on {tmp_path / 'data'}." in said.err
    assert "TRAINING_ANALYZER_DATABASE_URL" in said.err


def test_a_misspelt_setting_is_an_error_that_knows_better(run: Run) -> None:
    said = run("plugins", DATABSE_URL="x")
    assert said.code == 1
    assert (
        "TRAINING_ANALYZER_DATABSE_URL is no setting; did you mean TRAINING_ANALYZER_DATABASE_URL?"
        in said.err
    )


def test_a_setting_that_makes_no_sense_is_named_and_its_value_is_not(run: Run) -> None:
    said = run("plugins", API_PORT="my-secret")
    assert said.code == 1
    assert "TRAINING_ANALYZER_API_PORT" in said.err
    assert "my-secret" not in said.err
    assert "Traceback" not in said.err


def test_debugging_shows_where_an_error_came_from(run: Run) -> None:
    assert "Traceback" in run("--debug", "migrate").err
    assert "Traceback" in run("migrate", LOG_LEVEL="debug").err
    assert "Traceback" not in run("migrate").err


def test_generated_keys_can_be_used(run: Run) -> None:
    first, second = run("keys", "generate"), run("keys", "generate")
    assert first.code == 0
    KeyRing.parse(first.out.strip())
    assert first.out != second.out


@pytest.mark.parametrize("name", ["a:b", "a,b", "", " 2"])
def test_a_key_s_name_that_could_not_be_read_again_is_refused(run: Run, name: str) -> None:
    said = run("keys", "generate", "--name", name)
    assert (said.code, said.out) == (2, "")
    assert "no colon, no comma" in said.err


def test_the_openapi_document_needs_no_servers(run: Run) -> None:
    said = run("openapi")
    assert said.code == 0
    document = json.loads(said.out)
    assert document["openapi"].startswith("3.")
    assert "/api/v1/health/ready" in document["paths"]


@pytest.fixture
def empty_database(servers: EmbeddedServers) -> Iterator[dict[str, str]]:
    superuser = servers.database_superuser_url.replace("+psycopg", "")
    with psycopg.connect(superuser, autocommit=True, dbname="postgres") as admin:
        name = sql.Identifier("empty_for_commands")
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER training_analyzer_owner").format(name))
        yield {
            "DATABASE_URL": servers.database_url.replace("/training_analyzer?", "/empty_for_commands?"),
            "DATABASE_OWNER_URL": servers.database_owner_url.replace(
                "/training_analyzer?", "/empty_for_commands?"
            ),
            "REDIS_URL": servers.redis_url,
        }
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_an_external_database_is_refused_until_it_is_migrated(
    run: Run, empty_database: dict[str, str]
) -> None:
    refused = run("up", **empty_database, SECRET_KEYS=KeyRing.generate(), API_PORT="0")
    assert refused.code == 1
    assert "training-analyzer migrate" in refused.err

    migrated = run("migrate", **empty_database)
    assert (migrated.code, migrated.out[:17]) == (0, "Migrated: empty →")
    assert run("migrate", **empty_database).out.startswith("Nothing to do: ")

    checked = run("check", **empty_database, SECRET_KEYS=KeyRing.generate())
    assert checked.code == 0, checked.out


def test_migrating_with_one_role_for_both_is_refused(run: Run, configured: dict[str, str]) -> None:
    said = run("migrate", **configured | {"DATABASE_OWNER_URL": configured["DATABASE_URL"]})
    assert said.code == 1
    assert "two different roles" in said.err


@pytest.mark.parametrize("setting", ["DATABASE_URL", "DATABASE_OWNER_URL"], ids=["application", "owner"])
def test_an_address_that_is_none_is_not_shown(run: Run, configured: dict[str, str], setting: str) -> None:
    said = run("migrate", **configured | {setting: "pgsql://rider:my-secret@db/rides"})
    assert said.code == 1
    assert "postgresql+psycopg://user:password@host/database" in said.err
    assert "my-secret" not in said.err


def test_a_port_in_use_is_named_with_what_to_do(run: Run, configured: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("api", "up"):
            said = run(command, **configured, API_PORT=port)
            assert said.code == 1
            assert f"cannot listen on 127.0.0.1, port {port}" in said.err
            assert "TRAINING_ANALYZER_API_PORT" in said.err


def test_commands_start_without_the_rooms_that_they_do_not_need() -> None:
    heavy = "fastapi", "sqlalchemy", "rq", "numpy", "training_analyzer.runtime"
    program = f"import sys, training_analyzer.cli; print([m for m in {heavy!r} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"
