"""The lexicons of grounding: what one language can say, all can, and each phrase stands once."""

from collections import Counter
from typing import get_args

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.analysis.grounding.contradicted import bounds, claims
from training_analyzer.analysis.grounding.judged import (
    apart,
    causes,
    composed,
    degrees,
    gaps,
    likewise,
    orders,
    pairs,
    ranges,
    wholes,
)
from training_analyzer.analysis.grounding.lexicon import ELIDING, LANGUAGES, WordKind, lexicon
from training_analyzer.analysis.grounding.lexicon_files import entries, judged
from training_analyzer.analysis.grounding.tokens import tokenize
from training_analyzer.analysis.language.texts import catalogue_of
from training_analyzer.domain.insight import Fact
from training_analyzer.domain.style import Language


def _read(phrase: str, language: str) -> tuple[str, ...]:
    """Return a phrase as it is read: "vo2max" is "vo2 max", too."""
    if "*" in phrase:
        return (phrase,)
    return tuple(token.word for token in tokenize(phrase, split_elisions=language in ELIDING))


@pytest.mark.parametrize("language", [*LANGUAGES, "all"])
def test_no_phrase_stands_twice_in_one_entry(language: str) -> None:
    twice = {
        tag: again
        for tag, phrases in entries(language).items()
        if (again := [p for p, count in Counter(_read(p, language) for p in phrases).items() if count > 1])
    }

    assert not twice


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_both_over_and_under(language: str) -> None:
    tags = entries(language)

    assert not set(tags["hedge:over"]) & set(tags["hedge:under"])
    assert not set(tags["comparison:above"]) & set(tags["comparison:below"])


