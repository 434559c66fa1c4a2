from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from training_analyzer.domain.events import Priority
from training_analyzer.quota.gate import Denied, Granted, QuotaGate
from training_analyzer.quota.reserve import Reserve
from training_analyzer.sdk.quota import QuotaRules

MIDNIGHT = datetime(2026, 5, 4, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
SKEW = timedelta(seconds=2)
QUARTER = frozenset({"quarter"})
DAY = frozenset({"day"})
BOTH = QUARTER | DAY
# The best row of the simulation: 40 of 100 in a quarter of an hour, 1,000 of 1,000 in a day.
PACED = Reserve(short=0.4, day=1.0)

GateAt = Callable[..., QuotaGate]
Service = Callable[..., QuotaRules]


def low_grants(gate: QuotaGate, rules: QuotaRules, charged: frozenset[str], *, tries: int = 200) -> int:
    return sum(isinstance(gate.acquire(rules, charged, "low"), Granted) for _ in range(tries))


@pytest.mark.parametrize(
    ("minute", "room"),
    [(0.05, 60), (3.75, 70), (7.5, 80), (14.9, 100)],
    ids=["begun", "quarter", "half", "over"],
)
def test_the_reserve_of_a_window_melts_until_it_ends(
    gate_at: GateAt, small_service: Service, minute: float, room: int
) -> None:
    gate = gate_at(NOON + timedelta(minutes=minute), reserve=PACED)
    assert low_grants(gate, small_service(quarter=100), QUARTER) == room


@pytest.mark.parametrize(("hours", "room"), [(0, 0), (6, 25), (12, 50), (18, 75)])
def test_the_reserve_of_a_day_paces_low_over_the_day(
    gate_at: GateAt, small_service: Service, hours: float, room: int
) -> None:
    gate = gate_at(MIDNIGHT + timedelta(hours=hours, seconds=5), reserve=PACED)
    assert low_grants(gate, small_service(day=100), DAY) == room


def test_high_may_use_what_low_has_left(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOON + timedelta(seconds=5), reserve=PACED), small_service(quarter=100)
    low = low_grants(gate, rules, QUARTER)
    high = sum(isinstance(gate.acquire(rules, QUARTER, "high"), Granted) for _ in range(200))
    assert (low, high) == (60, 40)


def test_what_high_has_used_is_not_reserved_a_second_time(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOON + timedelta(seconds=5), reserve=PACED), small_service(quarter=100)
    for _ in range(30):
        gate.acquire(rules, QUARTER, "high")
    assert low_grants(gate, rules, QUARTER) == 30


def test_without_a_reserve_low_may_use_everything(gate_at: GateAt, small_service: Service) -> None:
    assert low_grants(gate_at(MIDNIGHT + timedelta(seconds=5)), small_service(quarter=30, day=20), BOTH) == 20


def test_low_comes_back_as_soon_as_the_reserve_leaves_room(gate_at: GateAt, small_service: Service) -> None:
    rules, moment = small_service(quarter=100), NOON + timedelta(seconds=5)
    low_grants(gate_at(moment, reserve=PACED), rules, QUARTER)
    denied = gate_at(moment, reserve=PACED).acquire(rules, QUARTER, "low")
    assert isinstance(denied, Denied)
    # 40 % of 100 melt in 900 s: one request each 22.5 s, and the first after half of that.
    assert timedelta(seconds=6) < denied.retry_at - moment < timedelta(seconds=25)
    assert isinstance(gate_at(denied.retry_at, reserve=PACED).acquire(rules, QUARTER, "low"), Granted)


def test_low_that_waits_for_the_day_s_reserve_waits_for_the_next_short_window(
    gate_at: GateAt, small_service: Service
) -> None:
    rules, moment = small_service(quarter=100, day=1000), NOON + timedelta(minutes=2)
    assert (
        500
        <= low_grants(gate_at(moment, reserve=Reserve(day=1.0)), small_service(day=1000), DAY, tries=600)
        <= 502
    )
    denied = gate_at(moment, reserve=Reserve(day=1.0)).acquire(rules, BOTH, "low")
    assert denied == Denied(NOON + timedelta(minutes=15) + SKEW, ("day",))
    assert low_grants(gate_at(denied.retry_at, reserve=Reserve(day=1.0)), rules, BOTH) in {8, 9, 10}


@pytest.mark.parametrize("hours", range(0, 24, 5))
def test_low_never_waits_for_longer_than_it_must_and_always_gets_on(
    gate_at: GateAt, small_service: Service, hours: int
) -> None:
    rules, moment = small_service(quarter=7, day=50), MIDNIGHT + timedelta(hours=hours, seconds=5)
    granted = 0
    for _ in range(30):
        verdict = gate_at(moment, reserve=PACED).acquire(rules, BOTH, "low")
        granted += isinstance(verdict, Granted)
        if isinstance(verdict, Denied):
            assert verdict.retry_at > moment
            moment = verdict.retry_at
    assert granted >= 10


NEWCOMERS = Reserve(short=0.4, day=1.0, first_short=0.1, first_day=0.05)


def grants(
    gate: QuotaGate, rules: QuotaRules, charged: frozenset[str], priority: Priority, *, tries: int = 200
) -> int:
    return sum(isinstance(gate.acquire(rules, charged, priority), Granted) for _ in range(tries))


@pytest.mark.parametrize(("minute", "high"), [(0.1, 90), (7, 90), (13.9, 90), (14.5, 95), (14.96, 100)])
def test_high_leaves_some_of_a_window_for_newcomers_until_its_last_minute(
    gate_at: GateAt, small_service: Service, minute: float, high: int
) -> None:
    gate = gate_at(NOON + timedelta(minutes=minute), reserve=NEWCOMERS)
    rules = small_service(quarter=100)
    assert grants(gate, rules, QUARTER, "high") == high
    assert grants(gate, rules, QUARTER, "low") == 0
    assert grants(gate, rules, QUARTER, "first") == 100 - high


@pytest.mark.parametrize(("hours", "high"), [(0.1, 950), (12, 950), (22, 950), (23.2, 975), (23.99, 1000)])
def test_high_leaves_a_twentieth_of_the_day_for_newcomers_until_the_evening(
    gate_at: GateAt, small_service: Service, hours: float, high: int
) -> None:
    gate = gate_at(MIDNIGHT + timedelta(hours=hours), reserve=NEWCOMERS)
    rules = small_service(day=1000)
    assert grants(gate, rules, DAY, "high", tries=1001) == high
    assert grants(gate, rules, DAY, "first") == 1000 - high


def test_high_comes_back_when_no_newcomer_came(gate_at: GateAt, small_service: Service) -> None:
    rules, moment = small_service(quarter=100), NOON + timedelta(seconds=5)
    grants(gate_at(moment, reserve=NEWCOMERS), rules, QUARTER, "high")
    denied = gate_at(moment, reserve=NEWCOMERS).acquire(rules, QUARTER, "high")
    assert denied == Denied(NOON + timedelta(minutes=14, seconds=4), ("quarter",))
    assert isinstance(gate_at(denied.retry_at, reserve=NEWCOMERS).acquire(rules, QUARTER, "high"), Granted)


@pytest.mark.parametrize("priority", ["high", "low"])
def test_where_a_quota_is_tiny_nobody_waits_for_ever(
    gate_at: GateAt, small_service: Service, priority: Priority
) -> None:
    gate = gate_at(NOON + timedelta(seconds=5), reserve=NEWCOMERS)
    assert grants(gate, small_service(quarter=1), QUARTER, priority) == 1


def test_a_reserve_is_a_share() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Reserve(day=300)
