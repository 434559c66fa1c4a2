"""How often a service is asked, and how long it rests after a failure, on a real database."""

from datetime import timedelta

import pytest

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import SPENT, ScriptedBackend
from tests.fakes.desk import PROMPT, WORST_TOKENS, Desk
from training_analyzer.analysis.asking import LOADING_S
from training_analyzer.analysis.endings import ANSWERED, ENDINGS, Outcome
from training_analyzer.analysis.gates import Refusal
from training_analyzer.domain.insight import LimitReading, Reply
from training_analyzer.sdk import (
    CallLimit,
    NotAuthorized,
    PluginError,
    QuotaSpent,
    RateLimited,
    Unavailable,
)
from training_analyzer.storage import breakers


def outcome_of(error: PluginError) -> Outcome:
    ending = next(ending for kind, ending in ENDINGS if isinstance(error, kind))
    return Outcome(ending.outcome, error=error, ending=ending)


def test_declared_limits_are_kept_by_all_together(desk: Desk, clock: StoppedClock) -> None:
    limit = CallLimit(unit="requests", per="minute", limit=2)
    one = ScriptedBackend("one", "good", limits=(limit,))
    for _ in range(3):
        chain = desk.ask(one)
    assert len(one.prompts) == 2
    assert chain.notes == ["one: not asked, because its limit of 2 requests a minute is used up"]
    assert chain.better_after == NOW + timedelta(minutes=1)
    clock.advance(seconds=60)
    assert desk.ask(one).answer is not None


def test_tokens_are_counted_as_they_were_used(desk: Desk) -> None:
    limit = CallLimit(unit="tokens", per="minute", limit=WORST_TOKENS + 1100)
    one = ScriptedBackend("one", "good", limits=(limit,))
    assert desk.ask(one).answer is not None
    assert desk.ask(one).answer is not None, "1,100 were used, not the worst case"
    assert desk.ask(one).answer is None


def test_a_new_window_is_not_credited_with_what_an_old_one_counted(desk: Desk, clock: StoppedClock) -> None:
    one = ScriptedBackend("one", "good", limits=(CallLimit(unit="tokens", per="minute", limit=10_000),))
    answered = Outcome(ANSWERED, reply=Reply(text="good", model="m-1", usage=SPENT))
    clock.advance(seconds=-30)
    old = desk.purse().admit(one, PROMPT)
    clock.advance(seconds=61)
    new = desk.purse().admit(one, PROMPT)
    assert not isinstance(old, Refusal)
    assert not isinstance(new, Refusal)
    used = "SELECT used FROM call_windows WHERE unit = 'tokens'"
    old.settle(answered)
    assert desk.sql(used) == [(WORST_TOKENS,)], "what the new one is making"
    new.settle(answered)
    assert desk.sql(used) == [(SPENT.input_tokens + SPENT.output_tokens,)]


def test_a_request_larger_than_the_limit_is_never_made(desk: Desk) -> None:
    one = ScriptedBackend("one", "good", limits=(CallLimit(unit="tokens", per="minute", limit=10),))
    chain = desk.ask(one)
    assert (chain.answer, chain.better_after) == (None, None)


def test_limits_are_learned_from_what_the_service_says(desk: Desk, clock: StoppedClock) -> None:
    resets_at = NOW + timedelta(minutes=3)
    reading = LimitReading(unit="requests", per="day", limit=100, remaining=0, resets_at=resets_at)
    one = ScriptedBackend("one", Reply(text="good", model="m-1", usage=SPENT, limits=(reading,)))
    assert desk.ask(one).answer is not None
    chain = desk.ask(one)
    assert len(one.prompts) == 1
    assert chain.notes == ["one: not asked, because its limit of 100 requests a day is used up"]
    assert chain.better_after == resets_at
    clock.advance(seconds=181)
    assert desk.ask(one).answer is not None


@pytest.mark.parametrize(("contract", "said", "allowed"), [(2, 100, 2), (100, 2, 2)])
def test_of_two_limits_the_lower_one_is_kept(desk: Desk, contract: int, said: int, allowed: int) -> None:
    limit = CallLimit(unit="requests", per="day", limit=contract)
    reading = LimitReading(
        unit="requests", per="day", limit=said, remaining=said - 1, resets_at=NOW + timedelta(hours=9)
    )
    answer = Reply(text="good", model="m-1", usage=SPENT, limits=(reading,))
    one = ScriptedBackend("one", answer, limits=(limit,))
    for _ in range(allowed + 2):
        chain = desk.ask(one)
    assert len(one.prompts) == allowed
    assert chain.notes == [f"one: not asked, because its limit of {allowed} requests a day is used up"]


def test_a_limit_that_the_deployer_takes_away_is_gone(desk: Desk) -> None:
    day, minute = (CallLimit(unit="requests", per=per, limit=1) for per in ("day", "minute"))
    assert desk.ask(ScriptedBackend("one", "good", limits=(day, minute))).answer is not None
    assert desk.ask(ScriptedBackend("one", "good", limits=(minute,))).answer is None
    for _ in range(2):
        assert desk.ask(ScriptedBackend("one", "good")).answer is not None
    assert desk.ask(ScriptedBackend("one", "good", limits=(day,))).answer is None, "the day has had its one"


