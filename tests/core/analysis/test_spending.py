"""What a request has to pass, on a real database: budgets, and what is settled."""

from datetime import timedelta

import pytest

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import MICROUSD, SPENT, ScriptedBackend
from tests.fakes.desk import PROMPT, WORST_MICROUSD, WORST_TOKENS, Desk, terms
from training_analyzer.analysis.endings import ANSWERED, Outcome
from training_analyzer.analysis.gates import Refusal
from training_analyzer.analysis.prices import Prices
from training_analyzer.analysis.spending import Terms, charge_the_lost
from training_analyzer.domain.insight import Reply
from training_analyzer.domain.spending import Budget
from training_analyzer.sdk import (
    NotAuthorized,
    PriceTable,
    QuotaSpent,
    RateLimited,
    TimedOut,
    Truncated,
    Unavailable,
)
from training_analyzer.storage import spent


def test_what_a_request_cost_replaces_what_was_reserved(desk: Desk) -> None:
    chain = desk.ask(ScriptedBackend("one", "good"))
    assert chain.answer is not None
    assert chain.attempts[0].cost_microusd == MICROUSD
    assert desk.spent() == (MICROUSD, 0, 1, SPENT.input_tokens + SPENT.output_tokens, 0)


def test_the_worst_case_is_reserved_while_it_is_asked(desk: Desk) -> None:
    admitted = desk.purse().admit(ScriptedBackend("one", "good"), PROMPT)
    assert not isinstance(admitted, Refusal)
    assert desk.spent() == (0, WORST_MICROUSD, 1, 0, WORST_TOKENS)


@pytest.mark.parametrize(
    ("failure", "money", "tokens"),
    [
        (Unavailable("503"), 0, 0),
        (RateLimited("slow", retry_at=NOW + timedelta(minutes=1)), 0, 0),
        (NotAuthorized("key"), 0, 0),
        (TimedOut("late"), WORST_MICROUSD, WORST_TOKENS),
        (RuntimeError("a bug"), WORST_MICROUSD, WORST_TOKENS),
        (TimedOut("late", usage=SPENT), MICROUSD, 1100),
    ],
)
def test_what_may_have_been_billed_is_charged(
    desk: Desk, failure: Exception, money: int, tokens: int
) -> None:
    desk.ask(ScriptedBackend("one", failure))
    assert desk.spent() == (money, 0, 1, tokens, 0)


def test_an_answer_that_does_not_say_what_it_used_is_charged_in_full(desk: Desk) -> None:
    desk.ask(
        ScriptedBackend(
            "one",
            Reply(
                text="good",
                model="m-1",
                usage=SPENT.model_copy(update={"input_tokens": 0, "output_tokens": 0}),
            ),
        )
    )
    assert desk.spent()[0] == WORST_MICROUSD


@pytest.mark.parametrize("account", ["athlete_day", "athlete_month", "deployment_day", "deployment_month"])
@pytest.mark.parametrize(
    ("unit", "limit", "fits"),
    [("microusd", WORST_MICROUSD, True), ("microusd", WORST_MICROUSD - 1, False),
     ("tokens", WORST_TOKENS, True), ("tokens", WORST_TOKENS - 1, False),
     ("requests", 1, True), ("requests", 0, False)],
)  # fmt: skip
def test_a_budget_holds_to_the_last_unit(desk: Desk, account: str, unit: str, limit: int, fits: bool) -> None:
    desk.terms = terms(
        **{account: Budget(**{"microusd": 10**9, "requests": 9, "tokens": 10**9, unit: limit})}
    )
    one = ScriptedBackend("one", "good")
    chain = desk.ask(one)
    assert len(one.prompts) == int(fits)
    if not fits:
        assert "budget of" in chain.notes[0]
        assert "is used up" in chain.notes[0]
        assert desk.sql("SELECT * FROM athlete_spending") == [], "what is turned away leaves no trace"
        assert desk.sql("SELECT * FROM model_calls") == []


def test_a_spent_budget_says_when_it_is_whole_again(desk: Desk) -> None:
    desk.terms = terms(athlete_day=Budget(0, 9, 10**9))
    assert desk.ask(ScriptedBackend("one", "good")).better_after == NOW.replace(
        hour=0, minute=0, second=0
    ) + timedelta(days=1)
    desk.terms = terms(deployment_month=Budget(0, 9, 10**9))
    assert desk.ask(ScriptedBackend("one", "good")).better_after == NOW.replace(
        month=7, day=1, hour=0, minute=0, second=0
    )


def test_where_only_reservations_are_in_the_way_it_is_tried_again_soon(desk: Desk) -> None:
    desk.terms = terms(athlete_day=Budget(WORST_MICROUSD + 1, 9, 10**9))
    desk.purse().admit(ScriptedBackend("one", "good"), PROMPT)
    chain = desk.ask(ScriptedBackend("one", "good"))
    assert "requests that are being made may use up your budget of $0.01 a day" in chain.notes[0]
    assert chain.better_after == NOW + timedelta(seconds=30)


def test_a_new_day_has_a_new_budget(desk: Desk, clock: StoppedClock) -> None:
    desk.terms = terms(athlete_day=Budget(10**9, 1, 10**9))
    one = ScriptedBackend("one", "good")
    desk.ask(one)
    desk.ask(one)
    assert len(one.prompts) == 1
    clock.advance(days=1)
    desk.ask(one)
    assert len(one.prompts) == 2


