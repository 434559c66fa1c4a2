from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from training_analyzer.domain.clock import Clock
from training_analyzer.quota.gate import Denied, Granted, QuotaGate
from training_analyzer.sdk.errors import Unavailable
from training_analyzer.sdk.quota import QuotaReading, QuotaRules

NOW = datetime(2026, 5, 4, 12, 7, tzinfo=UTC)
QUARTER_ENDS = datetime(2026, 5, 4, 12, 15, tzinfo=UTC)
SKEW = timedelta(seconds=2)
READ = frozenset({"quarter", "read_quarter", "day", "read_day"})
UPLOAD = frozenset({"quarter", "day"})

GateAt = Callable[..., QuotaGate]
Service = Callable[..., QuotaRules]


def used(gate: QuotaGate, rules: QuotaRules) -> dict[str, int]:
    return {usage.name: usage.used for usage in gate.usage(rules)}


def grants(gate: QuotaGate, rules: QuotaRules, charged: frozenset[str] = READ, *, tries: int) -> int:
    return sum(isinstance(gate.acquire(rules, charged, "high"), Granted) for _ in range(tries))


def test_exactly_the_limit_is_granted_until_the_window_ends(gate_at: GateAt, small_service: Service) -> None:
    rules = small_service()
    assert grants(gate_at(NOW), rules, tries=8) == 5
    denied = gate_at(NOW).acquire(rules, READ, "high")
    assert denied == Denied(QUARTER_ENDS + SKEW, ("read_quarter",))


