"""Asking for the newest activities now: done at once, and not again and again at the cost of all others."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.ingestion.conftest import Account
from tests.fakes.provider import FakeService
from training_analyzer.storage import listings
from training_analyzer.worker.run import work_on


@pytest.mark.parametrize(("everything", "rest_s"), [(False, 60), (True, 900)])
def test_who_asks_again_and_again_is_listed_once_in_a_while(
    account: Account, service: FakeService, everything: bool, rest_s: int
) -> None:
    service.add(1, NOW)
    account.begin()
    account.wait(seconds=rest_s)
    before = len(service.calls)
    for _ in range(60):
        account.sync(everything=everything)
        account.wait(seconds=rest_s / 20)
    assert len(service.calls) - before == 2 * 4, "at once, and after each rest: two pages each"


def test_what_came_within_a_rest_is_there_after_it(account: Account, service: FakeService) -> None:
    account.begin()
    account.sync(everything=False)
    service.add(0.001, NOW)
    account.sync(everything=False)
    assert account.stored() == {}
    account.wait(seconds=60)
    assert account.stored() == {"1": (True, True)}


@pytest.mark.parametrize(("minutes", "priority"), [(2, "low"), (16, "high")])
def test_who_has_just_been_listed_goes_behind_whoever_has_not(
    account: Account, minutes: float, priority: str
) -> None:
    account.begin()
    account.sync(everything=False)
    account.clock.advance(seconds=minutes * 60)
    account.ask(everything=False)
    with account.runtime.database.transaction() as tx:
        owed = tx.execute(
            text(
                "SELECT priority, not_before <= :now FROM work WHERE kind = 'list' AND state = 'owed' ORDER BY 1"
            ),
            {"now": account.clock.moment},
        ).all()
    assert (priority, True) in [tuple(unit) for unit in owed]


def test_a_list_that_connecting_again_ends_was_never_complete(account: Account, service: FakeService) -> None:
    service.page_size = 2
    for days_ago in range(6):
        service.add(days_ago + 0.5, NOW)
    connection = account.now

    def last_done() -> tuple[datetime | None, int]:
        with account.runtime.database.transaction(connection.athlete_id) as tx:
            spent = listings.requests_of_everything(tx, connection.id)
            return listings.last_done(tx, connection.id), spent

    with account.runtime.database.transaction() as tx:
        first = tx.execute(text("SELECT id FROM work WHERE kind = 'list' ORDER BY id LIMIT 1")).scalar_one()
    work_on(account.runtime, first)
    account.clock.advance(seconds=3600)
    account.connect()
    assert last_done() == (None, 1)
    account.work_off()
    assert last_done() == (NOW + timedelta(hours=1), 5)
    account.connect()
    assert last_done() == (NOW + timedelta(hours=1), 5), "what was planned, and is given up, was no list"
