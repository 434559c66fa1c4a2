"""The gate: one count of every quota for all processes, kept in Redis, asked before each request."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

import redis
from pydantic import AwareDatetime, NonNegativeInt, PositiveInt

from training_analyzer.domain.clock import Clock
from training_analyzer.domain.events import Priority
from training_analyzer.domain.values import Value
from training_analyzer.quota.reserve import Reserve, released_at
from training_analyzer.quota.windows import CLOCK_SKEW, EPOCH, QuotaWindow, window_at, windows_around
from training_analyzer.sdk.errors import Unavailable
from training_analyzer.sdk.quota import Quota, QuotaReading, QuotaRules

Seed = Callable[[str, str, datetime], int]
"""(scope, quota, start of the window) -> how much of it is known to be used, from PostgreSQL."""

SCRIPT = files(__package__).joinpath("gate.lua").read_text(encoding="utf-8")
COUNTER_OUTLIVES_WINDOW = timedelta(minutes=5)
LIMIT_LIFETIME = timedelta(days=7)
MILLISECOND = timedelta(milliseconds=1)
SEEDING_ATTEMPTS = 5
"""Redis would have to be emptied this often in the milliseconds of one request."""


@dataclass(frozen=True, slots=True)
class Granted:
    """The request is counted and may be sent."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Denied:
    """The request may not be sent before `retry_at`, because of the quotas named."""

    retry_at: datetime
    quotas: tuple[str, ...]


class QuotaUsage(Value):
    """How much of one quota is used in its current window. `used` may exceed the limit."""

    name: str
    limit: PositiveInt
    used: NonNegativeInt
    window_s: PositiveInt
    resets_at: AwareDatetime

    @property
    def window_start(self) -> datetime:
        return self.resets_at - timedelta(seconds=self.window_s)


@dataclass(frozen=True, slots=True)
class _Line:
    """One quota in one of its windows, and what is to be noted about it. Zero: nothing."""

    quota: Quota
    window: QuotaWindow
    reserve: float = 0.0
    used: int = 0
    limit: int = 0
    closed_until: datetime = EPOCH


@dataclass(frozen=True, slots=True)
class _State:
    """How a line stands after the script ran."""

    used: int
    limit: int
    closed_until: datetime
    blocked: bool


