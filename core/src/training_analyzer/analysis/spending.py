"""
What a request to an AI backend has to pass before it is made, in this order:

price known · facts not asked about too often · the backend's rate limits · budgets · breaker

Rights, enough data, the cache and the single flight come before (`permission`, `explaining`). All of it
lies in PostgreSQL, so it holds for all processes together. A request that passes has reserved its
worst case; whatever becomes of it is settled afterwards, and if its process dies it is charged in full.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.analysis.asking import MAX_BILLED, longest_s
from training_analyzer.analysis.endings import PASSING, TIME_TO_MEND, Breaker, Charge, Outcome, again_at
from training_analyzer.analysis.gates import Bill, Pass, Refusal, bill
from training_analyzer.analysis.prices import Prices, cost_microusd, worst_case
from training_analyzer.domain.insight import Prompt, Usage
from training_analyzer.domain.spending import (
    UNITS,
    Amount,
    Budgets,
    Call,
    OverBudget,
    Period,
    Scope,
    Settlement,
    Spent,
    ends_at,
)
from training_analyzer.sdk import InsightBackend, Price, RateLimited
from training_analyzer.storage import breakers, call_windows, spending
from training_analyzer.storage.database import Database, Transaction

LOGGER = logging.getLogger(__name__)

SAME_FACTS: Final = timedelta(days=1)
"""Within so long no more than `MAX_BILLED` requests about the same facts are billed."""
MOST_BILLED: Final = 3 * MAX_BILLED
"""After so many about the same facts, whenever, nobody waits for another day."""
OTHERS_SETTLE: Final = timedelta(seconds=30)
"""Where only others' reservations are in the way, their requests end within so long."""
LEASE_BEYOND_TIMEOUT_S: Final = 30.0
UNFORESEEN_BILL: Final = "its bill was not foreseen"


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms AI is asked: the deployer's budgets and prices."""

    budgets: Budgets
    prices: Prices = field(default_factory=Prices)
    soft_share: float = 0.8
    """From this share of a budget on, it is told of."""
    deadline_s: float = 60


