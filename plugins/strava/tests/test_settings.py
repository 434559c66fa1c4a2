"""What a deployer may set, and what is said to a deployer who errs."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from training_analyzer_strava.settings import StravaSettings

REQUIRED = {"client_id": "12345", "client_secret": "hidden-secret"}


def test_id_and_secret_are_enough() -> None:
    settings = StravaSettings.model_validate(REQUIRED)
    assert settings.client_id == 12345
    assert settings.base_url == "https://www.strava.com"
    assert settings.api_base_url == "https://www.strava.com/api/v3"
    assert settings.scopes == ("read", "activity:read", "activity:read_all")
    assert settings.page_size == 200
    assert "hidden-secret" not in repr(settings)


def test_texts_from_the_environment_are_understood() -> None:
    settings = StravaSettings.model_validate(
        {
            **REQUIRED,
            "scopes": "read, activity:read",
            "page_size": "50",
            "api_base_url": "http://localhost:1/",
        }
    )
    assert settings.scopes == ("read", "activity:read")
    assert settings.page_size == 50
    assert settings.api_base_url == "http://localhost:1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "abc"),
        ("client_id", ""),
        ("client_secret", ""),
        ("base_url", "www.strava.com"),
        ("base_url", "ftp://www.strava.com"),
        ("api_base_url", "https://"),
        ("scopes", "read"),
        ("scopes", "read,activity:read,&x=1"),
        ("page_size", 0),
        ("page_size", 201),
        ("read_day_limit", 0),
        ("clientid", "1"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        StravaSettings.model_validate({**REQUIRED, name: value})


@pytest.mark.parametrize("name", ["client_id", "client_secret"])
def test_what_is_required_is_named(name: str) -> None:
    given = {key: value for key, value in REQUIRED.items() if key != name}
    with pytest.raises(ValidationError, match=name):
        StravaSettings.model_validate(given)


def test_the_readme_lists_every_setting() -> None:
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE)
    assert listed == [name.upper() for name in StravaSettings.model_fields]
