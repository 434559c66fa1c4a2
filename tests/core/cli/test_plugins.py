"""`training-analyzer plugins`: states and reasons, for people and for programs."""

import json

from tests.core.cli.conftest import Run


def test_what_is_installed_is_listed_and_only_the_metrics_are_enabled(run: Run) -> None:
    said = run("plugins")
    assert said.code == 0
    states = {line.split()[0]: line.split()[1] for line in said.out.splitlines() if line}
    assert states["metrics_default"] == "active"
    assert states["strava"] == "not_enabled"


def test_a_misspelt_plugin_and_a_missing_secret_are_reported_and_stop_nobody(run: Run) -> None:
    said = run("plugins", PLUGINS="strva,strava,metrics_default", PLUGIN__STRAVA__CLIENT_ID="17")
    assert said.code == 0
    assert "strva: No installed package brings a plugin named `strva`. Did you mean `strava`?" in said.out
    assert "TRAINING_ANALYZER_PLUGIN__STRAVA__CLIENT_SECRET" in said.out
    assert any(line.split()[:2] == ["metrics_default", "active"] for line in said.out.splitlines())


def test_programs_get_everything_as_json(run: Run) -> None:
    said = run("plugins", "--json", PLUGINS="metrics_default,strava")
    assert said.code == 0
    reports = {report["name"]: report for report in json.loads(said.out)}
    assert reports["metrics_default"]["state"] == "active"
    assert reports["metrics_default"]["problem"] is None
    assert "metric metrics_default.load" in reports["metrics_default"]["provides"]
    assert reports["strava"]["state"] == "misconfigured"
    assert "CLIENT_SECRET" in reports["strava"]["problem"]
    assert reports["groq"]["state"] == "not_enabled"


def test_no_secret_is_shown(run: Run) -> None:
    secrets = {"PLUGIN__STRAVA__CLIENT_SECRET": "my-secret", "PLUGIN__STRAVA__CLIENT_IDD": "my-typo"}
    for arguments in (("plugins",), ("plugins", "--json"), ("check",)):
        said = run(*arguments, PLUGINS="strava", **secrets)
        assert "my-secret" not in said.out + said.err
        assert "my-typo" not in said.out + said.err
