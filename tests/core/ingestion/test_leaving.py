"""Athletes who leave at the provider without a word: what came from there goes in time, unless they are back."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.ingestion.conftest import Account
from tests.fakes.provider import FakeService
from training_analyzer.domain.events import AccessInDoubt
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import DataRights, Forbidden, MissingScope, NotAuthorized, Unavailable
from training_analyzer.storage import connections, erasing
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.worker.dispatcher import begin

A_POLL = 6 * 3600 + 1


@pytest.fixture
def left(account: Account, service: FakeService) -> StoredConnection:
    """An athlete with one activity, whose connection was refused when it was listed again."""
    asks_to_erase(account.runtime, within_days=30)
    service.add(1, NOW)
    account.begin()
    account.refuse(NotAuthorized("It does not let us in."))
    account.wait(seconds=A_POLL)
    return account.now


def asks_to_erase(runtime: Runtime, *, within_days: int) -> None:
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=within_days)}


def doubt(account: Account) -> None:
    """As a webhook does that says that the athlete has left."""
    connection = account.now
    account.hear(
        AccessInDoubt(
            athlete_id=connection.athlete_id, connection_id=connection.id, provider=connection.provider
        )
    )
    account.work_off()


def erasing_owed(account: Account) -> bool:
    with account.runtime.database.transaction() as tx:
        owed = tx.execute(text("SELECT count(*) FROM work WHERE kind = 'erase' AND state = 'owed'")).scalar()
    return bool(owed)


def held(account: Account) -> tuple[int, int]:
    """Return how many recordings there are, and how many records of erasing."""
    with account.runtime.database.transaction(account.now.athlete_id) as tx:
        row = tx.execute(
            text("SELECT (SELECT count(*) FROM recordings), (SELECT count(*) FROM erasures)")
        ).one()
    return int(row[0]), int(row[1])


def test_what_came_from_there_goes_before_the_time_is_up(account: Account, left: StoredConnection) -> None:
    assert left.status == "reconnect"
    by = (account.clock.moment + timedelta(days=28)).date()
    assert left.problem == (
        f"It does not let us in. Connect again by {by}, or what came from there is erased here."
    )
    account.wait(days=27.9)
    assert held(account) == (1, 0)
    account.wait(days=0.2)
    assert held(account) == (0, 1)
    now = account.now
    assert now.status == "reconnect"
    assert "has been erased here" in (now.problem or "")


def test_whoever_connects_again_keeps_everything_and_has_the_whole_time_when_they_leave_again(
    account: Account, left: StoredConnection, connect: Callable[[], UUID]
) -> None:
    account.clock.advance(days=20)
    account.refuse(NotAuthorized("It does not let us in."))
    assert connect() == left.id
    account.work_off()  # and is refused at once
    account.wait(days=20)
    assert held(account) == (1, 0), "the time begins anew"
    account.refuse(None)
    connect()
    account.work_off()
    account.wait(days=20)
    assert held(account) == (1, 0)


def test_a_permission_that_is_missing_is_no_farewell(account: Account, service: FakeService) -> None:
    asks_to_erase(account.runtime, within_days=30)
    service.add(1, NOW)
    account.begin()
    account.refuse(MissingScope("Tick the box.", scopes=("read",)))
    account.wait(seconds=A_POLL)
    assert account.now.problem == "Tick the box."
    account.wait(days=60)
    assert held(account) == (1, 0)


def test_a_bad_hour_of_the_provider_erases_nothing(
    account: Account, service: FakeService, left: StoredConnection
) -> None:
    """Before anything is erased, the provider is asked once more, until it answers."""
    assert left.status == "reconnect"
    service.add(2, NOW)
    account.clock.advance(days=28.1)
    for unclear in (Unavailable("It is down."), Forbidden("Not now.")):
        account.refuse(unclear)
        account.work_off()
        assert held(account) == (1, 0)
        assert erasing_owed(account)
        account.clock.advance(days=1.1)
    account.refuse(None)
    account.work_off()
    now = account.now
    assert (now.status, now.problem) == ("active", None)
    assert held(account) == (2, 0), "and listed again"
    account.wait(days=40)
    assert held(account) == (2, 0)


def test_a_permission_that_is_missing_on_the_last_day_erases_nothing(
    account: Account, left: StoredConnection
) -> None:
    assert left.status == "reconnect"
    account.refuse(MissingScope("Tick the box.", scopes=("read",)))
    account.wait(days=28.1)
    assert held(account) == (1, 0)
    assert account.now.problem == "Tick the box."
    assert not erasing_owed(account)


def test_whoever_is_let_in_when_asked_is_back(
    account: Account, service: FakeService, left: StoredConnection
) -> None:
    account.refuse(None)
    service.add(2, NOW)
    doubt(account)
    assert account.now.status == "active"
    assert not erasing_owed(account)
    assert held(account) == (2, 0)


def test_whoever_lets_in_to_less_when_asked_is_not_erased_without_a_word(
    account: Account, left: StoredConnection
) -> None:
    account.refuse(Forbidden("Not now."))
    doubt(account)
    assert account.now.problem == left.problem, "that says less than what is known"
    assert erasing_owed(account)
    account.refuse(MissingScope("Tick the box.", scopes=("read",)))
    doubt(account)
    assert account.now.problem == "Tick the box."
    assert not erasing_owed(account)


def test_what_is_not_allowed_is_no_farewell(account: Account) -> None:
    asks_to_erase(account.runtime, within_days=30)
    account.begin()
    account.refuse(Forbidden("Not for you."))
    account.wait(seconds=A_POLL)
    assert (account.now.status, account.now.problem) == ("reconnect", "Not for you.")
    assert not erasing_owed(account)


def test_a_farewell_that_is_confirmed_is_the_last_word(account: Account, left: StoredConnection) -> None:
    for _ in range(2):
        doubt(account)
        assert held(account) == (0, 1)
        assert (account.now.problem or "").startswith("You disconnected this server there, so everything")
        assert not erasing_owed(account)
        account.clock.advance(days=30)


def test_who_was_refused_before_there_was_a_day_of_erasing_is_given_one(
    account: Account, service: FakeService
) -> None:
    """As before an update that brought erasing, or terms that ask for it."""
    service.add(1, NOW)
    account.begin()
    account.refuse(NotAuthorized("It does not let us in."))
    account.wait(seconds=A_POLL)
    assert account.now.problem == "It does not let us in."
    begin(account.runtime)
    assert not erasing_owed(account), "no terms ask for it"
    asks_to_erase(account.runtime, within_days=30)
    with account.runtime.database.transaction(account.now.athlete_id) as tx:
        tx.execute(
            text("UPDATE connections SET updated_at = CAST(:long_ago AS timestamptz)"),
            {"long_ago": account.clock.moment - timedelta(days=90)},
        )
    before = account.now
    begin(account.runtime)
    told = account.now.problem
    assert account.now.updated_at == before.updated_at, "whoever asks the provider meanwhile is heard"
    by = (account.clock.moment + timedelta(days=7)).date()
    assert told == (
        f"It does not let us in. Connect again by {by}: if this server is refused then, "
        "what came from there is erased here."
    )
    begin(account.runtime)
    asks_to_erase(account.runtime, within_days=20)
    begin(account.runtime)
    assert account.now.problem == told, "it has its day already"
    account.wait(days=6.9)
    assert held(account) == (1, 0)
    account.wait(days=0.2)
    assert held(account) == (0, 1)
    asks_to_erase(account.runtime, within_days=30)
    begin(account.runtime)
    assert not erasing_owed(account), "there is nothing left"


@pytest.mark.parametrize("meanwhile", [{}, {"other": DataRights(erase_within_days=9)}])
def test_other_providers_terms_date_nobody(
    account: Account, service: FakeService, meanwhile: Mapping[str, DataRights]
) -> None:
    """As where a plugin is enabled, or one did not start: who was refused a thing has not left."""
    asks_to_erase(account.runtime, within_days=30)
    begin(account.runtime)
    service.add(1, NOW)
    account.begin()
    account.refuse(Forbidden("Not for you."))
    account.wait(seconds=A_POLL)
    asked = account.runtime.rights
    account.runtime.__dict__["rights"] = meanwhile
    begin(account.runtime)
    account.runtime.__dict__["rights"] = {**meanwhile, **asked}
    begin(account.runtime)
    assert (account.now.problem, erasing_owed(account)) == ("Not for you.", False)


def test_a_connection_that_brought_no_activity_has_its_day_until_it_is_emptied(account: Account) -> None:
    """There may be a profile, and what was asked."""
    connection = account.now
    with account.runtime.database.transaction(connection.athlete_id) as tx:
        connections.mark_reconnect(tx, connection.id, "It does not let us in.")
        (found,) = connections.undated(tx, connection.athlete_id, ["fake"])
        assert found.id == connection.id
        erasing.erase_connection(tx, connection, keep_it=True)
        assert not connections.undated(tx, connection.athlete_id, ["fake"])


@pytest.mark.parametrize("hours", [0.5, 20, 70], ids=str)
def test_a_bad_hour_or_day_of_the_provider_is_over_soon_after(
    account: Account, service: FakeService, hours: float
) -> None:
    """It refuses everybody by mistake: an hour, a day and three days after, it is asked with one request."""
    asks_to_erase(account.runtime, within_days=30)
    account.begin()
    account.refuse(NotAuthorized("It does not let us in."))
    account.wait(seconds=A_POLL)
    pass_hours(account, hours)
    assert account.now.status == "reconnect"
    account.refuse(None)
    service.add(0, account.clock.moment)
    pass_hours(account, 2 * hours + 1)
    assert (account.now.status, account.now.problem) == ("active", None)
    assert held(account) == (1, 0), "and listed again"
    assert not erasing_owed(account)


def test_who_has_left_is_asked_about_three_times_before_the_last_day(
    account: Account, service: FakeService, left: StoredConnection
) -> None:
    assert left.status == "reconnect"
    before = len(service.asked("list"))
    pass_hours(account, 24 * 27)
    assert len(service.asked("list")) - before == 3
    assert held(account) == (1, 0)
    assert account.now.problem == left.problem, "the day stays what it is"
    account.wait(days=1.1)
    assert held(account) == (0, 1)


def test_what_is_forbidden_is_asked_for_every_day_and_let_in_when_it_is_not(
    account: Account, service: FakeService
) -> None:
    asks_to_erase(account.runtime, within_days=30)
    account.begin()
    account.refuse(Forbidden("Not for you."))
    account.wait(seconds=A_POLL)
    before = len(service.asked("list"))
    pass_hours(account, 24 * 10)
    assert len(service.asked("list")) - before == 10
    account.refuse(None)
    pass_hours(account, 25)
    assert account.now.status == "active"


def test_who_was_forbidden_and_then_leaves_is_told_the_day(account: Account, service: FakeService) -> None:
    asks_to_erase(account.runtime, within_days=30)
    service.add(1, NOW)
    account.begin()
    account.refuse(Forbidden("Not for you."))
    account.wait(seconds=A_POLL)
    assert not erasing_owed(account)
    account.refuse(NotAuthorized("It does not let us in."))
    pass_hours(account, 25)
    assert erasing_owed(account)
    assert "Connect again by" in (account.now.problem or "")


def test_whoever_is_let_in_to_lists_alone_is_not_listed_every_hour(
    account: Account, service: FakeService
) -> None:
    """What is refused is not what is asked for again: an hour and a day after, then every three days."""

    def fault(method: str, _subject: str) -> None:
        if method == "fetch":
            raise NotAuthorized("It does not let us in.")

    asks_to_erase(account.runtime, within_days=30)
    service.add(1, NOW)
    account.begin()
    service.fault = fault
    service.add(0, NOW)
    pass_hours(account, 7)
    assert account.now.status == "reconnect"
    before = len(service.calls)
    pass_hours(account, 24 * 20)
    assert len(service.calls) - before <= 5 * (2 + 20 / 3)


def test_every_bad_hour_of_the_provider_has_its_end_however_many_there_are(account: Account) -> None:
    """What was not asked after one of them, as we were let in before, is asked after the next."""

    def hours_until(status: str) -> float:
        since = account.clock.moment
        while account.now.status != status:
            assert account.clock.moment - since < timedelta(days=5)
            account.wait(seconds=1800)
        return (account.clock.moment - since) / timedelta(hours=1)

    asks_to_erase(account.runtime, within_days=30)
    account.begin()
    hours = []
    for _ in range(4):
        account.refuse(NotAuthorized("It does not let us in."))
        hours_until("reconnect")
        account.refuse(None)
        hours.append(hours_until("active"))
        account.wait(days=4)
    assert hours == [1, 24, 72, 72], "by PostgreSQL's clock all of it is within three days"
    assert not erasing_owed(account)


def pass_hours(account: Account, hours: float) -> None:
    step = 0.5 if hours < 100 else 6
    for _ in range(int(hours / step)):
        account.wait(seconds=step * 3600)
