"""The lexicons of grounding: what one language can say, all can, and each phrase stands once."""

from collections import Counter

import pytest

from training_analyzer.analysis.grounding.lexicon import ELIDING, LANGUAGES, entries
from training_analyzer.analysis.grounding.tokens import tokenize


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
