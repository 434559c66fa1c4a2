"""Waiting for what comes about by itself, in another process or thread, on however busy a machine."""

import subprocess
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

PATIENCE_S: Final = 300.0
"""A minute more costs nothing where all is well: only what never happens takes so long."""


def until(
    condition: Callable[[], object], what: str | Callable[[], str], *, look_every_s: float = 0.05
) -> None:
    """Wait for it, and fail with these words if it does not happen."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what if isinstance(what, str) else what()
        time.sleep(look_every_s)


def lives(pid: int) -> bool:
    """Tell whether a process runs: one that is dead, and not yet buried by its parent, does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state) and not state.startswith("Z")


def waiting(tx: Transaction) -> int:
    """Return how many transactions of this database wait for another one."""
    tx.execute(text("SELECT pg_stat_clear_snapshot()"))  # or who has come since is not seen in here
    return int(
        tx.execute(
            text("""
                SELECT count(*) FROM pg_locks JOIN pg_stat_activity a USING (pid)
                WHERE NOT granted AND a.datname = current_database()
            """)
        ).scalar_one()
    )
