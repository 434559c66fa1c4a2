"""What a local Strava can be told: its application, its limits, and the moods that it shows."""

from dataclasses import dataclass, field
from typing import Literal

LimitBody = Literal["current", "2018"]


@dataclass(frozen=True)
class Limit:
    """How many requests one bucket allows, per quarter of an hour and per day (UTC)."""

    quarter_hour: int
    day: int

    def __str__(self) -> str:
        return f"{self.quarter_hour},{self.day}"


@dataclass(frozen=True)
class Settings:
    """The defaults are those of a newly registered application at Strava."""

    client_id: int = 12345
    client_secret: str = "local-strava-client-secret"  # noqa: S105 - it guards generated data only
    callback_domain: str = "localhost"
    """
    Redirects may go to this domain and below it; localhost and 127.0.0.1 are always allowed, as at
    Strava.
    """

    capacity: int = 1
    """How many athletes may connect to the application."""

    overall_limit: Limit = field(default_factory=lambda: Limit(200, 2000))
    read_limit: Limit = field(default_factory=lambda: Limit(100, 1000))
    limit_body: LimitBody = "current"
    """Which of the two recorded bodies a 429 has; in that of 2018, `errors` is a string."""

    code_lag_s: float = 0.0
    """
    A code that is younger is refused once or more often, then accepted: the real one does it now and
    then.
    """

    code_lifetime_s: float = 600.0
    short_pages_by: int = 0
    """How many activities each page holds fewer than asked for; such a page is not the last one."""

    year_2027: bool = False
    """
    The rules of 2027-06-01: tokens are accepted in the Authorization header only, and
    `/oauth/deauthorize` is gone.
    """

    webhook_limit_s: float = 2.0
    """Within this time a webhook has to be answered."""

    webhook_pause_s: float = 0.2
    """Between the attempts to deliver an event."""

    streams_cache_activities: int = 64
    """For how many activities encoded streams are kept in memory."""
