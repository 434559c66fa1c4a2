"""What rules decide that few texts need: with what was said beside it, a text holds or does not."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

RIDE = [
    Fact(id="moving_time", label="moving time of the ride", value=7200, unit="s"),
    Fact(id="elapsed_time", label="elapsed time of the ride, with stops", value=9000, unit="s"),
    Fact(id="average_power", label="average power of the ride", value=180, unit="W"),
    Fact(id="ftp", label="threshold power", value=250, unit="W"),
    Fact(id="best_power_20min", label="best power over 20 minutes of the ride", value=225, unit="W"),
]
WEEK = [
    Fact(id="rides_week", label="rides of the week", value=4, unit="rides"),
    Fact(id="runs_week", label="runs of the week", value=2, unit="runs"),
    Fact(
        id="runs_week_change", label="runs against the week before", value=-2, unit="runs", direction="down"
    ),
    Fact(id="run_distance_week", label="running distance of the week", value=24000, unit="m"),
]
SWIM = [
    Fact(id="distance", label="distance of the swim", value=2400, unit="m"),
    Fact(id="distance_week", label="swimming distance of the week", value=7600, unit="m"),
    Fact(id="longest_swim", label="longest swim of the last 90 days", value=3000, unit="m"),
    Fact(id="lap_distance", label="distance of each of the laps", value=600, unit="m"),
]
STATE = [
    Fact(id="readiness", label="readiness, out of 100", value=72, unit=""),
    Fact(id="hrv", label="heart rate variability this morning", value=61, unit="ms"),
    Fact(id="hrv_usual", label="usual heart rate variability of the last 60 days", value=55, unit="ms"),
]
MONTH = [
    Fact(id="load_month", label="load of the month", value=1200, unit=""),
    Fact(id="load_month_before", label="load of the month before", value=1000, unit=""),
    Fact(
        id="load_year_change",
        label="load against the same month last year",
        value=31,
        unit="%",
        direction="up",
    ),
    Fact(id="rest_days", label="days of the last 28 without training", value=12, unit="rest days"),
    Fact(id="lap_time", label="average lap time", value=41.2, unit="s", decimals=1),
    Fact(
        id="lap_time_change",
        label="average lap time against the four weeks before",
        value=-0.8,
        unit="s",
        decimals=1,
        direction="down",
    ),
]
RACE = [
    Fact(
        id="predicted_time_before", label="predicted half-marathon time four weeks ago", value=6480, unit="s"
    ),
    Fact(
        id="predicted_time_change",
        label="predicted half-marathon time against four weeks ago, negative is faster",
        value=-210,
        unit="s",
        direction="down",
    ),
    Fact(
        id="fitness_change_28d",
        label="fitness against four weeks ago",
        value=5,
        unit="points",
        direction="up",
    ),
    Fact(id="fatigue", label="fatigue", value=54, unit=""),
    Fact(id="form", label="form, fitness less fatigue", value=-7, unit=""),
]
PLAN = [
    Fact(id="intervals", label="intervals done", value=4, unit="intervals"),
    Fact(id="intervals_planned", label="intervals planned", value=5, unit="intervals"),
]
BALANCE = [
    Fact(id="form", label="form, fitness less fatigue", value=-12, unit=""),
    Fact(id="fatigue", label="fatigue", value=62, unit=""),
    Fact(id="fitness", label="fitness", value=50, unit=""),
    Fact(id="fitness_change", label="fitness against a week ago", value=3, unit="points", direction="up"),
]


@pytest.mark.parametrize(
    ("facts", "language", "right", "wrong"),
    [
        (RIDE, "en", "Two hours on the move.", "Two hours, stops included."),
        (RIDE, "de", "Zwei Stunden reine Fahrzeit.", "Zweieinhalb Stunden reine Fahrzeit."),
        (RIDE, "fr", "2 h 30, arrêts compris.", "2 h, arrêts compris."),
        (RIDE, "es", "Dos horas en movimiento.", "Dos horas y media en movimiento."),
        (RIDE, "it", "Due ore e mezza, soste comprese.", "Due ore, soste comprese."),
        (RIDE, "nl", "Twee uur in beweging.", "Tweeënhalf uur in beweging."),
        (RIDE, "pt", "Duas horas em movimento.", "Duas horas e meia em movimento."),
        (
            RIDE,
            "en",
            "On average you rode at 72 % of your threshold.",
            "On average you rode at 90 % of your threshold.",
        ),
        (WEEK, "en", "Four rides this week.", "Six rides this week."),
        (WEEK, "en", "Six sessions this week.", "Six runs this week."),
        (WEEK, "en", "Over two runs you covered 24 km.", "Over two runs you covered 24 km each."),
        (
            SWIM,
            "en",
            "You swam 2.4 km, and 3 km is your longest swim.",
            "You swam 2.4 km, your longest swim.",
        ),
        (SWIM, "en", "You swam 7.6 km this week.", "You swam 7.6 km in this session."),
        (SWIM, "en", "Laps of 600 m each.", "Swims of 7.6 km each."),
        (STATE, "en", "Readiness is 72 out of 100.", "Readiness is 72 out of 10."),
        (
            STATE,
            "en",
            "Your heart rate variability is 61 ms (55 over 60 days).",
            "Your heart rate variability is 55 ms.",
        ),
        (MONTH, "en", "Load is 20 % above the month before.", "Load is 31 % above the month before."),
        (MONTH, "de", "An 12 von 28 Tagen hast du nicht trainiert.", "An 12 von 28 Tagen hast du trainiert."),
        (MONTH, "nl", "Op 12 van de 28 dagen trainde je niet.", "Op 14 van de 28 dagen trainde je niet."),
        (
            MONTH,
            "en",
            "You were 0.8 seconds a lap faster than before.",
            "You were 0.8 seconds a lap slower than before.",
        ),
        (
            RACE,
            "en",
            "Four weeks ago the prediction was 1:48:00, so you've gained three and a half minutes.",
            "Four weeks ago the prediction was 1:48:00, so you've lost three and a half minutes.",
        ),
        (
            PLAN,
            "en",
            "You held it in four, one interval short of the plan.",
            "You held it in five, one interval short of the plan.",
        ),
        (
            BALANCE,
            "de",
            "Die Form steht bei -12, weil die Ermüdung mit 62 die Fitness von 50 übersteigt.",
            "Die Form steht bei -12, weil die Ermüdung mit 50 die Fitness von 62 übersteigt.",
        ),
        (WEEK, "en", "Two runs fewer than last week.", "One run fewer than last week."),
    ],
)
def test_what_stands_beside_a_number_decides(
    facts: list[Fact], language: str, right: str, wrong: str
) -> None:
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)


def test_one_more_is_no_number_in_advice() -> None:
    assert verify("Add one extra ride.", evidence(WEEK), language="en", advice=True) == []
    assert verify("Add five extra rides.", evidence(WEEK), language="en", advice=True)
