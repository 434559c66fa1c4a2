"""Many threads and many processes at once: what is granted is the limit, to the last request."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import redis

from tests.waiting import PATIENCE_S
from training_analyzer.quota.gate import Granted, QuotaGate
from training_analyzer.sdk.quota import QuotaRules

NOW = datetime(2026, 5, 4, 12, 7, tzinfo=UTC)
READ = frozenset({"quarter", "read_quarter", "day", "read_day"})

PROCESSES = """
import os, sys
from datetime import datetime
import redis
from training_analyzer.domain.clock import Clock
from training_analyzer.quota.gate import Granted, QuotaGate
from training_analyzer.sdk.quota import Quota, Unlimited

rules = Unlimited("raced")
rules.quotas = (Quota(name="short", limit=100, window_s=900), Quota(name="day", limit=90, window_s=86400))
children = []
for _ in range(4):
    children.append(os.fork())
    if not children[-1]:
        clock = Clock.fixed(datetime.fromisoformat(sys.argv[2]))
        gate = QuotaGate(redis.Redis.from_url(sys.argv[1]), clock=clock)
        verdicts = [gate.acquire(rules, {"short", "day"}, "high") for _ in range(100)]
        os.write(1, b"%d\\n" % sum(isinstance(verdict, Granted) for verdict in verdicts))
        os._exit(0)
for child in children:
    os.waitpid(child, 0)
"""


def test_threads_never_exceed_a_limit(
    gate_at: Callable[..., QuotaGate], small_service: Callable[..., QuotaRules]
) -> None:
    gate, rules = gate_at(NOW), small_service(quarter=80, read_quarter=70, day=75)
    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda _: gate.acquire(rules, READ, "high"), range(200)))
    assert sum(isinstance(verdict, Granted) for verdict in verdicts) == 70
    assert {usage.used for usage in gate.usage(rules)} == {70}


def test_processes_never_exceed_a_limit(valkey: redis.Redis, valkey_url: str) -> None:
    command = [sys.executable, "-c", PROCESSES, valkey_url, NOW.isoformat()]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE_S).stdout
    granted = [int(line) for line in output.split()]
    assert len(granted) == 4
    assert sum(granted) == 90
    counters = [int(valkey.get(key) or 0) for key in valkey.keys("quota:raced:*")]
    assert counters == [90, 90]
