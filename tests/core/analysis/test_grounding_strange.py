"""Whatever a model writes is read: strange texts are refused or hold, and never raise."""

import pytest

from evaluation.athletes import scripted
from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.style import Language

STRANGE = (
    *("", " ", ".", "...", "?!", "()", "{}", "\N{EM DASH}", "{", "}", "%", "-"),
    *("{regular_weeks}", "{regular_weeks}.", "({regular_weeks})", "{regular_weeks}{form}", "\n{form}\n"),
)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "text",
    [
        *STRANGE,
        "{regular_weeks} of more than {sessions_month}.",  # what a count is of has no number in the text
        "{regular_weeks} mit mehr als {sessions_month}.",
        "Never was there such a step forward.",  # better, and up
    ],
)
def test_no_text_is_too_strange_to_be_read(text: str, language: Language) -> None:
    told = scripted(language)["steady, month"].context
    known = evidence(told.facts, told.rules, told.question, language, told.sport)
    found = verify(text, known, language=language)
    assert all(found)  # whatever is refused has a reason
