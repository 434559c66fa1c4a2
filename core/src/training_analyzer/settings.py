"""
What a deployer may set: environment variables with the prefix `TRAINING_ANALYZER_`, or `.env`.

Only `runtime` and the commands read settings; below them, values are passed. `.env.example` lists all.
"""

import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    SettingsConfigDict,
)
from pydantic_settings.sources import PydanticBaseSettingsSource

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.domain.insight import InsightKind

PREFIX: Final = "TRAINING_ANALYZER_"
GROUPS: Final = frozenset({"plugin", "rights"})
"""Of these there is a setting for each plugin and field."""


class RightsOverride(BaseModel):
    """How a deployer departs from the terms that a provider declares. They answer for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ai: Literal["allow", "deny"] | None = None
    retention_days: PositiveInt | None = None
    """Documents older than this are erased by a job, and listing never reaches further back."""
    derived: Literal["purge", "keep"] = "purge"
    """What becomes of activities, measurements and days whose documents are gone."""

    @model_validator(mode="after")
    def _derived_needs_retention(self) -> Self:
        if "derived" in self.model_fields_set and self.retention_days is None:
            raise ValueError("DERIVED does nothing without RETENTION_DAYS; set that too, or neither")
        return self


def _hard_to_guess(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,}", secret.get_secret_value()):
        raise ValueError("it needs 16 characters or more, of letters, digits, - and _")
    return secret


def _of_a_server(address: str) -> str:
    ends_too_late = address.rstrip("/").endswith("/api/v1")
    if ends_too_late or not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", address):
        raise ValueError("it reads https://training.example.org, without /api/v1")
    return address


class Settings(BaseSettings):
    """Everything that can be set, with its default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    plugins: Annotated[tuple[str, ...], NoDecode] = ("metrics_default",)
    """Which installed plugins are enabled, separated by commas."""
    plugin: dict[str, dict[str, Any]] = {}
    """Each plugin's own settings: `PLUGIN__STRAVA__CLIENT_ID`."""
    rights: dict[str, RightsOverride] = {}
    """Departures from a provider's terms: `RIGHTS__STRAVA__AI=allow`."""

    database_url: SecretStr | None = None
    """PostgreSQL as the application's role; unset: the embedded server."""
    database_owner_url: SecretStr | None = None
    """PostgreSQL as the owner of the tables; only `migrate` uses it."""
    redis_url: SecretStr | None = None
    """Redis or Valkey; unset: the embedded server."""
    data_directory: Path | None = None
    """Where the embedded servers keep their data, and the generated keys lie."""
    secret_keys: SecretStr | None = None
    """Keys that encrypt grants: `name:base64,…`, newest first; unset: generated beside embedded data."""

    api_host: str = "127.0.0.1"
    api_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: Annotated[str, AfterValidator(_of_a_server)] | None = None
    """How athletes' browsers reach the API; providers send them back there."""
    athletes_limit: PositiveInt | None = None
    """How many athletes may register; unset: any number."""
    session_days: PositiveInt = 30
    metrics_token: Annotated[SecretStr, AfterValidator(_hard_to_guess)] | None = None
    """What Prometheus has to send to read `/metrics`; unset: there is no such address."""

    initial_days: PositiveInt = 42
    """Of a new connection, this much is fetched first, on the queue HIGH."""
    history_days: PositiveInt = 365
    """How far back history goes, on the queue LOW."""
    overlap_days: PositiveInt = 14
    """How far an incremental listing looks back, for late uploads and edits."""
    sync_every_minutes: PositiveInt = 360
    """How often the last weeks are listed again; less often where many athletes share a quota."""
    full_sync_every_hours: PositiveInt = 24
    """How often everything is listed again, to find what no webhook told of; less often where many do."""
    webhook_secret: Annotated[SecretStr, AfterValidator(_hard_to_guess)] | None = None
    """The part of the webhooks' address that nobody can guess; unset: no webhooks."""

    upload_max_megabytes: PositiveInt = 10_000
    """What an athlete's files that wait to be read may hold together; they wait in the database."""
    upload_max_files: PositiveInt = 10_000
    """Of one upload. An archive is one."""
    watch_folder: Path | None = None
    """Files are taken from here: below it, each athlete has a folder named by their e-mail address."""

    insight_backends: Annotated[tuple[str, ...], NoDecode] = ()
    """Which backends may write, in the order in which they are asked; unset: every enabled one."""
    insight_interval_minutes: Annotated[int, Field(ge=0)] = 15
    """An insight of one kind and subject is not written again sooner than this."""
    insight_kinds: Annotated[tuple[InsightKind, ...], NoDecode] = (
        InsightKind.WEEK,
        InsightKind.STATE,
        InsightKind.MONTH,
        InsightKind.ACTIVITY,
    )
    """Which insights are written by themselves after new data; others only where an athlete asks."""
    insight_metrics: str = "metrics_default"
    """Whose metrics insights speak of, such as `load`, `fitness`, `form` and `decoupling`."""

    ai_athlete_day_usd: NonNegativeFloat = 0.05
    """What the insights of one athlete may cost in a day, by UTC."""
    ai_athlete_day_requests: NonNegativeInt = 40
    ai_athlete_day_tokens: NonNegativeInt = 200_000
    ai_athlete_month_usd: NonNegativeFloat = 0.50
    ai_athlete_month_requests: NonNegativeInt = 600
    ai_athlete_month_tokens: NonNegativeInt = 2_000_000
    ai_deployment_day_usd: NonNegativeFloat = 1.00
    """What the insights of all athletes together may cost in a day."""
    ai_deployment_day_requests: NonNegativeInt = 2_000
    ai_deployment_day_tokens: NonNegativeInt = 10_000_000
    ai_deployment_month_usd: NonNegativeFloat = 10.00
    ai_deployment_month_requests: NonNegativeInt = 30_000
    ai_deployment_month_tokens: NonNegativeInt = 100_000_000
    ai_soft_share: Annotated[float, Field(gt=0, le=1)] = 0.8
    """From this share of a budget on, the log tells of it."""
    ai_deadline_s: Annotated[float, Field(gt=0, le=100)] = 60
    """How long all requests for one insight may take together."""
    ai_prices: Path | None = None
    """A price table of your own, which goes before those of the plugins."""

    lease_seconds: Annotated[int, Field(ge=2)] = 30
    """How long a unit of work stays taken when its worker dies; renewed while it lives."""

    as_of: AwareDatetime | None = None
    """Where the clock starts. For demonstrations and tests only."""
    as_of_began: AwareDatetime | None = None
    """The true time at which that clock was started, so that later processes agree; set by `up`."""
    as_of_speed: PositiveFloat = 1.0
    """How fast that clock goes. For tests only: waiting for a quota then ends sooner."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("plugins", "insight_backends", "insight_kinds", mode="before")
    @classmethod
    def _split(cls, written: object) -> object:
        if isinstance(written, str):
            return tuple(filter(None, (name.strip() for name in written.split(","))))
        return written

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - part of the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _Nested(settings_cls, env_settings), _Nested(settings_cls, dotenv_settings)

    @classmethod
    def read(cls, **overrides: Any) -> Self:
        """Read the environment and `.env`. Raises ConfigurationError that names every wrong variable."""
        try:
            settings = cls(**overrides)
        except ValidationError as error:
            said = map(_said, error.errors(include_input=False, include_url=False))
            problems = "; ".join(dict.fromkeys(said))
            raise ConfigurationError(problems) from error
        return settings


class _Nested(PydanticBaseSettingsSource):
    """
    Adds `PLUGIN__NAME__FIELD` and `RIGHTS__NAME__FIELD` to a source, each value as the text it is.

    The library would read a client id of digits as a number.
    """

    def __init__(self, settings_cls: type[BaseSettings], source: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self._source = source

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # the library asks only sources that keep its own __call__

    def __call__(self) -> dict[str, Any]:
        assert isinstance(self._source, EnvSettingsSource | DotEnvSettingsSource)
        nested: dict[str, dict[str, dict[str, str]]] = {}
        for variable, value in self._source.env_vars.items():
            name = variable.upper()
            if not name.startswith(PREFIX):
                continue
            match name.removeprefix(PREFIX).split("__"):
                case [("PLUGIN" | "RIGHTS") as group, plugin, field]:
                    if value:  # an empty variable is an unset one
                        of_group = nested.setdefault(group.lower(), {})
                        of_group.setdefault(plugin.lower(), {})[field.lower()] = value
                case _:
                    _refuse_unknown(name)  # before the library, which would take PLUGIN for JSON
        return {name: value for name, value in self._source().items() if name not in GROUPS} | nested


def _refuse_unknown(variable: str) -> None:
    """Raise ConfigurationError for a misspelt variable: an error, not a surprise."""
    known = [name.upper() for name in Settings.model_fields if name not in GROUPS]
    own = variable.removeprefix(PREFIX)  # what all begin with would make anything alike
    if own in known:
        return
    group, *behind = own.split("__")
    close = difflib.get_close_matches(own, known, n=1)
    if group == "RIGHTS" or (group == "PLUGIN" and behind):
        hint = f"one of a plugin reads {PREFIX}{group}__NAME__FIELD"
    else:
        hint = f"did you mean {PREFIX}{close[0]}?" if close else "see .env.example for those that exist"
    raise ConfigurationError(f"{variable} is no setting; {hint}")


def _said(problem: ErrorDetails) -> str:
    """Name the variable, and say what is wrong with its value."""
    variable = PREFIX + "__".join(part.upper() for part in problem["loc"] if isinstance(part, str))
    if problem["type"] == "extra_forbidden":
        return f"{variable}: there is no such setting"
    return f"{variable}: {problem['msg'].removeprefix('Value error, ')}"