OF_SOME_LANGUAGES = {
    "ago:14": "a word for two weeks: fortnight, quinzaine",
    "clause:ago_before": "only there does the word for ago stand before the span: vor, il y a, hace, há",
    "clause:behind": "only there does the negation stand behind its verb: nicht, niet",
    "clause:on_end": "English alone has a word for in a row that is one for a sport: running",
    "clause:runs": "English alone has a verb for lasting that is one for a sport: ran",
    "metric:pace_change": "labels are read in English, and no text says it",
    "span:1800": "half of an hour is a fraction where it is no word of its own",
    "span:4500": "elsewhere it is a number of hours",
    "span:5400": "elsewhere it is a number of hours",
    "thing:hill": "hills are of the ascent in English",
    "unit:quarter_hour": "English counts quarters",
}
"""What not every language has, and why."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_the_same_facts_of_ours(language: str) -> None:
    own = lexicon(language).own

    assert own.keys() == lexicon("en").own.keys()
    assert all(len(words) == len(set(words)) for words in own.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_claims_that_can_be_false(language: str) -> None:
    judges = (apart, causes, composed, degrees, gaps, likewise, orders, pairs, ranges, wholes)
    words = frozenset().union(*(one.WORDS for one in judges))
    asked = {"denied", "deeds", "doer", "grounds", "not_between", "not_told", "other_sports"}
    known = {*claims(), *bounds(), *words, *asked}

    assert judged(language).keys() <= known
    assert language not in ("en", "de") or judged(language).keys() == known


def test_every_claim_rests_on_facts_that_insights_have() -> None:
    ids = catalogue_of(Language.ENGLISH).facts.keys()

    assert {fact for false_if in claims().values() for fact in false_if.facts} <= ids


def test_what_one_language_can_say_all_can() -> None:
    tags = {language: entries(language).keys() for language in LANGUAGES}
    shared = entries("all").keys()

    partly = frozenset[str]().union(*tags.values()) - frozenset.intersection(*map(frozenset, tags.values()))

    assert partly - shared == OF_SOME_LANGUAGES.keys()


FACTS = [
    Fact(id="time", label="moving time of the week", value=6.2, decimals=1, unit="h"),
    Fact(id="runs", label="runs of the week", value=4.0, unit="runs"),
    Fact(id="rides", label="rides of the week", value=2.0, unit="rides"),
    Fact(id="ftp", label="functional threshold power", value=248.0, unit="W"),
    Fact(id="ftp_age", label="days since the threshold was set", value=21.0, unit="days"),
    Fact(id="race", label="days until the gran fondo", value=33.0, unit="days"),
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der größte Teil der Woche war Radfahren."),
        ("es", "El ciclismo ocupó la mayor parte del tiempo."),
        ("it", "La maggior parte del tempo è andata alla bici."),
        ("nl", "Het grootste deel van de tijd ging naar het fietsen."),
        ("pt", "A maior parte do tempo foi de bicicleta."),
        ("de", "Dein letzter harter Tag war vor zwei Tagen."),
        ("fr", "Ton dernier jour intense était il y a deux jours."),
        ("es", "Tu último día duro fue hace dos días."),
        ("it", "Il tuo ultimo giorno duro è stato due giorni fa."),
        ("nl", "Je laatste zware dag was twee dagen geleden."),
        ("pt", "O teu último dia duro foi há dois dias."),
        ("de", "Deine Schwelle wurde vor acht Wochen getestet."),
        ("es", "Tu umbral se midió hace ocho semanas."),
        ("nl", "Je drempel is acht weken geleden getest."),
        ("pt", "O teu limiar foi testado há oito semanas."),
        ("de", "Noch 33 Tage bis zum Straßenrennen."),
        ("es", "Te preparas para un criterium."),
        ("nl", "Je traint voor een criterium."),
        ("pt", "Preparas-te para um critérium."),
    ],
)
def test_what_no_fact_says_no_language_says(language: str, text: str) -> None:
    assert verify(text, evidence(FACTS), language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Deine Schwelle wurde vor drei Wochen getestet."),
        ("es", "Tu umbral se midió hace tres semanas."),
        ("nl", "Je drempel is drie weken geleden getest."),
        ("pt", "O teu limiar foi testado há três semanas."),
        ("de", "Noch 33 Tage bis zum Gran Fondo."),
    ],
)
def test_what_a_fact_says_every_language_says(language: str, text: str) -> None:
    assert verify(text, evidence(FACTS), language=language) == []


RACE = [
    Fact(id="finish_time", label="finish time of the marathon", value=12390.0, unit="s"),
    Fact(id="goal_time", label="goal time of the marathon", value=12000.0, unit="s"),
    Fact(id="distance", label="distance of the marathon", value=42195.0, unit="m"),
]


@pytest.mark.parametrize(
    ("language", "missed", "beaten"),
    [
        (
            "de",
            "Du hast dein Ziel um sechseinhalb Minuten verfehlt.",
            "Du hast dein Ziel um sechseinhalb Minuten übertroffen.",
        ),
        (
            "fr",
            "Tu as manqué ton objectif de six minutes et demie.",
            "Tu as battu ton objectif de six minutes et demie.",
        ),
        (
            "it",
            "Hai mancato il tuo obiettivo di sei minuti e mezzo.",
            "Hai superato il tuo obiettivo di sei minuti e mezzo.",
        ),
        (
            "es",
            "No alcanzaste tu objetivo por seis minutos y medio.",
            "Superaste tu objetivo en seis minutos y medio.",
        ),
        ("nl", "Je miste je doel met 6,5 minuten.", "Je versloeg je doel met 6,5 minuten."),
        (
            "pt",
            "Ficaste a seis minutos e meio do teu objetivo.",
            "Bateste o teu objetivo em seis minutos e meio.",
        ),
    ],
)
def test_who_takes_longer_than_the_goal_has_missed_it(language: str, missed: str, beaten: str) -> None:
    assert verify(missed, evidence(RACE), language=language) == []
    assert verify(beaten, evidence(RACE), language=language)


INDOORS = [
    Fact(id="rides", label="rides of the week", value=3.0, unit="rides"),
    Fact(id="indoor_rides", label="indoor rides of the week", value=2.0, unit="rides"),
    Fact(id="runs", label="runs of the week", value=2.0, unit="runs"),
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Both runs were on the treadmill."),
        ("de", "Beide Läufe waren auf dem Laufband."),
        ("fr", "Les deux courses ont eu lieu sur tapis de course."),
        ("es", "Las dos carreras fueron en cinta."),
        ("it", "Entrambe le corse sono state sul tapis roulant."),
        ("nl", "Beide loopjes waren op de loopband."),
        ("pt", "As duas corridas foram na esteira."),
    ],
)
def test_a_treadmill_is_for_runs_whatever_rides_were_indoors(language: str, text: str) -> None:
    assert verify(text, evidence(INDOORS), language=language)


@pytest.mark.parametrize("kind", get_args(WordKind))
def test_every_kind_of_word_is_known_in_some_language(kind: WordKind) -> None:
    """Romance languages alone have words of some kinds: one that means "more" and "most"."""
    assert any(lexicon(language).words[kind] for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_one_is_a_single_word_as_texts_are_read(language: str) -> None:
    words = frozenset[str]().union(*lexicon(language).words.values())
    assert len(words) == len({word for word in words if " " not in word and word == word.casefold()})
