"""`training-analyzer check`: exit code 0 only where everything is there, and plain words about terms."""

import json
from pathlib import Path

import pytest

from tests.conftest import Deployment
from tests.core.cli.conftest import Run
from training_analyzer.embedded import EmbeddedServers

STRAVA = {
    "PLUGINS": "metrics_default,strava",
    "PLUGIN__STRAVA__CLIENT_ID": "17",
    "PLUGIN__STRAVA__CLIENT_SECRET": "my-secret",
}


def test_all_is_well(run: Run, configured: dict[str, str]) -> None:
    said = run("check", **configured)
    assert said.code == 0, said.out
    assert said.out.endswith("All is well.\n")
    for subject in ("plugin metrics_default", "database", "migrations", "Redis", "keys"):
        assert f"ok       {subject}: " in said.out


def test_nothing_runs_yet(run: Run, tmp_path: Path) -> None:
    said = run("check", DATA_DIRECTORY=str(tmp_path))
    assert said.code == 1
    assert said.out.count("It starts with `training-analyzer up`.") == 2
    assert "note     keys: " in said.out
    assert list(tmp_path.iterdir()) == [], "looking starts nothing and makes nothing"


def test_a_plugin_that_is_enabled_but_not_active_is_a_problem(run: Run, configured: dict[str, str]) -> None:
    said = run("check", **configured, PLUGINS="metrics_default,strava")
    assert said.code == 1
    assert "problem  plugin strava: misconfigured: " in said.out
    assert "TRAINING_ANALYZER_PLUGIN__STRAVA__CLIENT_SECRET" in said.out
    misspelt = run("check", **configured, PLUGINS="metrics_defaults")
    assert misspelt.code == 1
    assert "Did you mean `metrics_default`?" in misspelt.out


def test_an_unreachable_database_is_named_with_what_to_do(run: Run, configured: dict[str, str]) -> None:
    url = "postgresql+psycopg://rider:my-secret@127.0.0.1:1/rides"
    for command in ("check", "worker", "dispatcher", "api", "up"):
        said = run(command, **configured | {"DATABASE_URL": url}, API_PORT="0")
        assert said.code == 1
        words = said.out + said.err
        assert "PostgreSQL does not answer" in words
        assert "Check TRAINING_ANALYZER_DATABASE_URL" in words
        assert "my-secret" not in words
        assert "Traceback" not in words
        assert "\n" not in said.err.strip()


def test_an_unreachable_redis_is_named_with_what_to_do(run: Run, configured: dict[str, str]) -> None:
    said = run("check", **configured | {"REDIS_URL": "redis://:my-secret@127.0.0.1:1/0"})
    assert said.code == 1
    assert "problem  Redis: Redis does not answer" in said.out
    assert "Check TRAINING_ANALYZER_REDIS_URL" in said.out
    assert "my-secret" not in said.out


@pytest.mark.parametrize(
    ("setting", "url"),
    [("DATABASE_URL", "pgsql://rider:my-secret@db/x"), ("REDIS_URL", "http://:my-secret@r")],
)
def test_an_address_that_is_none_is_a_problem_and_hides_no_other(
    run: Run, configured: dict[str, str], setting: str, url: str
) -> None:
    said = run("check", **configured | {setting: url, "SECRET_KEYS": "one:short"})
    assert said.code == 1
    assert f"TRAINING_ANALYZER_{setting} is no address" in said.out
    assert "problem  keys: " in said.out
    assert "my-secret" not in said.out


def test_a_role_that_row_level_security_does_not_bind_is_a_problem(
    run: Run, configured: dict[str, str], deployment: Deployment
) -> None:
    superuser = deployment.database_url.replace("training_analyzer_app@", "postgres@")
    said = run("check", **configured | {"DATABASE_URL": superuser})
    assert said.code == 1
    assert "bypasses row-level security" in said.out


def test_settings_that_name_what_is_not_there_are_pointed_out(run: Run, configured: dict[str, str]) -> None:
    said = run(
        "check",
        **configured,
        PLUGIN__STRVA__CLIENT_ID="17",
        RIGHTS__STRVA__AI="allow",
        INSIGHT_BACKENDS="gemni",
        INSIGHT_METRICS="metrics_defualt",
    )
    assert said.code == 1
    assert "note     settings: Settings of the plugin `strva`" in said.out
    assert "TRAINING_ANALYZER_RIGHTS__STRVA__…" in said.out
    assert "problem  settings: TRAINING_ANALYZER_INSIGHT_BACKENDS names `gemni`" in said.out
    assert "problem  settings: Insights speak of the metrics of `metrics_defualt`" in said.out


def test_terms_are_told_plainly_and_are_no_problem(run: Run, configured: dict[str, str]) -> None:
    said = run("check", **configured, **STRAVA)
    assert said.code == 0, said.out
    assert "AI on Strava-derived numbers is off until TRAINING_ANALYZER_RIGHTS__STRAVA__AI=allow" in said.out
    assert "although the terms ask for at most 7 days" in said.out
    assert "answer for that choice" in said.out
    assert "https://" in said.out


def test_a_departure_from_terms_is_told_too(run: Run, configured: dict[str, str]) -> None:
    said = run("check", **configured, **STRAVA, RIGHTS__STRAVA__AI="allow")
    assert said.code == 0, said.out
    assert "AI on Strava-derived numbers is on, by TRAINING_ANALYZER_RIGHTS__STRAVA__AI=allow" in said.out


def test_programs_get_the_findings_as_json(run: Run, configured: dict[str, str]) -> None:
    said = run("check", "--json", **configured, PLUGINS="strva")
    assert said.code == 1
    findings = {finding["subject"]: finding for finding in json.loads(said.out)}
    assert findings["plugin strva"]["state"] == "problem"
    assert findings["database"] == {
        "state": "ok",
        "subject": "database",
        "text": "answers; its role is bound by row-level security",
    }


def test_the_servers_of_a_running_up_are_found_by_their_data_directory(run: Run) -> None:
    with EmbeddedServers(ephemeral=True, postgres=False) as servers:
        said = run("check", DATA_DIRECTORY=str(servers.addresses.socket_directory.parent))
    assert "ok       Redis: answers" in said.out
    assert "problem  database: " in said.out
