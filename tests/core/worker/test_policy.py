"""What a failure means: the table, error by error. A new error of the SDK without a row fails here."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from training_analyzer.domain import errors as ours
from training_analyzer.sdk import errors
from training_analyzer.worker.policy import (
    FIRST_DELAY,
    LONGEST_DELAY,
    MAX_FAILURES,
    TIME_TO_ACT,
    Disconnect,
    Drop,
    Outlast,
    Park,
    TryAgain,
    Verdict,
    Wait,
    judge,
)

LATER = NOW + timedelta(hours=3)

TABLE: list[tuple[Exception, Verdict]] = [
    (errors.RateLimited("full", retry_at=LATER), Wait(LATER)),
    (errors.RateLimited("full", retry_at=NOW - timedelta(hours=1)), Wait(NOW + timedelta(seconds=1))),
    (errors.QuotaSpent("full", retry_at=LATER), Wait(LATER)),
    (errors.Misconfigured("blocked"), Wait(NOW + TIME_TO_ACT)),
    (ours.ConfigurationError("no key"), Wait(NOW + TIME_TO_ACT)),
    (errors.Unavailable("down"), Outlast(NOW + FIRST_DELAY)),
    (errors.TimedOut("late"), Outlast(NOW + FIRST_DELAY)),
    (errors.NotAuthorized("no"), Disconnect()),
    (errors.Forbidden("no"), Disconnect()),
    (errors.MissingScope("tick", scopes=["read"]), Disconnect()),
    (errors.NotFound("gone"), Drop()),
    (ours.Missing("gone"), Drop()),
    (errors.BadData("nonsense"), TryAgain(NOW + FIRST_DELAY)),
    (errors.BadRequest("our bug"), Park()),
    (errors.Truncated("cut"), TryAgain(NOW + FIRST_DELAY)),
    (errors.Refused("will not"), TryAgain(NOW + FIRST_DELAY)),
    (errors.PluginError("something"), TryAgain(NOW + FIRST_DELAY)),
    (KeyError("a bug"), TryAgain(NOW + FIRST_DELAY)),
]


@pytest.mark.parametrize(("error", "verdict"), TABLE, ids=lambda value: type(value).__name__)
def test_what_an_error_means(error: Exception, verdict: Verdict) -> None:
    assert judge(error, failures=0, waits=0, now=NOW) == verdict


def test_the_table_holds_every_error_of_the_sdk() -> None:
    def tree(error: type[Exception]) -> set[type[Exception]]:
        return {error}.union(
            *(tree(below) for below in error.__subclasses__() if below.__module__ == error.__module__)
        )

    assert tree(errors.PluginError) <= {type(error) for error, _ in TABLE}


def test_an_answer_that_makes_no_sense_twice_is_parked() -> None:
    assert judge(errors.BadData("nonsense"), failures=1, waits=0, now=NOW) == Park()


def test_delays_grow_up_to_an_hour_and_failures_end_in_parking() -> None:
    delays = []
    for failures in range(MAX_FAILURES - 1):
        verdict = judge(KeyError("a bug"), failures=failures, waits=0, now=NOW)
        assert isinstance(verdict, TryAgain)
        delays.append((verdict.at - NOW).total_seconds())
    assert delays == [15, 30, 60, 120]
    assert judge(KeyError("a bug"), failures=MAX_FAILURES - 1, waits=0, now=NOW) == Park()


@pytest.mark.parametrize("waits", [8, 100, 10**9])
def test_an_outage_is_asked_about_every_hour_for_as_long_as_it_takes(waits: int) -> None:
    verdict = judge(errors.Unavailable("down"), failures=MAX_FAILURES, waits=waits, now=NOW)
    assert verdict == Outlast(NOW + LONGEST_DELAY)
