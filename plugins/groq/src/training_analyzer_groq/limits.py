"""What Groq says about its rate limits, in the headers of every answer."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from training_analyzer.sdk import LimitReading

Unit = Literal["requests", "tokens"]
Period = Literal["minute", "day"]

# Groq counts requests by the day and tokens by the minute (console.groq.com/docs/rate-limits).
_PERIODS: Final[Mapping[Unit, Period]] = {"requests": "day", "tokens": "minute"}

_DURATION: Final = re.compile(
    r"(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m(?!s))?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)s)?(?:(?P<milliseconds>\d+(?:\.\d+)?)ms)?"
)


def read_limits(headers: Mapping[str, str], now: datetime) -> Iterator[LimitReading]:
    """Yield the readings that the headers hold; what is missing or makes no sense is left out."""
    for unit, per in _PERIODS.items():
        try:
            limit = int(headers[f"x-ratelimit-limit-{unit}"])
            remaining = int(headers[f"x-ratelimit-remaining-{unit}"])
            resets_in = duration(headers[f"x-ratelimit-reset-{unit}"])
        except (KeyError, ValueError):
            continue
        if limit >= 0 and remaining >= 0:
            yield LimitReading(
                unit=unit, per=per, limit=limit, remaining=remaining, resets_at=now + resets_in
            )


def duration(written: str) -> timedelta:
    """Read a duration such as `2m59.56s` or `7.66s`. Raises ValueError."""
    match = _DURATION.fullmatch(written.strip())
    if match is None or not written.strip():
        raise ValueError(f"{written!r} is no duration")
    return timedelta(**{unit: float(number) for unit, number in match.groupdict().items() if number})
