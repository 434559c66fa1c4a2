"""The counters in Redis: one script reads and changes several of them at once, or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

import redis

from training_analyzer.quota.windows import EPOCH, QuotaWindow
from training_analyzer.sdk.errors import Unavailable
from training_analyzer.sdk.quota import Quota

Seed = Callable[[str, str, datetime], int]
"""(scope, quota, start of the window) -> how much of it is known to be used, from PostgreSQL."""

SCRIPT = files(__package__).joinpath("gate.lua").read_text(encoding="utf-8")
COUNTER_OUTLIVES_WINDOW = timedelta(minutes=5)
LIMIT_LIFETIME = timedelta(days=7)
MILLISECOND = timedelta(milliseconds=1)
SEEDING_ATTEMPTS = 5
"""Redis would have to be emptied this often in the milliseconds of one request."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    One quota in one of its windows, and what the service said about it. Zero: nothing.

    `held_share`: of the limit, what is held back from whoever asks.
    """

    quota: Quota
    window: QuotaWindow
    held_share: float = 0.0
    used: int = 0
    limit: int = 0
    closed_until: datetime = EPOCH


@dataclass(frozen=True, slots=True)
class State:
    """How a line stands after the script ran. `closed_until` is the epoch where it is open."""

    used: int
    limit: int
    closed_until: datetime
    blocked: bool


class Uncounted(Unavailable):
    """A request could not be counted, so it was not sent: that says nothing of its service."""


class Counters:
    """
    Usage, limits and closures of all quotas, by scope.

    Keys: `quota:{scope}:{quota}:{start of the window}`, `quota:{scope}:{quota}:limit` and
    `quota:{scope}:{quota}:closed`. All of them expire.
    """

    def __init__(self, client: redis.Redis, seed: Seed | None) -> None:
        self._redis = client
        self._script = client.register_script(SCRIPT)
        self._seed = seed

    def update(
        self, scope: str, lines: Sequence[Line], now: datetime, *, charge: bool = False
    ) -> tuple[bool, list[State]]:
        """
        Note what the lines say, charge one request to each if asked to, and return how they stand.

        False where a line had no room: then none was charged. Counters that are missing are
        restored first. Raises `Uncounted` where Redis fails.
        """
        keys = [key for line in lines for key in _keys(scope, line)]
        arguments: list[int | float] = [_epoch_ms(now), int(charge), LIMIT_LIFETIME // MILLISECOND]
        for line in lines:
            arguments += [
                line.quota.limit,
                line.held_share,
                line.used,
                line.limit,
                _epoch_ms(line.closed_until),
            ]
        try:
            for _ in range(SEEDING_ATTEMPTS):
                verdict, *numbers = self._script(keys=keys, args=arguments)
                rows = [numbers[start : start + 4] for start in range(0, len(numbers), 4)]
                if verdict >= 0:
                    return verdict == 1, [
                        State(used, limit, EPOCH + closed * MILLISECOND, bool(blocked))
                        for used, limit, closed, blocked in rows
                    ]
                self._restore(scope, [line for line, row in zip(lines, rows, strict=True) if row[0] < 0], now)
        except redis.RedisError as error:
            raise Uncounted(
                f"The quota of {scope} cannot be counted, because Redis fails ({error}). "
                "Nothing is sent uncounted. See that Redis runs and that its URL is right."
            ) from error
        raise Uncounted(f"The quota of {scope} cannot be counted: Redis loses its counters at once.")

    def _restore(self, scope: str, lines: Sequence[Line], now: datetime) -> None:
        for line in lines:
            counter = _keys(scope, line)[0]
            used = self._seed(scope, line.quota.name, line.window.starts_at) if self._seed else 0
            lifetime = max(line.window.ends_at - now, timedelta()) + COUNTER_OUTLIVES_WINDOW
            # Somebody else may have restored it by now, and counted on.
            self._redis.set(counter, max(0, used), nx=True, px=lifetime)


def _keys(scope: str, line: Line) -> tuple[str, str, str]:
    quota = f"quota:{scope}:{line.quota.name}"
    return f"{quota}:{_epoch_ms(line.window.starts_at) // 1000}", f"{quota}:limit", f"{quota}:closed"


def _epoch_ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND
