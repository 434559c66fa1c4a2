"""The gate: one count of every quota for all processes, kept in Redis, asked before each request."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from pydantic import AwareDatetime, NonNegativeInt, PositiveInt

from training_analyzer.domain.clock import Clock
from training_analyzer.domain.events import Priority
from training_analyzer.domain.values import Value
from training_analyzer.quota.arrival import arrival
from training_analyzer.quota.counters import Counters, Line, Seed, State
from training_analyzer.quota.reserve import Reserve
from training_analyzer.quota.windows import CLOCK_SKEW, QuotaWindow, window_at, windows_around
from training_analyzer.sdk.quota import Quota, QuotaReading, QuotaRules


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


class QuotaGate:
    """
    Counts requests against quotas, for all threads, processes and machines that share a Redis.

    Windows follow `clock`. `seed` restores counters that Redis has lost; without it they begin at
    zero. `reserve` says what the less urgent leaves for the more urgent. Every
    method raises `Unavailable` where Redis does not answer: what cannot be counted must not be sent.
    """

    def __init__(
        self,
        client: redis.Redis,
        *,
        clock: Clock,
        seed: Seed | None = None,
        reserve: Reserve = Reserve(),  # noqa: B008 - a frozen value
    ) -> None:
        self._counters = Counters(client, seed)
        self._clock = clock
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
            Line(
                quota,
                window,
                held_share=self._reserve.held(quota, priority, fraction_left=window.fraction_left(now)),
            )
            for quota in quotas
            for window in windows_around(now, quota.window_s)
        ]
        granted, states = self._counters.update(rules.scope, lines, now, charge=True)
        if granted:
            return Granted(now)
        blocked = [(line, state) for line, state in zip(lines, states, strict=True) if state.blocked]
        names = tuple(dict.fromkeys(line.quota.name for line, _ in blocked))
        shortest = window_at(now, min(quota.window_s for quota in quotas))
        return Denied(
            max(self._opens_at(line, state, priority, now, shortest) for line, state in blocked), names
        )

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
            lines.append(Line(quota, window, used=used, limit=reading.limit or 0))
        if lines:
            self._counters.update(rules.scope, lines, now)

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
            lines.append(Line(quota, window_at(now, quota.window_s), closed_until=closed_until))
        if not lines:
            raise ValueError("there is no quota to close")
        self._counters.update(rules.scope, lines, now)
        return max(line.closed_until for line in lines)

    def usage(self, rules: QuotaRules, names: Collection[str] | None = None) -> tuple[QuotaUsage, ...]:
        """Return how much of these quotas, or of all, is used. A window closed to its end is full."""
        now = self._clock.now()
        quotas = rules.quotas if names is None else _select(rules, names)
        lines = [Line(quota, window_at(now, quota.window_s)) for quota in quotas]
        _, states = self._counters.update(rules.scope, lines, now) if lines else (True, [])
        return tuple(
            QuotaUsage(
                name=line.quota.name,
                limit=state.limit,
                used=max(state.used, state.limit)
                if state.closed_until >= line.window.ends_at
                else state.used,
                window_s=line.quota.window_s,
                resets_at=line.window.ends_at,
            )
            for line, state in zip(lines, states, strict=True)
        )

    def arrival(self, rules: QuotaRules, *, high: int, low: int) -> datetime | None:
        """Return when so many requests of each priority will have been sent. See `quota.arrival`."""
        quotas = {quota.name: quota for quota in rules.quotas}
        used = [
            (quotas[one.name].model_copy(update={"limit": one.limit}), one.used) for one in self.usage(rules)
        ]
        return arrival(used, self._reserve, high=high, low=low, now=self._clock.now())

    def _opens_at(
        self, line: Line, state: State, priority: Priority, now: datetime, shortest: QuotaWindow
    ) -> datetime:
        if state.closed_until > now:
            return state.closed_until
        next_window = line.window.ends_at + CLOCK_SKEW
        if state.used >= state.limit:
            return next_window
        moment = self._reserve.released_at(
            line.quota, priority, line.window, limit=state.limit, used=state.used
        )
        moment = max(now, moment) + timedelta(seconds=1)
        if line.window.ends_at > shortest.ends_at:
            # A day's reserve melts by single requests; waking for each of them would be a rush for one place.
            moment = max(moment, shortest.ends_at + CLOCK_SKEW)
        return min(moment, next_window)


def _select(rules: QuotaRules, names: Collection[str]) -> tuple[Quota, ...]:
    unknown = set(names) - {quota.name for quota in rules.quotas}
    if unknown:
        raise ValueError(f"{rules.scope} has no quota named {', '.join(sorted(unknown))}")
    return tuple(quota for quota in rules.quotas if quota.name in names)