class QuotaGate:
    """
    Counts requests against quotas, for all threads, processes and machines that share a Redis.

    Windows follow `clock`. `seed` restores counters that Redis has lost; without it they begin at
    zero. `reserve` says which share of a quota work of low priority leaves alone when a window
    begins (see `Reserve`). Every method raises `Unavailable` where Redis does not answer: what
    cannot be counted must not be sent.
    """

    def __init__(
        self,
        client: redis.Redis,
        *,
        clock: Clock,
        seed: Seed | None = None,
        reserve: Callable[[Quota], float] = Reserve(),  # noqa: B008 - a frozen value
    ) -> None:
        self._redis = client
        self._script = client.register_script(SCRIPT)
        self._clock = clock
        self._seed = seed
        self._reserve = reserve

    def now(self) -> datetime:
        """Return what the gate's clock says."""
        return self._clock.now()

    def acquire(self, rules: QuotaRules, charged: Collection[str], priority: Priority) -> Granted | Denied:
        """Count one request against all the charged quotas, or against none of them."""
        now = self._clock.now()
        quotas = _select(rules, charged)
        if not quotas:
            return Granted(now)
        lines = [
            _Line(quota, window, reserve=self._reserve(quota) if priority == "low" else 0.0)
            for quota in quotas
            for window in windows_around(now, quota.window_s)
        ]
        granted, states = self._run(rules.scope, lines, now, charge=True)
        if granted:
            return Granted(now)
        blocked = [(line, state) for line, state in zip(lines, states, strict=True) if state.blocked]
        names = tuple(dict.fromkeys(line.quota.name for line, _ in blocked))
        shortest = window_at(now, min(quota.window_s for quota in quotas))
        return Denied(max(_opens_at(line, state, now, shortest) for line, state in blocked), names)

    def learn(self, rules: QuotaRules, readings: Iterable[QuotaReading], *, sent_at: datetime) -> None:
        """
        Take in what an answer says: limits are replaced, usage is only ever raised.

        Usage is ignored where a boundary lies so close to the request that nobody can tell of
        which window the service speaks; the next answer will tell.
        """
        now = self._clock.now()
        quotas = {quota.name: quota for quota in rules.quotas}
        lines = []
        for reading in readings:
            quota = quotas.get(reading.name)
            if quota is None:
                continue
            window = window_at(now, quota.window_s)
            certain = (
                windows_around(sent_at, quota.window_s) == windows_around(now, quota.window_s) == (window,)
            )
            used = (reading.used or 0) if certain else 0
            lines.append(_Line(quota, window, used=used, limit=reading.limit or 0))
        if lines:
            self._run(rules.scope, lines, now)

    def close(
        self, rules: QuotaRules, names: Collection[str], *, sent_at: datetime, until: datetime | None = None
    ) -> datetime:
        """
        Let nothing through on these quotas until their windows end, and return when that is.

        `sent_at` is when the refused request was sent: its window is the one that is closed. A
        later `until` prolongs the closure.
        """
        now = self._clock.now()
        lines = []
        for quota in _select(rules, names):
            ends_at = window_at(sent_at, quota.window_s).ends_at + CLOCK_SKEW
            closed_until = max(ends_at, until or ends_at)
            lines.append(_Line(quota, window_at(now, quota.window_s), closed_until=closed_until))
        if not lines:
            raise ValueError("there is no quota to close")
        self._run(rules.scope, lines, now)
        return max(line.closed_until for line in lines)

    def usage(self, rules: QuotaRules, names: Collection[str] | None = None) -> tuple[QuotaUsage, ...]:
        """Return how much is used of these quotas, or of all. A closed window counts as full."""
        now = self._clock.now()
        quotas = rules.quotas if names is None else _select(rules, names)
        lines = [_Line(quota, window_at(now, quota.window_s)) for quota in quotas]
        _, states = self._run(rules.scope, lines, now) if lines else (True, [])
        return tuple(
            QuotaUsage(
                name=line.quota.name,
                limit=state.limit,
                used=max(state.used, state.limit) if state.closed_until > now else state.used,
                window_s=line.quota.window_s,
                resets_at=line.window.ends_at,
            )
            for line, state in zip(lines, states, strict=True)
        )

    def _run(
        self, scope: str, lines: Sequence[_Line], now: datetime, *, charge: bool = False
    ) -> tuple[bool, list[_State]]:
        """Run the script, once more for each time that it found counters missing."""
        keys = [key for line in lines for key in _keys(scope, line)]
        arguments: list[int | float] = [_epoch_ms(now), int(charge), LIMIT_LIFETIME // MILLISECOND]
        for line in lines:
            held_share = line.reserve * line.window.fraction_left(now)
            arguments += [line.quota.limit, held_share, line.used, line.limit, _epoch_ms(line.closed_until)]
        try:
            for _ in range(SEEDING_ATTEMPTS):
                verdict, *numbers = self._script(keys=keys, args=arguments)
                rows = [numbers[start : start + 4] for start in range(0, len(numbers), 4)]
                if verdict >= 0:
                    return verdict == 1, [
                        _State(used, limit, EPOCH + closed * MILLISECOND, bool(blocked))
                        for used, limit, closed, blocked in rows
                    ]
                self._restore(scope, [line for line, row in zip(lines, rows, strict=True) if row[0] < 0], now)
        except redis.RedisError as error:
            raise Unavailable(
                f"The quota of {scope} cannot be counted, because Redis fails ({error}). "
                "Nothing is sent uncounted. See that Redis runs and that its URL is right."
            ) from error
        raise Unavailable(f"The quota of {scope} cannot be counted: Redis loses its counters at once.")

    def _restore(self, scope: str, lines: Sequence[_Line], now: datetime) -> None:
        for line in lines:
            counter = _keys(scope, line)[0]
            used = self._seed(scope, line.quota.name, line.window.starts_at) if self._seed else 0
            lifetime = max(line.window.ends_at - now, timedelta()) + COUNTER_OUTLIVES_WINDOW
            # Somebody else may have restored it by now, and counted on.
            self._redis.set(counter, max(0, used), nx=True, px=lifetime)


def _select(rules: QuotaRules, names: Collection[str]) -> tuple[Quota, ...]:
    unknown = set(names) - {quota.name for quota in rules.quotas}
    if unknown:
        raise ValueError(f"{rules.scope} has no quota named {', '.join(sorted(unknown))}")
    return tuple(quota for quota in rules.quotas if quota.name in names)


def _keys(scope: str, line: _Line) -> tuple[str, str, str]:
    quota = f"quota:{scope}:{line.quota.name}"
    return f"{quota}:{_epoch_ms(line.window.starts_at) // 1000}", f"{quota}:limit", f"{quota}:closed"


def _epoch_ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def _opens_at(line: _Line, state: _State, now: datetime, shortest: QuotaWindow) -> datetime:
    if state.closed_until > now:
        return state.closed_until
    next_window = line.window.ends_at + CLOCK_SKEW
    if state.used >= state.limit:
        return next_window
    moment = released_at(line.window, share=line.reserve, limit=state.limit, used=state.used)
    moment = max(now, moment) + timedelta(seconds=1)
    if line.window.ends_at > shortest.ends_at:
        # A day's reserve melts by single requests; waking for each of them would be a rush for one place.
        moment = max(moment, shortest.ends_at + CLOCK_SKEW)
    return min(moment, next_window)