class _Turned(Exception):
    """Rolls back what was counted for a request that is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why)
        self.refusal = refusal


class Purse:
    """Pays for what is written about some facts of one athlete."""

    def __init__(
        self,
        database: Database,
        athlete_id: UUID,
        cache_key: str,
        terms: Terms,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._athlete_id = athlete_id
        self._cache_key = cache_key
        self._terms = terms
        self._now = now

    def admit(self, backend: InsightBackend, prompt: Prompt) -> Pass | Refusal:
        now = self._now()
        info = backend.info
        worst = worst_case(prompt)
        price = self._terms.prices.dearest(backend, worst, now.date())
        if price is None:
            return Refusal(self._terms.prices.why_not_asked(info.model))
        charge_the_lost(self._database)
        amount = Amount(cost_microusd(price, worst), worst.input_tokens + worst.output_tokens)
        try:
            with self._database.transaction(self._athlete_id) as tx:
                call = self._pass(tx, backend, amount, now)
        except _Turned as turned:
            return turned.refusal
        return _Paid(self._database, self._terms, self._now, backend, call, price, self._cache_key)

    def _pass(self, tx: Transaction, backend: InsightBackend, amount: Amount, now: datetime) -> Call:
        info = backend.info
        asked = spending.asked_about(
            tx, self._athlete_id, self._cache_key, since=now - SAME_FACTS, passing=PASSING
        )
        if asked.billed >= MAX_BILLED:
            # Where the answers did not hold, others would not: only what passes is waited for.
            is_worth_it = asked.billed_failures and asked.ever_billed < MOST_BILLED
            until = asked.first_billed_at + SAME_FACTS if is_worth_it and asked.first_billed_at else None
            why = "the same facts were asked about often enough today"
            raise _Turned(Refusal(why, until, ends_chain=True))
        full = call_windows.take(tx, info.name, info.model, info.limits, tokens=amount.tokens, now=now)
        if full is not None:
            why = f"its limit of {full.limit} {full.unit} a {full.per} is used up"
            raise _Turned(Refusal(why, full.until))
        over = spending.reserve(tx, self._athlete_id, amount, self._terms.budgets, now=now)
        if over is not None:
            until = now + OTHERS_SETTLE if over.reserved else ends_at(over.period, now)
            raise _Turned(Refusal(_over(over), until))
        patience = timedelta(seconds=longest_s(backend))
        opened = breakers.pass_through(tx, info.name, info.model, now=now, patience=patience)
        if opened is not None:
            why = f"it is left alone until {opened.until:%Y-%m-%d %H:%M %Z}: {opened.reason}"
            raise _Turned(Refusal(why, opened.until, opened.ends_chain))
        return spending.begin(
            tx,
            self._athlete_id,
            self._cache_key,
            amount,
            backend=info.name,
            model=info.model,
            now=now,
            lease_s=info.timeout_s + LEASE_BEYOND_TIMEOUT_S,
        )


@dataclass(frozen=True, slots=True)
class _Paid:
    """A request whose worst case is reserved."""

    database: Database
    terms: Terms
    now: Callable[[], datetime]
    backend: InsightBackend
    call: Call
    price: Price
    """Of the dearest model that may answer: what is reserved."""
    cache_key: str

    def settle(self, outcome: Outcome) -> Bill:
        charged = self._bill(outcome)
        tokens = charged.usage.input_tokens + charged.usage.output_tokens
        settled = Settlement(
            outcome=outcome.name,
            answered=outcome.reply.model if outcome.reply else "",
            usage=charged.usage,
            microusd=charged.microusd,
            tokens=self.call.reserved.tokens if charged.billed and not tokens else tokens,
            billed=charged.billed,
            latency_ms=outcome.latency_ms,
        )
        limits = outcome.reply.limits if outcome.reply else getattr(outcome.error, "limits", ())
        with self.database.transaction(self.call.athlete_id) as tx:
            call_windows.correct(
                tx,
                self.call.backend,
                self.call.model,
                limits,
                counted_tokens=self.call.reserved.tokens,
                used_tokens=settled.tokens,
                asked_at=self.call.asked_at,
            )
            accounts = spending.settle(tx, self.call, settled)
            self._mind_the_breaker(tx, outcome, charged)
            again = self._again_at(tx, outcome)
        for account, spent in accounts.items():
            self._tell_of_soft_limits(account, spent, settled)
        return replace(charged, again_at=again)

    def _again_at(self, tx: Transaction, outcome: Outcome) -> datetime | None:
        if outcome.ending is None:
            return None
        now = self.now()
        athlete_id, key = self.call.athlete_id, self.cache_key
        asked = spending.asked_about(tx, athlete_id, key, since=now - SAME_FACTS, passing=PASSING)
        again = again_at(outcome, asked.failures, now)
        return None if again is None else min(again, now + breakers.LONGEST_QUOTA)

    def _bill(self, outcome: Outcome) -> Bill:
        usage = outcome.usage
        if usage is None:
            is_billed = outcome.reply is not None or (
                outcome.ending is not None and outcome.ending.charge is Charge.WORST_CASE
            )
            return Bill(Usage(), self.call.reserved.microusd if is_billed else 0, billed=is_billed)
        charged = bill(self.backend, self.price, self.terms.prices, outcome, usage, on=self.now().date())
        if charged.microusd <= self.call.reserved.microusd or charged.note:
            return charged
        answered = outcome.reply.model if outcome.reply else self.call.model
        return replace(charged, note=f"{answered} billed more than the dearest model was thought to")

    def _mind_the_breaker(self, tx: Transaction, outcome: Outcome, charged: Bill) -> None:
        name, model, now = self.call.backend, self.call.model, self.now()
        lease = self.call.asked_at + timedelta(seconds=longest_s(self.backend))
        if charged.note and self.call.reserved.microusd:
            # What nobody could foresee has happened once. It is not to happen again today. Where the deployer
            # says that the service is free, such as their own, it may call its models what it likes.
            LOGGER.warning("%s is not asked again today: %s", name, charged.note)
            opened = breakers.Open(ends_at("day", now), UNFORESEEN_BILL, ends_chain=False)
            breakers.open_until(tx, name, model, opened, lease=lease, now=now)
            return
        # All athletes read it: only the log has the service's own words.
        reason = outcome.name.replace("_", " ")
        match outcome.ending:
            case None:
                breakers.close(tx, name, model, lease=lease, now=now)
            case ending if ending.breaker is Breaker.NONE:
                breakers.close(tx, name, model, lease=lease, now=now)
            case ending if ending.breaker is Breaker.COUNT:
                breakers.fail(tx, name, model, reason=reason, lease=lease, now=now)
            case ending:
                until = now + TIME_TO_MEND
                if isinstance(outcome.error, RateLimited):
                    until = outcome.error.retry_at
                opened = breakers.Open(until, reason, ending.ends_chain)
                breakers.open_until(tx, name, model, opened, lease=lease, now=now)

    def _tell_of_soft_limits(self, account: tuple[Scope, Period], spent: Spent, settled: Settlement) -> None:
        """Log it once: with the request that passes the share."""
        budget = self.terms.budgets[account]
        added: Mapping[str, int] = {"microusd": settled.microusd, "tokens": settled.tokens, "requests": 1}
        for unit in UNITS:
            after = spent.of(unit, with_reserved=False)
            soft = self.terms.soft_share * budget.of(unit)
            if after >= soft > after - added[unit]:
                LOGGER.warning(
                    "AI has used %.0f %% of the %s's budget of a %s (%s)",
                    100 * after / budget.of(unit),
                    account[0],
                    account[1],
                    unit,
                )


def charge_the_lost(database: Database) -> int:
    """Charge the requests whose processes died, in full; return how many they were."""
    with database.transaction() as tx:
        leaked = spending.leaked(tx)
    lost = 0
    for call_id, athlete_id in leaked:
        with database.transaction(athlete_id) as tx:
            call = spending.lose(tx, call_id)
        if call is not None:
            lost += 1
            LOGGER.warning("a request to %s was lost with its process; it is charged in full", call.backend)
    return lost


def _over(over: OverBudget) -> str:
    limit = f"${over.limit / 1_000_000:.2f}" if over.unit == "microusd" else f"{over.limit} {over.unit}"
    whose = "your" if over.scope == "athlete" else "this server's"
    if over.reserved:
        return f"requests that are being made may use up {whose} budget of {limit} a {over.period}"
    return f"{whose} budget of {limit} a {over.period} is used up"
