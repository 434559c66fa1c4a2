"""What a deployer sets, and what they are told when it makes no sense."""

from pathlib import Path

import pytest

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.settings import Settings


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ATHLETES_LIMIT", "AS_OF", "DATABASE_URL", "DATA_DIRECTORY", "PLUGIN__GEMINI__INPUT_USD"):
        monkeypatch.setenv(f"TRAINING_ANALYZER_{name}", "")
    settings = Settings.read()
    unset = (settings.athletes_limit, settings.as_of, settings.database_url, settings.data_directory)
    assert unset == (None,) * 4
    assert settings.plugin == {}


def test_a_plugin_s_settings_are_the_text_that_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_ANALYZER_PLUGIN__STRAVA__CLIENT_ID", "0123")
    monkeypatch.setenv("TRAINING_ANALYZER_RIGHTS__STRAVA__AI", "allow")
    settings = Settings.read()
    assert settings.plugin == {"strava": {"client_id": "0123"}}
    assert settings.rights["strava"].ai == "allow"


@pytest.mark.parametrize("value", ["1", "strava"])
@pytest.mark.parametrize("name", ["DATABSE_URL", "PLUGIN", "RIGHTS", "PLUGIN__STRAVA"])
def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TRAINING_ANALYZER_{name}", value)
    with pytest.raises(ConfigurationError, match=f"TRAINING_ANALYZER_{name} is no setting"):
        Settings.read()


def test_a_misspelt_name_in_the_file_is_refused_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TRAINING_ANALYZER_API_PROT=1\nPOSTGRES_APP_PASSWORD=x\n")
    monkeypatch.setitem(Settings.model_config, "env_file", str(tmp_path / ".env"))
    with pytest.raises(ConfigurationError, match="did you mean TRAINING_ANALYZER_API_PORT"):
        Settings.read()


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_ANALYZER_API_PORT", "many")
    monkeypatch.setenv("TRAINING_ANALYZER_LOG_LEVEL", "loud")
    with pytest.raises(ConfigurationError) as caught:
        Settings.read()
    assert "TRAINING_ANALYZER_API_PORT" in str(caught.value)
    assert "TRAINING_ANALYZER_LOG_LEVEL" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PLUGIN", "did you mean TRAINING_ANALYZER_PLUGINS?"),
        ("RIGHTS__STRAVA", "TRAINING_ANALYZER_RIGHTS__NAME__FIELD"),
        ("DATABSE_URL", "did you mean TRAINING_ANALYZER_DATABASE_URL?"),
        ("FOO", "see .env.example for those that exist"),
        ("PLUGIN__STRAVA", "TRAINING_ANALYZER_PLUGIN__NAME__FIELD"),
    ],
)
def test_whoever_misspells_a_name_is_told_what_may_be_meant(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(f"TRAINING_ANALYZER_{name}", "strava")
    with pytest.raises(ConfigurationError) as caught:
        Settings.read()
    assert meant in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("INSIGHT_KINDS", "week,year", "INSIGHT_KINDS: Input should be 'week', "),
        ("RIGHTS__STRAVA__AIX", "allow", "RIGHTS__STRAVA__AIX: there is no such setting"),
        ("WEBHOOK_SECRET", "short", "WEBHOOK_SECRET: it needs 16 characters or more"),
        ("PUBLIC_URL", "training.example.org", "PUBLIC_URL: it reads https://training.example.org"),
        ("PUBLIC_URL", "https://example.org/api/v1", "PUBLIC_URL: it reads https://training.example.org"),
    ],
)
def test_a_wrong_value_is_told_in_words_for_whoever_set_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"TRAINING_ANALYZER_{name}", value)
    with pytest.raises(ConfigurationError) as caught:
        Settings.read()
    assert str(caught.value).startswith(f"TRAINING_ANALYZER_{said}")


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "https://training.example.org/", "https://example.org/training"]
)
def test_the_address_of_a_server_is_one(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("TRAINING_ANALYZER_PUBLIC_URL", address)
    assert Settings.read().public_url == address