def test_a_request_is_counted_on_all_its_quotas_or_on_none(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    grants(gate, rules, tries=7)
    assert used(gate, rules) == {"day": 5, "read_day": 5, "quarter": 5, "read_quarter": 5}
    assert grants(gate, rules, UPLOAD, tries=7) == 5
    assert used(gate, rules) == {"day": 10, "read_day": 5, "quarter": 10, "read_quarter": 5}


def test_a_new_window_begins_at_the_boundary_of_the_clock(gate_at: GateAt, small_service: Service) -> None:
    rules = small_service()
    assert grants(gate_at(QUARTER_ENDS - timedelta(seconds=10)), rules, tries=9) == 5
    assert grants(gate_at(QUARTER_ENDS + SKEW), rules, tries=9) == 5
    assert used(gate_at(QUARTER_ENDS + SKEW), rules)["read_day"] == 10


def test_the_day_is_over_at_midnight_utc(gate_at: GateAt, small_service: Service) -> None:
    rules = small_service(day=3)
    denied = [gate_at(NOW).acquire(rules, READ, "high") for _ in range(4)][-1]
    assert denied == Denied(datetime(2026, 5, 5, 0, 0, 2, tzinfo=UTC), ("day", "read_day"))
    assert grants(gate_at(datetime(2026, 5, 5, 0, 0, 2, tzinfo=UTC)), rules, tries=4) == 3


def test_beside_a_boundary_a_request_has_to_fit_into_both_windows(
    gate_at: GateAt, small_service: Service
) -> None:
    rules = small_service()
    grants(gate_at(NOW), rules, tries=4)
    just_after = gate_at(QUARTER_ENDS + timedelta(seconds=1))
    # The service's clock may still be in the old window, which has room for one.
    assert grants(just_after, rules, tries=3) == 1
    assert just_after.acquire(rules, READ, "high") == Denied(QUARTER_ENDS + SKEW, ("read_quarter",))
    assert grants(gate_at(QUARTER_ENDS + SKEW), rules, tries=9) == 4


def test_free_requests_need_no_redis(tmp_path: Path, small_service: Service) -> None:
    gate = QuotaGate(redis.Redis(unix_socket_path=str(tmp_path / "none")), clock=Clock.fixed(NOW))
    assert isinstance(gate.acquire(small_service(), frozenset(), "low"), Granted)


def test_without_redis_nothing_is_granted(tmp_path: Path, small_service: Service) -> None:
    client = redis.Redis(unix_socket_path=str(tmp_path / "none"), retry=Retry(NoBackoff(), 0))
    with pytest.raises(Unavailable, match="Nothing is sent uncounted"):
        QuotaGate(client, clock=Clock.fixed(NOW)).acquire(small_service(), READ, "high")


def test_a_quota_that_the_rules_do_not_have_is_a_mistake(gate_at: GateAt, small_service: Service) -> None:
    with pytest.raises(ValueError, match="no quota named week"):
        gate_at(NOW).acquire(small_service(), {"week", "day"}, "high")


def test_scopes_do_not_share(gate_at: GateAt, small_service: Service) -> None:
    assert grants(gate_at(NOW), small_service(scope="small:1"), tries=9) == 5
    assert grants(gate_at(NOW), small_service(scope="small:2"), tries=9) == 5


def test_applications_and_providers_share_one_gate_and_nothing_else(
    gate_at: GateAt, small_service: Service
) -> None:
    gate = gate_at(NOW)
    one, two = small_service(scope="small:1"), small_service(scope="small:2", read_quarter=3)
    other = small_service(scope="other:1", quarter=4)
    all_of_them = (one, two, other)

    turns = [
        isinstance(gate.acquire(rules, READ, "high"), Granted) for _ in range(9) for rules in all_of_them
    ]
    assert [sum(turns[place::3]) for place in range(3)] == [5, 3, 4], "each has its own limits"
    assert [used(gate, rules)["day"] for rules in all_of_them] == [5, 3, 4]

    later = gate_at(QUARTER_ENDS + SKEW)
    later.close(two, {"day"}, sent_at=QUARTER_ENDS + SKEW)
    later.learn(other, [QuotaReading(name="quarter", limit=2)], sent_at=QUARTER_ENDS + SKEW)
    assert [grants(later, rules, tries=9) for rules in all_of_them] == [5, 0, 2], "and its own closures"


def test_readings_only_raise_the_count(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    grants(gate, rules, tries=2)
    gate.learn(
        rules, [QuotaReading(name="read_quarter", used=4), QuotaReading(name="day", used=1)], sent_at=NOW
    )
    assert used(gate, rules) == {"day": 2, "read_day": 2, "quarter": 2, "read_quarter": 4}
    assert grants(gate, rules, tries=3) == 1


def test_limits_are_replaced_by_what_the_service_says(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    gate.learn(
        rules, [QuotaReading(name="read_quarter", limit=7), QuotaReading(name="week", limit=1)], sent_at=NOW
    )
    assert grants(gate, rules, tries=9) == 7
    next_quarter = gate_at(QUARTER_ENDS + SKEW)
    next_quarter.learn(rules, [QuotaReading(name="read_quarter", limit=2)], sent_at=QUARTER_ENDS + SKEW)
    assert grants(next_quarter, rules, tries=9) == 2
    assert next(usage.limit for usage in gate.usage(rules, {"read_quarter"})) == 2


@pytest.mark.parametrize(("sent_after_s", "answered_after_s"), [(-5, 5), (1, 1), (1, 5), (-1, -1)], ids=str)
def test_usage_read_beside_a_boundary_is_not_believed(
    gate_at: GateAt, small_service: Service, sent_after_s: int, answered_after_s: int
) -> None:
    rules = small_service()
    answered = gate_at(QUARTER_ENDS + timedelta(seconds=answered_after_s))
    sent_at = QUARTER_ENDS + timedelta(seconds=sent_after_s)
    answered.learn(
        rules, [QuotaReading(name="quarter", used=10), QuotaReading(name="day", used=9)], sent_at=sent_at
    )
    # 10 may be the usage of the quarter that was; the day goes on.
    assert used(answered, rules)["quarter"] == 0
    assert used(answered, rules)["day"] == 9


def test_a_closed_quota_opens_at_the_next_boundary(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    assert gate.close(rules, {"read_quarter"}, sent_at=NOW) == QUARTER_ENDS + SKEW
    assert used(gate, rules)["read_quarter"] == 5
    assert gate.acquire(rules, READ, "high") == Denied(QUARTER_ENDS + SKEW, ("read_quarter",))
    assert grants(gate, rules, UPLOAD, tries=1) == 1
    assert grants(gate_at(QUARTER_ENDS + SKEW), rules, tries=9) == 5


def test_a_closure_that_outlasts_its_window_by_the_skew_does_not_fill_the_next(
    gate_at: GateAt, small_service: Service
) -> None:
    rules = small_service()
    gate_at(NOW).close(rules, {"read_quarter"}, sent_at=NOW)
    assert used(gate_at(QUARTER_ENDS + timedelta(seconds=1)), rules)["read_quarter"] == 0


def test_a_raised_limit_does_not_open_a_closed_quota(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    gate.close(rules, {"read_quarter"}, sent_at=NOW)
    gate.learn(rules, [QuotaReading(name="read_quarter", limit=50)], sent_at=NOW)
    assert grants(gate, rules, tries=1) == 0


def test_a_closure_is_prolonged_but_never_shortened(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    until = NOW + timedelta(hours=1)
    assert gate.close(rules, {"quarter"}, sent_at=NOW, until=until) == until
    gate.close(rules, {"quarter"}, sent_at=NOW)
    assert gate.acquire(rules, READ, "high") == Denied(until, ("quarter",))
    assert grants(gate_at(until - timedelta(minutes=1)), rules, tries=1) == 0
    assert grants(gate_at(until + SKEW), rules, tries=1) == 1


def test_a_refusal_that_arrives_late_does_not_close_the_new_window(
    gate_at: GateAt, small_service: Service
) -> None:
    rules = small_service()
    answered = gate_at(QUARTER_ENDS + timedelta(seconds=5))
    answered.close(rules, {"read_quarter"}, sent_at=QUARTER_ENDS - timedelta(seconds=5))
    assert grants(answered, rules, tries=9) == 5


def test_an_emptied_redis_continues_from_what_is_known(
    gate_at: GateAt, valkey: redis.Redis, small_service: Service
) -> None:
    known = {"quarter": 3, "read_quarter": 3, "day": 30, "read_day": 12}
    asked: list[tuple[str, str, datetime]] = []

    def seed(scope: str, quota: str, window_start: datetime) -> int:
        asked.append((scope, quota, window_start))
        return known[quota]

    rules, gate = small_service(), gate_at(NOW, seed=seed)
    for _ in range(2):
        valkey.flushall()
        assert grants(gate, rules, tries=9) == 2
        assert used(gate, rules) == {"day": 32, "read_day": 14, "quarter": 5, "read_quarter": 5}
    midnight = datetime(2026, 5, 4, tzinfo=UTC)
    assert sorted(set(asked)) == [
        ("small:1", "day", midnight),
        ("small:1", "quarter", QUARTER_ENDS - timedelta(minutes=15)),
        ("small:1", "read_day", midnight),
        ("small:1", "read_quarter", QUARTER_ENDS - timedelta(minutes=15)),
    ]
    assert len(asked) == 8  # once for each loss


def test_what_is_restored_meanwhile_by_another_is_kept(gate_at: GateAt, small_service: Service) -> None:
    rules, other = small_service(), gate_at(NOW)

    def seed(scope: str, quota: str, window_start: datetime) -> int:
        other.acquire(rules, READ, "high")  # begins to count while we look it up
        return 0

    gate = gate_at(NOW, seed=seed)
    gate.acquire(rules, READ, "high")
    assert used(gate, rules)["read_quarter"] >= 2


def test_counters_leave_by_themselves(gate_at: GateAt, valkey: redis.Redis, small_service: Service) -> None:
    rules = small_service()
    gate_at(NOW).acquire(rules, READ, "high")
    gate_at(NOW).learn(rules, [QuotaReading(name="quarter", used=4, limit=6)], sent_at=NOW)
    gate_at(NOW).close(rules, {"quarter"}, sent_at=NOW)
    lifetimes = {bytes(key).decode(): valkey.ttl(key) for key in valkey.scan_iter()}
    assert len(lifetimes) == 6
    assert all(0 < lifetime <= 7 * 86_400 for lifetime in lifetimes.values())
    quarter_start = int((QUARTER_ENDS - timedelta(minutes=15)).timestamp())
    assert lifetimes[f"quota:small:1:quarter:{quarter_start}"] <= 8 * 60 + 5 * 60


def test_usage_says_when_the_window_resets(gate_at: GateAt, small_service: Service) -> None:
    gate, rules = gate_at(NOW), small_service()
    gate.acquire(rules, UPLOAD, "high")
    (quarter,) = gate.usage(rules, {"quarter"})
    assert (quarter.limit, quarter.used, quarter.window_s, quarter.resets_at) == (10, 1, 900, QUARTER_ENDS)
    assert quarter.window_start == QUARTER_ENDS - timedelta(minutes=15)
