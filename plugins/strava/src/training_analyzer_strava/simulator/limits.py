"""
Strava's rate limits: two buckets, two windows each, counted for the whole application.

- Buckets: `overall` counts every API request, `read` those that are neither uploads nor new activities.
- Windows begin at :00, :15, :30, :45 and at midnight UTC.
- A request beyond a limit is refused with 429 and still counts, in both windows.
- Headers, each `quarter hour,day`: X-RateLimit-Limit, X-RateLimit-Usage, X-ReadRateLimit-Limit and
  X-ReadRateLimit-Usage. No Retry-After.
- Requests for tokens are not counted.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from training_analyzer_strava.simulator.clock import Clock
from training_analyzer_strava.simulator.faults import FaultError, encoded
from training_analyzer_strava.simulator.settings import Limit, LimitBody

QUARTER_HOUR = timedelta(minutes=15)
TOO_MANY = 429
BODY_OF_2018 = encoded({"errors": "Rate Limit Exceeded", "status": TOO_MANY, "message": "Too Many Requests"})


def quarter_hour_of(instant: datetime) -> datetime:
    """The beginning of the quarter of an hour that holds `instant`."""
    return instant.replace(minute=instant.minute - instant.minute % 15, second=0, microsecond=0)


def day_of(instant: datetime) -> datetime:
    """The beginning of the day (UTC) that holds `instant`."""
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Usage:
    """What one bucket has used in its two current windows."""

    quarter_hour: int
    day: int

    def exceeds(self, limit: Limit) -> bool:
        return self.quarter_hour > limit.quarter_hour or self.day > limit.day

    def __str__(self) -> str:
        return f"{self.quarter_hour},{self.day}"


class Bucket:
    """One bucket's counters for each window that has ever been used."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.quarter_hours: Counter[datetime] = Counter()
        self.days: Counter[datetime] = Counter()

    def count(self, instant: datetime) -> None:
        self.quarter_hours[quarter_hour_of(instant)] += 1
        self.days[day_of(instant)] += 1

    def usage(self, instant: datetime) -> Usage:
        return Usage(self.quarter_hours[quarter_hour_of(instant)], self.days[day_of(instant)])


class RateLimits:
    """Both buckets of the application, on an injected clock."""

    def __init__(self, clock: Clock, overall: Limit, read: Limit, body: LimitBody) -> None:
        self._clock = clock
        self._body = body
        self.overall = Bucket(overall)
        self.read = Bucket(read)

    def count(self, *, reads: bool) -> FaultError | None:
        """Count one request and return the refusal, if a limit is exceeded by it."""
        now = self._clock()
        self.overall.count(now)
        if reads:
            self.read.count(now)
        if self.overall.usage(now).exceeds(self.overall.limit):
            return self._refusal("overall rate limit")
        if reads and self.read.usage(now).exceeds(self.read.limit):
            return self._refusal("read rate limit")
        return None

    def headers(self) -> dict[str, str]:
        """The four headers, as of now."""
        now = self._clock()
        return {
            "x-ratelimit-limit": str(self.overall.limit),
            "x-ratelimit-usage": str(self.overall.usage(now)),
            "x-readratelimit-limit": str(self.read.limit),
            "x-readratelimit-usage": str(self.read.usage(now)),
        }

    def _refusal(self, field: str) -> FaultError:
        refusal = FaultError(TOO_MANY, "Rate Limit Exceeded", "Application", field, "exceeded")
        if self._body == "2018":
            refusal.body = BODY_OF_2018
        return refusal
