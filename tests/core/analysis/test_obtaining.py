"""What is obtained without paying, and what is kept when an AI may not be asked."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import ScriptedBackend
from tests.fakes.desk import terms
from tests.fakes.racing import CONTEXT
from training_analyzer.analysis import obtaining
from training_analyzer.analysis.obtaining import InFlight
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.spending import Terms
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Insight
from training_analyzer.domain.spending import Budget
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import (
    BadData,
    BadRequest,
    NotAuthorized,
    QuotaSpent,
    RateLimited,
    Refused,
    TimedOut,
    Truncated,
    Unavailable,
)
from training_analyzer.storage import flights, insights
from training_analyzer_groq.standin import EMPTY_REPLY


class Shelf:
    def __init__(self, runtime: Runtime, clock: StoppedClock, athlete_id: UUID) -> None:
        self.database, self.clock, self.athlete_id = runtime.database, clock, athlete_id
        self.backend = ScriptedBackend("one", EMPTY_REPLY)

    def obtain(self, key: str, given: Terms | None = None) -> obtaining.Obtained:
        return obtaining.obtain(
            self.database,
            self.athlete_id,
            key,
            lambda gate: write(
                CONTEXT, Permission(context=CONTEXT), [self.backend], gate=gate, now=self.clock.now()
            ).model_copy(update={"cache_key": key}),
            terms=given or terms(),
            now=self.clock.now,
        )

    def keep(self, obtained: obtaining.Obtained) -> UUID | None:
        with self.database.transaction(self.athlete_id) as tx:
            return obtaining.keep(tx, self.athlete_id, obtained, now=self.clock.now())

    def get(self, key: str, given: Terms | None = None) -> Insight:
        """Obtain and keep it, a minute later than the one before; return what the athlete sees."""
        self.clock.advance(seconds=60)
        self.keep(self.obtain(key, given))
        return self.newest()

    def newest(self) -> Insight:
        with self.database.transaction(self.athlete_id) as tx:
            newest = insights.newest(tx, self.athlete_id, CONTEXT.kind)
        assert newest is not None
        return newest

    def count(self) -> int:
        with self.database.transaction(self.athlete_id) as tx:
            return int(tx.execute(text("SELECT count(*) FROM insights")).scalar_one())


@pytest.fixture
def shelf(runtime: Runtime, clock: StoppedClock, athlete_id: UUID) -> Shelf:
    return Shelf(runtime, clock, athlete_id)


BROKE = terms(athlete_day=Budget(0, 0, 0))


def test_identical_facts_cost_nothing(shelf: Shelf) -> None:
    first = shelf.get("a")
    assert first.cost_usd > 0
    again = shelf.get("a", BROKE)
    assert again == first, "not even written again"
    assert len(shelf.backend.prompts) == 1


def test_facts_that_come_back_cost_nothing(shelf: Shelf) -> None:
    shelf.get("a")
    shelf.get("b")
    back = shelf.get("a", BROKE)
    assert (back.cache_key, back.cost_usd, back.attempts) == ("a", 0, ())
    assert back.written_at == shelf.clock.now()
    assert len(shelf.backend.prompts) == 2


def test_where_an_ai_may_not_be_asked_its_last_word_stays_marked_as_stale(shelf: Shelf) -> None:
    shelf.get("a")
    stale = shelf.get("b", BROKE)
    assert (stale.cache_key, stale.backend) == ("a", "one")
    assert stale.stale_since == shelf.clock.now()
    assert "your budget of $0.00 a day is used up" in stale.stale_because
    assert shelf.get("c", BROKE).stale_since == stale.stale_since, "the first time counts"
    assert shelf.count() == 1
    fresh = shelf.get("a", BROKE)
    assert (fresh.cache_key, fresh.stale_since, fresh.stale_because) == ("a", None, "")
    assert shelf.get("b").stale_since is None


@pytest.mark.parametrize(
    ("failure", "wait_s"),
    [
        (Unavailable("503"), 60),
        (TimedOut("late"), 300),
        (Truncated("cut"), 3600),
        (BadData("html"), 3600),
        (RuntimeError("a bug of the plugin"), 3600),
        (RateLimited("slow", retry_at=NOW + timedelta(hours=2)), 7080),
        (NotAuthorized("key"), 900),
        (BadRequest("400"), 900),
    ],
)
def test_what_passes_does_not_throw_away_the_last_word(
    shelf: Shelf, failure: Exception, wait_s: float
) -> None:
    shelf.get("a")
    shelf.backend.deeds = [failure]
    shelf.clock.advance(seconds=60)
    obtained = shelf.obtain("b")
    assert obtained.insight.better_after == shelf.clock.now() + timedelta(seconds=wait_s)
    assert shelf.keep(obtained) is None
    assert (shelf.newest().cache_key, shelf.newest().stale_since) == ("a", shelf.clock.now())
    assert "the rules wrote this" not in shelf.newest().stale_because


def test_what_one_service_will_not_touch_is_for_the_rules(shelf: Shelf) -> None:
    shelf.get("a")
    shelf.backend.deeds = [Refused("safety")]
    written = shelf.get("b")
    assert (written.backend, written.cache_key, written.better_after) == ("rules", "b", None)


def test_where_the_day_has_come_to_ask_for_less_the_athlete_reads_so_at_once(shelf: Shelf) -> None:
    def kept_from(key: str, *, eases_off: bool, advised_by: str) -> Insight:
        shelf.clock.advance(seconds=60)
        obtained = shelf.obtain(key, BROKE)
        advice = {"eases_off": eases_off, "advised_by": advised_by}
        shelf.keep(replace(obtained, insight=obtained.insight.model_copy(update=advice)))
        return shelf.newest()

    shelf.get("a")
    assert kept_from("b", eases_off=False, advised_by="fresh").cache_key == "a"
    warned = kept_from("c", eases_off=True, advised_by="deep_fatigue")
    assert (warned.cache_key, warned.backend, warned.stale_since) == ("c", "rules", None)
    assert warned.better_after is not None, "an AI may write about it later"


def test_a_warning_that_is_known_already_is_not_news(shelf: Shelf) -> None:
    advice = {"eases_off": True, "advised_by": "deep_fatigue"}
    known = shelf.obtain("a")
    shelf.keep(replace(known, insight=known.insight.model_copy(update=advice)))
    for key, by, shown in (("b", "deep_fatigue", "a"), ("c", "load_jump", "c")):
        shelf.clock.advance(seconds=60)
        new = shelf.obtain(key, BROKE)
        warning = new.insight.model_copy(update={**advice, "advised_by": by})
        shelf.keep(replace(new, insight=warning))
        assert shelf.newest().cache_key == shown


def test_what_held_in_part_is_not_stale_where_the_facts_are_the_same(shelf: Shelf) -> None:
    obtained = shelf.obtain("a")
    part = obtained.insight.model_copy(update={"better_after": NOW + timedelta(hours=1)})
    shelf.keep(replace(obtained, insight=part))
    shelf.backend.deeds = [Unavailable("503")]
    same = shelf.get("a")
    assert (same.backend, same.stale_since, shelf.count()) == ("one", None, 1)


def test_without_a_last_word_the_rules_write_and_it_is_known_when_to_ask_again(shelf: Shelf) -> None:
    shelf.backend.deeds = [QuotaSpent("full", retry_at=NOW + timedelta(hours=5))]
    written = shelf.get("a")
    assert written.backend == "rules"
    assert written.better_after == NOW + timedelta(hours=5)
    shelf.get("a")
    assert shelf.count() == 1, "the rules say the same of the same facts once"
    shelf.clock.advance(seconds=6 * 3600)
    shelf.backend.deeds = [EMPTY_REPLY]
    assert shelf.get("a").backend == "one"


def test_what_held_in_part_gives_way_to_a_whole_answer(shelf: Shelf) -> None:
    def partly(cache_key: str) -> None:
        obtained = shelf.obtain(cache_key)
        part = obtained.insight.model_copy(update={"better_after": NOW + timedelta(hours=1)})
        shelf.keep(replace(obtained, insight=part))

    partly("a")
    shelf.clock.advance(seconds=3600)
    whole = shelf.get("a")
    assert (whole.backend, whole.better_after, shelf.count()) == ("one", None, 2)
    assert shelf.obtain("a").is_cached
    partly("b")
    assert shelf.count() == 2, "a whole answer of before stays, and is marked"
    assert shelf.newest().stale_since == shelf.clock.now()


def test_the_rules_say_when_it_is_tried_again_and_when_not_any_more(shelf: Shelf) -> None:
    tomorrow = NOW + timedelta(days=1)
    shelf.backend.deeds = [QuotaSpent("full", retry_at=NOW + timedelta(hours=5))]
    first = shelf.get("a")
    shelf.clock.advance(seconds=6 * 3600)
    shelf.backend.deeds = [QuotaSpent("full", retry_at=tomorrow)]
    assert shelf.get("a") == first.model_copy(update={"better_after": tomorrow})
    shelf.clock.moment = tomorrow
    shelf.backend.deeds = [Refused("safety")]
    assert shelf.get("a") == first.model_copy(update={"better_after": None})
    assert shelf.count() == 1, "not even written again"


@pytest.mark.parametrize("is_last", [False, True])
def test_what_held_in_part_is_not_thrown_away_for_the_rules(shelf: Shelf, is_last: bool) -> None:
    obtained = shelf.obtain("a")
    part = obtained.insight.model_copy(update={"better_after": NOW + timedelta(hours=1)})
    shelf.keep(replace(obtained, insight=part))
    shelf.clock.advance(seconds=3600)
    shelf.backend.deeds = [Refused("safety") if is_last else Unavailable("503")]
    again = None if is_last else shelf.clock.now() + timedelta(seconds=60 + 60)
    assert shelf.get("a") == part.model_copy(update={"better_after": again})
    assert shelf.count() == 1
    shelf.clock.advance(seconds=3600)
    assert shelf.obtain("a").is_cached is is_last, "nobody asks again"


def test_while_one_writes_others_come_back(shelf: Shelf) -> None:
    obtained = shelf.obtain("a")
    with pytest.raises(InFlight) as busy:
        shelf.obtain("a")
    assert 0 < busy.value.wait_s <= 75
    shelf.keep(obtained)
    assert shelf.obtain("a").is_cached


def test_a_failure_lets_the_next_one_in_at_once(shelf: Shelf) -> None:
    def fail(gate: object) -> Insight:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        obtaining.obtain(shelf.database, shelf.athlete_id, "a", fail, terms=terms(), now=shelf.clock.now)
    assert not shelf.obtain("a").is_cached


def test_somebody_elses_lease_is_not_given_up(shelf: Shelf) -> None:
    mine, other = UUID(int=1), UUID(int=2)
    with shelf.database.transaction(shelf.athlete_id) as tx:
        assert flights.take(tx, shelf.athlete_id, "a", mine, lease_s=60) is None
        flights.release(tx, shelf.athlete_id, "a", other)
        assert flights.take(tx, shelf.athlete_id, "a", other, lease_s=60) is not None


def test_what_is_written_later_of_an_earlier_day_takes_the_place_of_the_days_after(shelf: Shelf) -> None:
    """The session that had begun the day is gone: the athlete reads of the day before again."""
    day_before = CONTEXT.last_day - timedelta(days=1)

    def tell(key: str, last_day: date) -> None:
        shelf.clock.advance(seconds=60)
        obtained = shelf.obtain(key)
        told = obtained.insight.model_copy(update={"last_day": last_day})
        shelf.keep(replace(obtained, insight=told))

    def read() -> list[date]:
        with shelf.database.transaction(shelf.athlete_id) as tx:
            return [insight.last_day for _, insight in insights.listed(tx, shelf.athlete_id, limit=9)]

    tell("a", day_before)
    tell("b", CONTEXT.last_day)
    assert read() == [CONTEXT.last_day, day_before]
    tell("a", day_before)
    assert read() == [day_before]
    assert shelf.newest().last_day == day_before
    assert len(shelf.backend.prompts) == 2, "what was said of it before is said again"
    tell("b", CONTEXT.last_day)
    assert read() == [CONTEXT.last_day, day_before]
