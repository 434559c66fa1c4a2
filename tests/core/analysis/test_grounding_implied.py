"""What facts come to is said as people say it: per hour, as a part of the whole, a split, short of a plan."""

from collections.abc import Sequence

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.analysis.grounding.sayable import Direction
from training_analyzer.domain.insight import Fact


def fact(
    id_: str, label: str, value: float, unit: str, decimals: int = 0, direction: Direction | None = None
) -> Fact:
    return Fact(id=id_, label=label, value=value, unit=unit, decimals=decimals, direction=direction)


ROW = [
    fact("intervals", "intervals of the row", 5, "intervals"),
    fact("interval_split", "average split of the intervals", 112, "s/500m"),
    fact("interval_split_before", "average split of the intervals of the interval row before", 114, "s/500m"),
    fact("interval_rate", "average stroke rate of the intervals", 26, "spm"),
    fact("interval_power", "average power of the intervals", 249, "W"),
    fact("interval_power_change", "average power of the intervals against the row before", 5.5, "%", 1, "up"),
    fact("load", "training load of the row", 74, ""),
    fact("load_usual", "usual load of rows", 66, ""),
    fact("load_change", "load against usual rows", 12.1, "%", 1, "up"),
    fact("rows_week", "rows of the week, this one included", 3, "rows"),
]
TOUR = [
    fact("moving_time", "moving time of the ski tour", 12600, "s"),
    fact("time_zone_2", "time in heart-rate zone 2", 8400, "s"),
    fact("elevation_gain", "ascent of the ski tour, the most of the season", 1320, "m", 0, "up"),
    fact("ascent_rate", "ascent rate of the ski tour", 480, "m/h"),
    fact("ascent_rate_usual", "usual ascent rate of ski tours", 520, "m/h"),
]
WEEK = [
    fact("load_week", "training load of the week", 312, ""),
    fact("load_planned", "planned load of the week", 320, ""),
    fact("load_last", "training load of the week before", 520, ""),
    fact("time_week", "moving time of the week", 6.0, "h", 1),
    fact("time_last", "moving time of the week before", 10.4, "h", 1),
    fact("sessions_week", "sessions of the week", 6, "sessions"),
    fact("sessions_planned", "planned sessions of the week", 7, "sessions"),
    fact("rest_days", "days of the week without training", 1, "rest days"),
    fact("rest_days_last", "days of the week before without training", 2, "rest days"),
    fact("fitness", "fitness", 58.2, "", 1),
    fact("fatigue", "fatigue", 49.4, "", 1),
]
HOLDS = [
    (ROW, "en", "Your intervals averaged a split of 1:52, down from 1:54 last time."),
    (ROW, "de", "Die Intervalle hatten im Schnitt einen Split von 1:52."),
    (ROW, "en", "You did five intervals at 26 strokes per minute."),
    (ROW, "en", "Power rose by 5.5%, and the gain came at the same stroke rate of 26."),
    (ROW, "en", "Your load was 74, eight above your usual rows."),
    (TOUR, "en", "Two thirds of the moving time was in zone 2."),
    (TOUR, "en", "At 1,320 m, this was your biggest climb of the season."),
    (TOUR, "en", "You climbed at 480 m/h, below your usual 520."),
    (TOUR, "fr", "Tu es monté à 480 mètres par heure, contre 520 d'habitude."),
    (TOUR, "it", "Sei salito a 480 metri all'ora, contro i 520 abituali."),
    (WEEK, "en", "You carried 52 points of load per hour, against 50 the week before."),
    (WEEK, "en", "Load came to 312, in line with the 320 that were planned."),
    (WEEK, "en", "You did one session fewer than planned."),
    (WEEK, "en", "You trained on six days, one more than the week before."),
    (WEEK, "en", "Fatigue has dropped below fitness."),
]
FAILS = [
    (ROW, "en", "Your intervals averaged a split of 1:50."),
    (ROW, "de", "Die Intervalle hatten im Schnitt einen Split von 1:54."),
    (ROW, "en", "You did six intervals at 26 strokes per minute."),
    (ROW, "en", "The load was no higher than that of your usual rows."),
    (ROW, "en", "Your load was 74, eight below your usual rows."),
    (TOUR, "en", "Three quarters of the moving time was in zone 2."),
    (TOUR, "en", "At 1,100 m, this was your biggest climb of the season."),
    (TOUR, "en", "You climbed at 1,320 m per hour."),
    (TOUR, "it", "Sei salito a 520 metri all'ora."),
    (WEEK, "en", "You carried 58 points of load per hour."),
    (WEEK, "en", "Load came to 312, in line with the 520 of the week before."),
    (WEEK, "en", "You did one session more than planned."),
    (WEEK, "en", "You trained on as many days as the week before."),
    (WEEK, "en", "Fatigue has climbed above fitness."),
]


@pytest.mark.parametrize(("facts", "language", "text"), HOLDS)
def test_what_follows_from_facts_may_be_said(facts: Sequence[Fact], language: str, text: str) -> None:
    assert verify(text, evidence(facts), language=language) == []


@pytest.mark.parametrize(("facts", "language", "text"), FAILS)
def test_what_does_not_follow_is_refused(facts: Sequence[Fact], language: str, text: str) -> None:
    assert verify(text, evidence(facts), language=language) != []
