"""What a number is called tells it from others: the first, a prediction, a pace that allows for hills."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

BLOCKS = [
    Fact(id="average_power", label="average power of the ride", value=205, unit="W"),
    Fact(id="first_block_power", label="average power of the first tempo block", value=242, unit="W"),
    Fact(id="last_block_power", label="average power of the last tempo block", value=233, unit="W"),
]
RACE = [
    Fact(id="goal_half", label="goal time of the half marathon", value=6300, unit="s"),
    Fact(id="predicted_half", label="predicted half marathon time", value=6480, unit="s"),
]
TRAIL = [
    Fact(id="pace", label="average pace of the run", value=499, unit="s/km"),
    Fact(id="gap", label="grade-adjusted pace of the run", value=372, unit="s/km"),
    Fact(id="walking_share", label="share of the time spent walking", value=14, unit="%"),
    Fact(id="load_share", label="the run's share of the week's load", value=0.42, unit="ratio", decimals=2),
]
WEEK = [
    Fact(id="ride_change", label="ride distance against the week before", value=16, unit="%", direction="up"),
    Fact(
        id="run_change", label="run distance against the week before", value=1.2, unit="%", direction="flat"
    ),
    Fact(id="swim_change", label="swim distance against the week before", value=16, unit="%", direction="up"),
    Fact(id="interval_runs_28d", label="interval runs of the last 28 days", value=8, unit="runs"),
    Fact(id="fitness_change", label="fitness against a week ago", value=1.6, unit="points", direction="down"),
    Fact(id="resting_heart_rate", label="resting heart rate", value=56, unit="bpm"),
]


@pytest.mark.parametrize(
    ("facts", "language", "right", "wrong"),
    [
        (
            BLOCKS,
            "en",
            "You started at 242 W and finished at 233 W.",
            "You started at 233 W and finished at 242 W.",
        ),
        (
            BLOCKS,
            "de",
            "Im ersten Block lagst du bei 242 W, im letzten bei 233 W.",
            "Im ersten Block lagst du bei 233 W, im letzten bei 242 W.",
        ),
        (
            BLOCKS,
            "es",
            "Empezaste con 242 W y terminaste en 233 W.",
            "Empezaste con 233 W y terminaste en 242 W.",
        ),
        (RACE, "en", "You're predicted to finish in 1:48.", "You're predicted to finish in 1:45."),
        (RACE, "fr", "La prévision est de 1:48.", "La prévision est de 1:45."),
        (RACE, "nl", "De voorspelling staat op 1:48.", "De voorspelling staat op 1:45."),
        (TRAIL, "en", "You averaged 8:19 per km.", "You averaged 6:12 per km."),
        (TRAIL, "en", "Adjusted for the hills, you ran 6:12 per km.", "You ran 8:19 per km, hills apart."),
        (TRAIL, "de", "Steigungsbereinigt waren es 6:12 min/km.", "Steigungsbereinigt waren es 8:19 min/km."),
        (TRAIL, "en", "You walked one minute in seven.", "You walked one minute in four."),
        (
            TRAIL,
            "en",
            "This one run made up 42 % of the week's load.",
            "This one run made up 58 % of the week's load.",
        ),
        (
            WEEK,
            "en",
            "Ride distance rose by 16 %, just like the swim.",
            "Ride distance rose by 16 %, just like the run.",
        ),
        (WEEK, "en", "You did two interval runs a week.", "You did eight interval runs a week."),
        (WEEK, "en", "You gave up a point or two of fitness.", "You put on a point or two of fitness."),
        (
            WEEK,
            "en",
            "Don't worry that fitness fell by 1.6 points.",
            "Don't worry that fitness rose by 1.6 points.",
        ),
        (WEEK, "en", "Your resting heart rate's at 56.", "Your resting heart rate's at 65."),
    ],
)
def test_what_a_number_is_called_tells_it_from_others(
    facts: list[Fact], language: str, right: str, wrong: str
) -> None:
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)


def test_what_was_given_up_was_not_done() -> None:
    assert verify("You left out the intervals completely.", evidence(WEEK))


def test_advice_may_say_one_or_two() -> None:
    assert verify("Take a day or two off.", evidence(WEEK), advice=True) == []


HALF = [
    Fact(id="goal_half", label="goal time of the half marathon", value=6300, unit="s"),
    Fact(id="predicted_half", label="predicted half marathon time", value=6480, unit="s"),
]
THRESHOLD = Fact(id="threshold_pace", label="threshold pace", value=292, unit="s/km")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your goal is {}."),
        ("de", "Dein Ziel ist {}."),
        ("fr", "Ton objectif est de {}."),
        ("es", "Tu objetivo es {}."),
    ],
)
def test_a_goal_is_not_what_is_predicted(language: str, text: str) -> None:
    known = evidence(HALF)
    assert verify(text.format("1:45:00"), known, language=language) == []
    found = verify(text.format("1:48:00"), known, language=language)
    assert any('"1:48:00" is predicted_half' in one for one in found)


@pytest.mark.parametrize(
    ("language", "text", "refusal"),
    [
        ("en", "The prediction is faster than your goal.", "the other way round"),
        ("en", "You have already reached your goal.", "predicted_half is short of goal_half"),
        ("en", "The prediction of 1:48:00 meets your goal.", "predicted_half is short of goal_half"),
        ("de", "Du hast dein Ziel schon erreicht.", "predicted_half is short of goal_half"),
        ("en", "The prediction is slower than your goal.", None),
        ("en", "You have not reached your goal.", None),
        ("en", "The prediction of 1:48:00 misses your goal.", None),
        ("de", "Du hast dein Ziel noch nicht erreicht.", None),
    ],
)
def test_a_prediction_is_held_against_the_goal(language: str, text: str, refusal: str | None) -> None:
    found = verify(text, evidence([*HALF, THRESHOLD]), language=language)
    assert any(refusal in one for one in found) if refusal else found == []


def test_what_was_done_tells_whether_a_goal_is_reached_and_not_what_was_predicted() -> None:
    done = Fact(id="time_half", label="time of the half marathon", value=6240, unit="s")
    assert verify("You have reached your goal.", evidence([*HALF, done])) == []
