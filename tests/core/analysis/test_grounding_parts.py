"""Parts of what was done: halves, sports, sessions of a length, and where an average stayed."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

RUN = [
    Fact(id="pace_first_half", label="average pace of the first half", value=336, unit="s/km"),
    Fact(id="pace_second_half", label="average pace of the second half", value=324, unit="s/km"),
    Fact(id="average_heart_rate", label="average heart rate of the run", value=146, unit="bpm"),
    Fact(id="max_heart_rate", label="maximum heart rate of the run", value=179, unit="bpm"),
    Fact(id="duration", label="moving time of the run", value=3_900, unit="s"),
    Fact(id="time_above_threshold", label="time above threshold pace", value=19, unit="min"),
]
WEEK = [
    Fact(id="sessions_week", label="sessions of the week", value=9, unit="sessions"),
    Fact(id="swims", label="swims of the week", value=3, unit="swims"),
    Fact(id="ride_load_share", label="the rides' share of the week's load", value=49, unit="%"),
    Fact(id="run_load_share", label="the runs' share of the week's load", value=33, unit="%"),
]
HALVES = {
    "en": "You ran the first half at {}/km and the second at {}/km.",
    "de": "Die erste Hälfte liefst du in {}/km und die zweite in {}/km.",
    "fr": "Tu as couru la première moitié à {}/km et la seconde à {}/km.",
    "es": "Corriste la primera mitad a {}/km y la segunda a {}/km.",
    "it": "Hai corso la prima metà a {}/km e la seconda a {}/km.",
    "nl": "Je liep de eerste helft in {}/km en de tweede in {}/km.",
    "pt": "Correste a primeira metade a {}/km e a segunda a {}/km.",
}


@pytest.mark.parametrize("language", HALVES)
def test_of_which_half_something_is_need_not_be_said_again(language: str) -> None:
    known, text = evidence(RUN), HALVES[language]
    assert not verify(text.format("5:36", "5:24"), known, language=language)
    assert verify(text.format("5:24", "5:36"), known, language=language)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("You spent 19 minutes above threshold in a 65-minute run.", False),
        ("You spent 19 minutes above threshold in a 78-minute run.", True),
        ("Heart rate peaked at 179 bpm, although the average stayed at 146.", False),
        ("Heart rate stayed at 179 bpm.", True),
        ("The last interval was your most powerful one.", True),
    ],
)
def test_what_is_said_of_the_whole_is_a_fact_of_it(text: str, refused: bool) -> None:
    assert bool(verify(text, evidence(RUN))) == refused


@pytest.mark.parametrize(
    ("text", "language", "refused"),
    [
        ("Half of this week's load came from running.", "en", True),
        ("Half of this week's load came from riding.", "en", False),
        ("About half of the load was done on the run.", "en", True),
        ("Etwa die Hälfte der Belastung stammt aus den Läufen.", "de", True),
        ("Environ la moitié de la charge a été réalisée en course à pied.", "fr", True),
        ("Nine sessions made a balanced triathlon week.", "en", False),
        ("Nine sessions led up to a triathlon.", "en", True),
    ],
)
def test_parts_of_a_week_are_of_their_sports(text: str, language: str, refused: bool) -> None:
    assert bool(verify(text, evidence(WEEK), language=language)) == refused
