"""
What we read of Strava's answers.

Lenient: fields that we do not use may be anything, and all that Strava may leave out is optional,
absent or null. What makes no sense where we do look is `BadData`, which names fields, not values.
"""

from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat, PositiveInt, ValidationError
from pydantic_core import from_json

from training_analyzer.sdk import BadData, RawDocument

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
M = TypeVar("M", bound="Payload")


class Payload(BaseModel):
    """Something that Strava sent."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ListedActivity(Payload):
    """What has to be known of an activity before anybody understands it."""

    id: PositiveInt
    start_date: AwareDatetime
    """True UTC."""
    manual: bool | None = None
    upload_id: int | None = None
    """The file that it came from. Absent or null: there was none, and so there are no streams."""

    @property
    def has_streams(self) -> bool:
        return not self.manual and self.upload_id is not None


class SummaryActivity(ListedActivity):
    """One activity of the list. A detailed one has the same fields, and more."""

    elapsed_time: Amount
    moving_time: Amount
    start_date_local: AwareDatetime | None = None
    """The athlete's wall clock with a false `Z`."""
    utc_offset: FiniteFloat | None = None
    name: str | None = None
    sport_type: str | None = None
    type: str | None = None
    """Older and coarser than `sport_type`."""
    distance: Amount | None = None
    total_elevation_gain: Amount | None = None
    trainer: bool | None = None
    private: bool | None = None
    visibility: str | None = None
    device_name: str | None = None
    average_heartrate: Amount | None = None
    max_heartrate: Amount | None = None
    average_watts: Amount | None = None
    weighted_average_watts: Amount | None = None
    kilojoules: Amount | None = None
    device_watts: bool | None = None
    average_cadence: Amount | None = None
    calories: Amount | None = None
    perceived_exertion: Amount | None = None
    max_watts: Amount | None = None
    max_speed: Amount | None = None
    description: str | None = None
    """Of detailed activities only."""
    gear_id: str | None = None
    gear: "Gear | None" = None
    """Of detailed activities only."""


class Gear(Payload):
    """A bicycle or a pair of shoes."""

    name: str | None = None


class Stream(Payload):
    """One quantity through a session. What `data` holds depends on the quantity."""

    data: list[Any]


class DetailedAthlete(Payload):
    """The athlete, as far as their body goes."""

    ftp: Amount | None = None
    weight: Amount | None = None


class Zone(Payload):
    """From `min` up to `max`; -1 is no bound."""

    min: FiniteFloat
    max: FiniteFloat


class Zones(Payload):
    custom_zones: bool | None = None
    """False: Strava made them from a maximum heart rate, which it may have guessed from the age."""
    zones: list[Zone] | None = None


class AthleteZones(Payload):
    """`power` is absent where the athlete has told no FTP."""

    heart_rate: Zones | None = None
    power: Zones | None = None


class TokenAthlete(Payload):
    id: PositiveInt


class RefreshedTokens(Payload):
    """The answer to a refresh."""

    access_token: Annotated[str, Field(min_length=1)]
    refresh_token: Annotated[str, Field(min_length=1)] | None = None
    expires_at: PositiveInt


class FirstTokens(RefreshedTokens):
    """The answer to an exchange, which also says whose tokens they are."""

    athlete: TokenAthlete


def parsed(document: RawDocument) -> Any:
    """Return what a document says. Raises `BadData` where it is no JSON."""
    try:
        return from_json(document.body)  # three times as fast as `json`
    except ValueError as error:
        raise BadData(f"Strava's {document.kind} is not JSON, or is cut off.") from error


def read_as(model: type[M], value: Any) -> M:
    """Return `value` as a payload. Raises `BadData` with the names of the fields that make no sense."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadData(f"Strava's {model.__name__} makes no sense: {faults_in(error)}.") from error


def faults_in(error: ValidationError) -> str:
    """Say which fields are wrong and how, without what they hold."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the whole'} ({fault['type'].replace('_', ' ')})"
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    )
