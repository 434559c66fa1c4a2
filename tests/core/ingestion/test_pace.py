"""How often lists are asked for again: as often as wanted, and never for more than the share."""

from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.ingestion.pace import DAY_S, REQUESTS_OF_RECENT, SHARE, pace, requests_a_day
from training_analyzer.sdk import Quota

HOUR_S = 3600


@given(
    athletes=st.integers(1, 5000),
    requests=st.integers(1, 60),
    limit=st.floats(100, 100_000),
    recent_s=st.floats(60, 7 * DAY_S),
    full_s=st.floats(HOUR_S, 30 * DAY_S),
)
def test_all_athletes_together_stay_within_the_share(
    athletes: int, requests: int, limit: float, recent_s: float, full_s: float
) -> None:
    steady = pace(
        recent_s=recent_s, full_s=full_s, athletes=athletes, requests_of_full=requests, requests_a_day=limit
    )
    assert steady.recent_s >= recent_s
    assert steady.full_s >= full_s
    spent = athletes * (REQUESTS_OF_RECENT * DAY_S / steady.recent_s + requests * DAY_S / steady.full_s)
    assert spent <= SHARE * limit * 1.0001


def test_few_athletes_are_listed_as_often_as_wanted() -> None:
    for athletes, limit in ((1, 1000), (5, 1000), (10, 2000)):
        steady = pace(
            recent_s=6 * HOUR_S,
            full_s=24 * HOUR_S,
            athletes=athletes,
            requests_of_full=2,
            requests_a_day=limit,
        )
        assert (steady.recent_s, steady.full_s) == (6 * HOUR_S, 24 * HOUR_S)


def test_complete_listings_keep_their_day_when_the_last_weeks_have_to_wait() -> None:
    steady = pace(
        recent_s=6 * HOUR_S, full_s=24 * HOUR_S, athletes=18, requests_of_full=2, requests_a_day=1000
    )
    assert steady.full_s == 24 * HOUR_S
    assert steady.recent_s > 48 * HOUR_S


def test_the_tightest_quota_counts() -> None:
    quotas = (Quota(name="short", limit=100, window_s=900), Quota(name="day", limit=1000, window_s=DAY_S))
    assert requests_a_day(quotas) == 1000
    assert requests_a_day(()) is None
    assert pace(recent_s=1, full_s=2, athletes=9**9, requests_of_full=9, requests_a_day=None).full_s == 2