def test_a_limit_that_the_service_says_outlives_the_contract(desk: Desk) -> None:
    contract = CallLimit(unit="requests", per="day", limit=5)
    reading = LimitReading(
        unit="requests", per="day", limit=9, remaining=0, resets_at=NOW + timedelta(hours=9)
    )
    answer = Reply(text="good", model="m-1", usage=SPENT, limits=(reading,))
    assert desk.ask(ScriptedBackend("one", answer, limits=(contract,))).answer is not None
    (note,) = desk.ask(ScriptedBackend("one", answer)).notes
    assert note == "one: not asked, because its limit of 9 requests a day is used up"


def test_three_failures_in_a_row_open_the_breaker_for_longer_each_time(
    desk: Desk, clock: StoppedClock
) -> None:
    one = ScriptedBackend("one", Unavailable("503"))
    for _ in range(4):
        chain = desk.ask(one)
    assert len(one.prompts) == 3
    assert chain.notes[0].endswith("left alone until 2026-06-15 12:01 UTC: unavailable")
    assert chain.better_after == NOW + timedelta(seconds=30)
    clock.advance(seconds=31)
    desk.ask(one)
    desk.ask(one)
    assert len(one.prompts) == 4, "one probes"
    clock.advance(seconds=61)
    one.deeds = ["good"]
    assert desk.ask(one).answer is not None
    assert desk.ask(one).answer is not None


def test_while_one_probes_the_others_wait(desk: Desk, clock: StoppedClock) -> None:
    one = ScriptedBackend("one", Unavailable("503"), timeout_s=20)
    for _ in range(3):
        desk.ask(one)
    clock.advance(seconds=31)
    assert not isinstance(desk.purse().admit(one, PROMPT), Refusal)
    refused = desk.purse().admit(one, PROMPT)
    assert isinstance(refused, Refusal)
    assert refused.until == clock.now() + timedelta(seconds=20 + LOADING_S)


def test_a_spent_quota_rests_until_it_is_renewed_and_the_next_one_is_asked(
    desk: Desk, clock: StoppedClock
) -> None:
    midnight = NOW + timedelta(hours=20)
    one, two = ScriptedBackend("one", QuotaSpent("full", retry_at=midnight)), ScriptedBackend("two", "good")
    for _ in range(3):
        assert desk.ask(one, two).answer is not None
    assert (len(one.prompts), len(two.prompts)) == (1, 3)
    with desk.runtime.database.transaction() as tx:
        (opened,) = breakers.all_open(tx, now=clock.now())
    assert (opened.backend, opened.until) == ("one", midnight)


@pytest.mark.parametrize(
    "late",
    [
        Outcome(ANSWERED, reply=Reply(text="good", model="m-1", usage=SPENT)),
        outcome_of(RateLimited("slow down", retry_at=NOW + timedelta(minutes=1))),
        outcome_of(Unavailable("503")),
        outcome_of(NotAuthorized("key")),
    ],
    ids=lambda late: late.name,
)
def test_what_another_request_comes_to_later_does_not_shorten_the_rest(desk: Desk, late: Outcome) -> None:
    one, midnight = ScriptedBackend("one", "good"), NOW + timedelta(hours=20)
    first, second = desk.purse().admit(one, PROMPT), desk.purse().admit(one, PROMPT)
    assert not isinstance(first, Refusal)
    assert not isinstance(second, Refusal)
    first.settle(outcome_of(QuotaSpent("full", retry_at=midnight)))
    second.settle(late)
    refused = desk.purse().admit(one, PROMPT)
    assert isinstance(refused, Refusal)
    assert (refused.until, refused.ends_chain) == (midnight, False)


def test_a_probe_ends_the_rest_that_was_only_its_own(desk: Desk, clock: StoppedClock) -> None:
    one = ScriptedBackend("one", Unavailable("503"), timeout_s=20)
    for _ in range(3):
        desk.ask(one)
    clock.advance(seconds=31)
    one.deeds = [RateLimited("slow down", retry_at=clock.now() + timedelta(seconds=2))]
    desk.ask(one)
    clock.advance(seconds=3)
    one.deeds = ["good"]
    assert desk.ask(one).answer is not None, "2 seconds, and not the 30 that the probe might have taken"


def test_a_wrong_key_is_not_tried_again_and_again_and_nobody_gets_the_data_instead(
    desk: Desk, clock: StoppedClock
) -> None:
    one, two = ScriptedBackend("one", NotAuthorized("key")), ScriptedBackend("two", "good")
    for _ in range(3):
        assert desk.ask(one, two).answer is None
    assert (len(one.prompts), len(two.prompts)) == (1, 0)
    clock.advance(seconds=901)
    desk.ask(one, two)
    assert len(one.prompts) == 2
