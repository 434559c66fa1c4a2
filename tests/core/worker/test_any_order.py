"""Units of work in any order of events: a model in twenty lines, and PostgreSQL has to agree with it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from tests.conftest import NOW
from training_analyzer.domain.errors import Superseded
from training_analyzer.domain.events import Priority
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.storage.database import Database
from training_analyzer.storage.work import Claim, Owed

SUBJECTS: Final = ("a", "b")
ATHLETE: Final = UUID(int=1)
NEVER: Final = NOW + timedelta(days=10_000)


@dataclass
class Model:
    """What a unit has to be like."""

    causes: int = 0
    """How often it was asked for."""
    covered: int = 0
    """How many of these whoever settled it last knew of."""
    state: str = "none"
    fence: int = 0
    failures: int = 0
    waits: int = 0
    priority: Priority = "low"
    not_before: datetime = NEVER
    lease: str = ""
    seen: dict[int, int] = field(default_factory=dict)
    """By fence: the causes that this claim knows of."""


class AnyOrder(RuleBasedStateMachine):
    claims: Bundle[tuple[str, Claim]] = Bundle("claims")

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.units = {subject: Model() for subject in SUBJECTS}
        with self.database.transaction() as tx:
            tx.execute(text("DELETE FROM work"))

    def row(self, subject: str) -> Any:
        with self.database.transaction() as tx:
            return tx.execute(
                text("""
                    SELECT id, state, fence, failures, waits, priority, lease_until > now() AS live,
                           lease_until IS NOT NULL AS leased, not_before <= :now AS has_come,
                           not_before = 'infinity' AS never
                    FROM work WHERE subject = :subject
                """),
                {"subject": subject, "now": self.now},
            ).one_or_none()

    @rule(
        subject=st.sampled_from(SUBJECTS),
        priority=st.sampled_from(["first", "high", "low"]),
        delay_s=st.sampled_from([None, 60, 600]),
    )
    def owe(self, subject: str, priority: Priority, delay_s: float | None) -> None:
        moment = None if delay_s is None else self.now + timedelta(seconds=delay_s)
        with self.database.transaction() as tx:
            work.owe(tx, [Owed("measure", subject, ATHLETE, priority, not_before=moment)])
        unit = self.units[subject]
        unit.causes += 1
        if unit.state != "owed":
            unit.failures = unit.waits = 0
            unit.priority, unit.not_before = priority, NEVER
        unit.state = "owed"
        unit.priority = min(unit.priority, priority)
        unit.not_before = min(unit.not_before, moment or NOW)

    @rule(target=claims, subject=st.sampled_from(SUBJECTS))
    def claim(self, subject: str) -> Any:
        unit, row = self.units[subject], self.row(subject)
        if row is None:
            return multiple()
        with self.database.transaction() as tx:
            claimed = work.claim(tx, row.id, now=self.now, lease_s=1000)
        is_due = unit.lease == "expired" or (not unit.lease and unit.not_before <= self.now)
        assert (claimed is not None) == (unit.state == "owed" and is_due)
        if claimed is None:
            return multiple()
        unit.failures += unit.lease == "expired"
        unit.lease, unit.not_before = "live", NEVER
        unit.fence += 1
        unit.seen[unit.fence] = unit.causes
        assert (claimed.fence, claimed.failures) == (unit.fence, unit.failures)
        return (subject, claimed)

    @rule(subject=st.sampled_from(SUBJECTS))
    def its_worker_dies(self, subject: str) -> None:
        with self.database.transaction() as tx:
            tx.execute(
                text(
                    "UPDATE work SET lease_until = now() - interval '1 s' "
                    "WHERE subject = :subject AND lease_until IS NOT NULL"
                ),
                {"subject": subject},
            )
        if self.units[subject].lease:
            self.units[subject].lease = "expired"

    @rule(held=claims)
    def renew(self, held: tuple[str, Claim]) -> None:
        subject, claimed = held
        with self.database.transaction() as tx:
            renewed = work.renew(tx, claimed, lease_s=1000)
        assert renewed == self.holds(subject, claimed)
        if renewed:
            self.units[subject].lease = "live"

    @rule(held=claims, how=st.sampled_from(["finish", "fail", "wait", "release", "park"]))
    def settle(self, held: tuple[str, Claim], how: str) -> None:
        subject, claimed = held
        unit, until = self.units[subject], self.now + timedelta(seconds=300)
        if not self.holds(subject, claimed):
            with self.database.transaction() as tx:
                with pytest.raises(Superseded):
                    self.settled(tx, claimed, how, until)
                tx.rollback()
            return
        with self.database.transaction() as tx:
            work.hold(tx, claimed)
            self.settled(tx, claimed, how, until)
        is_all = unit.seen[claimed.fence] == unit.causes
        unit.lease = ""
        match how:
            case "finish":
                unit.state = "done" if is_all else "owed"
                unit.failures = unit.waits = 0
                unit.covered = unit.seen[claimed.fence]
            case "park":
                unit.state = "parked" if is_all else "owed"
                unit.failures = unit.failures + 1 if is_all else 0
                unit.covered = unit.seen[claimed.fence]
            case _:
                unit.failures += how == "fail"
                unit.waits += how == "wait"
                unit.not_before = min(unit.not_before, until)

    @rule(seconds=st.sampled_from([1, 100, 1000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def postgresql_agrees(self) -> None:
        for subject, unit in self.units.items():
            row = self.row(subject)
            if row is None:
                assert unit.state == "none"
                continue
            assert (row.state, row.fence, row.failures, row.waits, row.priority) == (
                *(unit.state, unit.fence, unit.failures, unit.waits, unit.priority),
            )
            assert {"": (False, None), "live": (True, True), "expired": (True, False)}[unit.lease] == (
                *(row.leased, row.live),
            )
            assert row.never == (unit.not_before == NEVER)
            assert row.has_come == (unit.not_before <= self.now)

    @invariant()
    def no_cause_is_lost(self) -> None:
        for unit in self.units.values():
            assert unit.state in {"none", "owed"} or unit.covered == unit.causes

    @invariant()
    def what_is_due_is_rung(self) -> None:
        with self.database.transaction() as tx:
            rung = {
                number
                for priority in ("high", "low")
                for number in work.ring(tx, priority, now=self.now, room=10, patience_s=0)
            }
            tx.rollback()
        due = {
            self.row(subject).id
            for subject, unit in self.units.items()
            if unit.state == "owed"
            and (unit.lease == "expired" or (not unit.lease and unit.not_before <= self.now))
        }
        assert rung == due

    def holds(self, subject: str, claimed: Claim) -> bool:
        unit = self.units[subject]
        return unit.fence == claimed.fence and unit.state == "owed" and bool(unit.lease)

    @staticmethod
    def settled(tx: Any, claimed: Claim, how: str, until: datetime) -> None:
        match how:
            case "finish":
                work.finish(tx, claimed)
            case "park":
                work.park(tx, claimed, why="given up")
            case _:
                {"fail": work.fail, "wait": work.wait, "release": work.release}[how](
                    tx, claimed, until=until, why="later"
                )


@pytest.mark.slow
def test_postgresql_agrees_with_the_model_in_any_order(runtime: Runtime) -> None:
    class Here(AnyOrder):
        database = runtime.database

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
