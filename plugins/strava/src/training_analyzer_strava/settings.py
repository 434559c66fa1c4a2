"""What a deployer tells the Strava plugin: which application it is, and where Strava answers."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, SecretStr

from training_analyzer.sdk import PluginSettings

ACTIVITY_SCOPES = frozenset({"activity:read", "activity:read_all"})
"""One of them is needed; `activity:read_all` adds the activities that only the athlete may see."""


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write an address such as https://www.strava.com")
    return text.rstrip("/")


def _split(scopes: object) -> object:
    return scopes.replace(",", " ").split() if isinstance(scopes, str) else scopes


def _read_activities(scopes: tuple[str, ...]) -> tuple[str, ...]:
    if not ACTIVITY_SCOPES & set(scopes):
        raise ValueError(f"ask for one of {', '.join(sorted(ACTIVITY_SCOPES))}, or no activity can be read")
    return scopes


Address = Annotated[str, AfterValidator(_address)]
Scope = Annotated[str, Field(pattern=r"^[a-z_]+(:[a-z_]+)?$")]
Scopes = Annotated[tuple[Scope, ...], BeforeValidator(_split), AfterValidator(_read_activities)]


class StravaSettings(PluginSettings):
    """The defaults suit a new application; only its id and its secret are required."""

    client_id: PositiveInt
    client_secret: Annotated[SecretStr, Field(min_length=1)]
    base_url: Address = "https://www.strava.com"
    """Where consent and tokens are."""
    api_base_url: Address = "https://www.strava.com/api/v3"
    """Where activities are. Strava has announced that it moves in 2027."""
    scopes: Scopes = ("read", "activity:read", "activity:read_all")
    """What the athlete is asked for. A list, or one text with commas."""
    webhook_verify_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    """What Strava says when it asks whether a webhook's address is ours; unset: made of the secret."""
    page_size: Annotated[int, Field(ge=1, le=200)] = 200
    """Activities per list request; 200 is the most that Strava sends."""
    overall_quarter_hour_limit: PositiveInt = 200
    overall_day_limit: PositiveInt = 2000
    read_quarter_hour_limit: PositiveInt = 100
    read_day_limit: PositiveInt = 1000
    """The four limits hold until Strava's first answer states the real ones."""
