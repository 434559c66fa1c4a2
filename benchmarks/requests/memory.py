"""What a worker needs that lists and fetches a long history."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.requests.deployment import simulated
from benchmarks.requests.figures import Figure
from benchmarks.strava import ThinAthlete
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.settings import PREFIX
from training_analyzer_strava.simulator.world import World

MEASURED = """
import os, resource, sys
from sqlalchemy import text
from training_analyzer.runtime import Runtime
from training_analyzer.worker.run import prepare, work_on
from training_analyzer.storage import work

runtime = Runtime.read(brief=True)
runtime.keys
prepare(runtime)
highest = 0
for _ in range(int(sys.argv[1])):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        for priority in ("high", "low"):
            with runtime.database.transaction() as tx:
                tx.execute(text("DELETE FROM work WHERE resource IS NULL"))
                due = work.ring(tx, priority, now=runtime.now(), room=1, patience_s=0)
            if due:
                work_on(runtime, due[0])
                break
        runtime.close()
        os._exit(0)
    _, _, usage = os.wait4(child, 0)
    highest = max(highest, usage.ru_maxrss)
print(highest)
"""


def memory(servers: EmbeddedServers) -> Iterator[Figure]:
    """The most that a work-horse takes that lists and fetches a history of 5,000 activities of four hours."""
    start = datetime.now(UTC)
    athlete = ThinAthlete(1, start, 5000, timedelta(hours=17), samples=14_400)
    with simulated(servers, World([athlete]), start, history_days=3650, athletes_limit=1) as day:
        day.connect(athlete.athlete_id)
        settings = day.runtime.settings
        assert settings.database_url
        assert settings.redis_url
        assert settings.secret_keys
        wanted = {
            "PLUGINS": "strava",
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "SECRET_KEYS": settings.secret_keys.get_secret_value(),
            "HISTORY_DAYS": "3650",
            "ATHLETES_LIMIT": "1",
            **{
                f"PLUGIN__STRAVA__{name.upper()}": str(value)
                for name, value in settings.plugin["strava"].items()
            },
        }
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, "60"],
            env={**{n: v for n, v in os.environ.items() if not n.startswith(PREFIX)}}
            | {f"{PREFIX}{name}": value for name, value in wanted.items()},
            capture_output=True,
            text=True,
            check=True,
        )
        purposes = Counter(one.purpose for one in day.strava.journal.records())
    megabytes = int(done.stdout) / 1024
    yield Figure(
        f"memory of a worker: {purposes['list']} lists, {purposes['streams']} streams of 5,000 activities",
        f"{megabytes:.0f} MB",
        "< 150 MB",
        megabytes < 150,
    )
