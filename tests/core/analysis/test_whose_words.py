"""A service's own words, which may name keys and hosts or quote somebody's facts, stay in the log."""

import json
import logging
from datetime import timedelta

import pytest

from tests.conftest import NOW, StoppedClock
from tests.core.analysis.replies import reply
from tests.fakes.backend import SPENT, ScriptedBackend
from tests.fakes.desk import PROMPT, Desk
from training_analyzer.analysis.asking import UNNAMED, Judged, ask
from training_analyzer.analysis.endings import ENDINGS
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.grounding import examine
from training_analyzer.domain.insight import Context, Reply
from training_analyzer.sdk import BadRequest, PluginError, RateLimited, Unavailable
from training_analyzer.storage import athletes

SECRET = "key sk-123 of org_7 at http://10.0.0.5"


def failures() -> list[Exception]:
    made: list[Exception] = [RuntimeError(SECRET), PluginError(SECRET)]
    for kind, _ in ENDINGS:
        if issubclass(kind, RateLimited):
            made.append(kind(SECRET, retry_at=NOW + timedelta(hours=1)))
        else:
            made.append(kind(SECRET))
    return made


@pytest.mark.parametrize("failure", failures(), ids=lambda failure: type(failure).__name__)
def test_what_a_service_says_of_a_failure_is_logged_and_told_to_no_athlete(
    desk: Desk, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(4):
        chain = desk.ask(ScriptedBackend("one", failure))
        assert chain.notes
        assert "sk-123" not in repr(chain)
    assert all("sk-123" not in row.reason for row in desk.sql("SELECT reason FROM breakers"))
    assert SECRET in caplog.text
    assert "one (m-1)" in caplog.text


def test_a_line_of_the_log_stays_one(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.ask(ScriptedBackend("one", Unavailable("503\n2026-11-28 ERROR all is lost")))
    assert "503\\n2026" in caplog.text


def test_what_a_service_quotes_of_one_athlete_reaches_no_other(desk: Desk, clock: StoppedClock) -> None:
    quoting = ScriptedBackend("one", BadRequest("content not allowed: the load of Cy was 871"))
    desk.ask(quoting)
    with desk.runtime.database.transaction() as tx:
        bob = athletes.register(
            tx, email="bob@example.org", password_hash="-", name="Bob", sex=None, birth_year=None
        )
    of_bob = Desk(desk.runtime, clock, bob)
    (note,) = of_bob.ask(quoting).notes
    assert note == "one: not asked, because it is left alone until 2026-06-15 12:15 UTC: bad request"


def test_a_name_of_a_model_that_is_none_is_not_kept() -> None:
    text = "<b>\0 call 555 for a better model"
    backend = ScriptedBackend("one", Reply(text="good", model=text, usage=SPENT))
    chain = ask([backend], PROMPT, lambda _: Judged(None), Unmetered(), deadline_s=60)
    assert {attempt.model for attempt in chain.attempts} == {UNNAMED}


def test_an_error_in_place_of_an_answer_is_not_quoted(context: Context) -> None:
    answer = json.loads(reply("The load of the week was {load_week}.")) | {"Incorrect key sk-123": {}}
    found = examine(json.dumps(answer), context).violations
    assert [str(violation) for violation in found] == ["reply: a field that is not in the schema"]


def test_nothing_that_held_is_logged_once_for_each_backend(caplog: pytest.LogCaptureFixture) -> None:
    backend = ScriptedBackend("one", "the load was 999")
    ask([backend], PROMPT, lambda _: Judged(None, ("no",)), Unmetered(), deadline_s=60)
    assert [record.getMessage() for record in caplog.records] == [
        "nothing that one (m-1) wrote held against the facts: 2 refused"
    ]