def test_an_unknown_price_is_no_price(desk: Desk) -> None:
    one = ScriptedBackend("one", "good", price=None)
    chain = desk.ask(one)
    assert one.prompts == []
    assert "the price of m-1 is not known" in chain.notes[0]


def test_the_deployers_table_goes_first(desk: Desk) -> None:
    table = PriceTable.parse(
        '[[models]]\nbackend="one"\nid="m-1"\ninput_usd=100\noutput_usd=0\nsince=2026-01-01\nsource="contract"'
    )
    desk.terms = Terms(terms().budgets, Prices(table))
    assert desk.ask(ScriptedBackend("one", "good", price=None)).attempts[0].cost_microusd == 100_000
    assert desk.ask(ScriptedBackend("two", "good")).attempts[0].cost_microusd == MICROUSD


def test_the_same_facts_are_billed_twice_a_day_at_most(desk: Desk, clock: StoppedClock) -> None:
    one = ScriptedBackend("one", "bad")
    desk.ask(one, key="same")
    chain = desk.ask(one, key="same")
    assert len(one.prompts) == 2
    assert "asked about often enough today" in chain.notes[0]
    clock.advance(days=1, seconds=1)
    desk.ask(one, key="same")
    assert len(one.prompts) == 4
    free = ScriptedBackend("free", Unavailable("503"))
    for _ in range(3):
        desk.ask(free, key="others")
    assert len(free.prompts) == 3, "what cost nothing does not count"


def test_who_fails_again_is_asked_again_later_and_later(desk: Desk, clock: StoppedClock) -> None:
    one, waits = ScriptedBackend("one", Unavailable("503")), []
    for _ in range(12):
        again = desk.ask(one, key="same").better_after
        assert again is not None
        waits.append((again - clock.now()) / timedelta(minutes=1))
        clock.advance(days=1)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert desk.ask(one, key="others").better_after == clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize(("said_s", "waits"), [(0, [60, 120, 240, 480]), (200, [200, 200, 240, 480])])
def test_a_service_that_says_at_once_each_time_is_asked_later_and_later(
    desk: Desk, clock: StoppedClock, said_s: int, waits: list[int]
) -> None:
    one = ScriptedBackend("one", "good")
    for wait_s in waits:
        one.deeds = [RateLimited("slow down", retry_at=clock.now() + timedelta(seconds=said_s))]
        assert desk.ask(one, key="same").better_after == clock.now() + timedelta(seconds=wait_s)
        clock.advance(seconds=wait_s)
    assert len(one.prompts) == len(waits)


def test_what_may_be_billed_is_owed_again_on_three_days_at_most(desk: Desk, clock: StoppedClock) -> None:
    one = ScriptedBackend("one", Truncated("cut"))
    for day in (1, 2, 3):
        desk.ask(one, key="same")
        clock.advance(seconds=60)
        desk.ask(one, key="same")
        refused = desk.ask(one, key="same")
        tomorrow = clock.now() - timedelta(seconds=60) + timedelta(days=1)
        assert refused.better_after == (tomorrow if day < 3 else None)
        assert len(one.prompts) == 2 * day
        clock.advance(days=1)


def test_what_does_not_hold_is_not_asked_for_again(desk: Desk) -> None:
    one = ScriptedBackend("one", "bad")
    assert desk.ask(one, key="same").better_after is None
    assert desk.ask(one, key="same").better_after is None


def test_a_service_may_not_put_us_off_for_longer_than_a_day(desk: Desk) -> None:
    one = ScriptedBackend("one", QuotaSpent("full", retry_at=NOW + timedelta(days=400)))
    assert desk.ask(one).better_after == NOW + timedelta(hours=25)


def test_a_request_that_died_is_charged_once_and_a_late_answer_corrects_it(desk: Desk) -> None:
    one = ScriptedBackend("one", "good")
    admitted = desk.purse().admit(one, PROMPT)
    assert not isinstance(admitted, Refusal)
    assert charge_the_lost(desk.runtime.database) == 0, "its process lives"
    desk.sql("UPDATE model_calls SET lease_until = now() - interval '1 second'")
    assert charge_the_lost(desk.runtime.database) == 1
    assert charge_the_lost(desk.runtime.database) == 0
    assert desk.spent() == (WORST_MICROUSD, 0, 1, WORST_TOKENS, 0)
    admitted.settle(Outcome(ANSWERED, reply=one.generate(PROMPT)))
    assert desk.spent() == (MICROUSD, 0, 1, 1100, 0)


def test_the_log_tells_once_of_a_budget_that_runs_out(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.terms = terms(athlete_day=Budget(10**9, 5, 10**9))
    for _ in range(5):
        desk.ask(ScriptedBackend("one", "good"))
    told = [record.message for record in caplog.records if "budget" in record.message]
    assert told == ["AI has used 80 % of the athlete's budget of a day (requests)"]


def test_the_athlete_may_be_erased_meanwhile(desk: Desk) -> None:
    one = ScriptedBackend("one", "good")
    admitted = desk.purse().admit(one, PROMPT)
    assert not isinstance(admitted, Refusal)
    desk.sql("DELETE FROM athletes WHERE id = :id", id=desk.athlete_id)
    admitted.settle(Outcome(ANSWERED, reply=one.generate(PROMPT)))
    with desk.runtime.database.transaction() as tx:
        total = spent.of_deployment(tx, now=NOW)["day"]["", ""]
    assert (total.microusd, total.reserved_microusd) == (MICROUSD, 0)
