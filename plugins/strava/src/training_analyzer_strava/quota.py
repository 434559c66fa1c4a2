"""
How Strava limits requests: per application, overall and for reading, per quarter hour and per day.

Both windows of both are aligned to the clock, in UTC. Whatever is not an upload counts as reading
too. Consent, tokens and webhook subscriptions are free. The headers `X-RateLimit-*` (overall) and
`X-ReadRateLimit-*` each hold `quarter hour,day`; answers with streams come without any.
"""

from collections.abc import Iterable

import httpx

from training_analyzer.sdk import Quota, QuotaReading, QuotaRules
from training_analyzer_strava.errors import complaints_in
from training_analyzer_strava.settings import StravaSettings

QUARTER_HOUR_S = 900
DAY_S = 86_400

OVERALL = ("overall_quarter_hour", "overall_day")
READ = ("read_quarter_hour", "read_day")
HEADERS = {"x-ratelimit": OVERALL, "x-readratelimit": READ}


class StravaQuotaRules(QuotaRules):
    """Begins with the limits of the settings; the answers then state the real ones."""

    def __init__(self, settings: StravaSettings) -> None:
        self.scope = f"strava:{settings.client_id}"
        self.quotas = (
            Quota(name=OVERALL[0], limit=settings.overall_quarter_hour_limit, window_s=QUARTER_HOUR_S),
            Quota(name=OVERALL[1], limit=settings.overall_day_limit, window_s=DAY_S),
            Quota(name=READ[0], limit=settings.read_quarter_hour_limit, window_s=QUARTER_HOUR_S),
            Quota(name=READ[1], limit=settings.read_day_limit, window_s=DAY_S),
        )

    def charged(self, request: httpx.Request) -> frozenset[str]:
        path = request.url.path
        if "/oauth/" in path or "/push_subscriptions" in path:
            return frozenset()
        uploads = request.method == "POST" and path.endswith(("/activities", "/uploads", "/upload_media"))
        return frozenset(OVERALL if uploads else OVERALL + READ)

    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:
        for header, names in HEADERS.items():
            limits = _numbers(response.headers.get(f"{header}-limit", ""))
            used = _numbers(response.headers.get(f"{header}-usage", ""))
            if len(limits) == len(used) == len(names):
                for name, limit, count in zip(names, limits, used, strict=True):
                    # A limit of 0 limits nothing; webhook subscriptions state a usage of 0.
                    if limit:
                        yield QuotaReading(name=name, limit=limit, used=count)

    def exhausted(self, response: httpx.Response) -> frozenset[str]:
        spent = frozenset(
            reading.name
            for reading in self.read(response)
            if reading.limit and reading.used is not None and reading.used >= reading.limit
        )
        return spent or _named_in(response.read())


def _numbers(header: str) -> tuple[int, ...]:
    parts = [part.strip() for part in header.split(",")]
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


def _named_in(body: bytes) -> frozenset[str]:
    """The shorter window of the quota that the body names: `overall rate limit`, `read rate limit`."""
    fields = {complaint.field for complaint in complaints_in(body)}
    if "read rate limit" in fields:
        return frozenset({READ[0]})
    return frozenset({OVERALL[0]} if "overall rate limit" in fields else ())
