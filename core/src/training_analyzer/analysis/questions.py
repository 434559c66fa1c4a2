"""A question in the athlete's own words: cleaned, for it is untrusted, and matched to what it is about."""

import re
import unicodedata
from typing import Final

from training_analyzer.analysis.health import speaks_of_health
from training_analyzer.analysis.language.texts import Topic, catalogue_of
from training_analyzer.domain.style import Language

MAX_QUESTION: Final = 300
MEDICAL: Final = "medical"
SHORT_SIGN: Final = 3
_WORD: Final = re.compile(r"\w+")
_DROPPED: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode that are not for reading: control, bidirectional and invisible characters."""
_MARKUP: Final = re.compile(r"[<>{}\[\]`\\|]")
"""Nothing that could close a tag or a block, or pass for the placeholder of a fact."""


def cleaned(question: str) -> str:
    """Return the question as one line of plain text, at most `MAX_QUESTION` characters long."""
    text = unicodedata.normalize("NFKC", question)
    text = "".join(" " if unicodedata.category(character) in _DROPPED else character for character in text)
    return " ".join(_MARKUP.sub(" ", text).split())[:MAX_QUESTION].strip()


def topics_of(question: str, language: Language) -> tuple[str, ...]:
    """
    Return what the question is about, as far as its words tell; `medical` stands alone.

    It is read in the language in which it tells most, the athlete's own before others: people ask in the one
    that comes to them, and a word may mean something else in another.
    """
    if speaks_of_health(question):
        return (MEDICAL,)
    text = " ".join(_WORD.findall(question.lower()))
    own_first = (language, *(other for other in Language if other is not language))
    found = max((_topics_in(text, spoken) for spoken in own_first), key=len)
    particular = {name: topic for name, topic in found.items() if topic.alone}
    return tuple(
        dict.fromkeys(
            meant for name, topic in (particular or found).items() for meant in (topic.means or (name,))
        )
    )


def _topics_in(text: str, language: Language) -> dict[str, Topic]:
    return {
        name: topic
        for name, topic in catalogue_of(language).topics.items()
        if any(_occurs(word, text) for word in topic.words)
    }


def _occurs(sign: str, text: str) -> bool:
    """Return whether a word of the text begins with the sign; short signs must be whole words."""
    tail = r"\b" if len(sign) <= SHORT_SIGN else ""
    return re.search(rf"\b{re.escape(sign)}{tail}", text) is not None
