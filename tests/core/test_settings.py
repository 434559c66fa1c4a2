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


@pytest.mark.parametrize("name", ["DATABSE_URL", "PLUGIN", "RIGHTS", "PLUGIN__STRAVA"])
def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"TRAINING_ANALYZER_{name}", "1")
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
