"""Holds a text against the evidence: tokens become claims, and each claim is checked."""

from collections.abc import Collection, Iterator
from typing import Final

from training_analyzer.analysis.grounding import counting, directions, judged, names, numbers, placed, ranks
from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.markup import markup
from training_analyzer.analysis.grounding.premises import premises
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Sentence

MAX_LENGTH: Final = 1_000
"""
Longer texts are refused unread: what a draft says at once has at most 400 characters, a whole one hardly
more than these.
"""
MAX_WORDS: Final = 120
"""
A sentence with more words and marks is refused, as one with more numbers or directions is.

Of the 9,000 texts by people that we have, none has more than 39 in a sentence, 7 numbers and 4 directions.
Each number is held against all that stands around it, and each direction against the others.
"""
MAX_NUMBERS: Final = 12
MAX_DIRECTIONS: Final = 10
"""How often a sentence may say what rose, fell or is more."""
MAX_NUMBERS_IN_ALL: Final = 24
"""A text with more is refused."""
_TELLING: Final = frozenset({"direction", "implied", "comparison"})
_A_CALL: Final = 6
"""Within so many words stands the colon behind a call, which statements follow."""


def verify(
    text: str,
    evidence: Evidence,
    *,
    language: str = "en",
    advice: bool = False,
    cited: Collection[str] | None = None,
) -> list[str]:
    """
    Return everything in a text that does not hold; empty where all of it does.

    `text` may hold placeholders. `advice`: it recommends, and states nothing but numbers. `cited`:
    the facts that it says it rests on; numbers are then held against these alone, directions against all.
    """
    if len(text) > MAX_LENGTH:
        return [f"{len(text)} characters; {MAX_LENGTH} are read"]
    found = list(markup(text))
    before: Scene | None = None
    numbers_in_all = 0
    sentences = read(evidence.quotes.shortened(text), lexicon(language))
    for sentence in sentences:
        if too_many := _too_many(sentence):
            return [*found, too_many]
        if (numbers_in_all := numbers_in_all + len(sentence.quantities)) > MAX_NUMBERS_IN_ALL:
            return [*found, f"more than {MAX_NUMBERS_IN_ALL} numbers; no more are read"]
        scene = Scene(
            sentence=sentence,
            evidence=evidence,
            advice=advice or _is_advice(sentence),
            before=before,
            cited=None if cited is None else frozenset(cited),
            language=language,
        )
        found += placed.check(scene)
        found += numbers.check(scene)
        found += _claimed(scene)
        found += names.check(scene, language)
        before = scene
    return [*found, *_of_premises(sentences, evidence, language)] if advice else found


def _claimed(scene: Scene) -> Iterator[str]:
    """Return what of a sentence no fact shows, but for its numbers and names."""
    yield from counting.check(scene)
    yield from directions.check(scene)
    yield from judged.check(scene)
    if not scene.advice:
        yield from ranks.check(scene)


def _of_premises(sentences: list[Sentence], evidence: Evidence, language: str) -> Iterator[str]:
    """Return what advice states before it advises, and facts contradict."""
    for sentence in premises(sentences, lexicon(language)):
        scene = Scene(
            sentence=sentence, evidence=evidence, advice=False, before=None, cited=None, language=language
        )
        if not list(numbers.check(scene)):  # which also notes what each number is
            yield from _claimed(scene)


def _too_many(sentence: Sentence) -> str:
    """Return of what a sentence has more than anybody says at once; empty if of nothing."""
    if (numbers_said := len(sentence.quantities)) > MAX_NUMBERS:
        return f"{numbers_said} numbers in a sentence; {MAX_NUMBERS} are read"
    if (ways := _ways_in(sentence)) > MAX_DIRECTIONS:
        return f"{ways} directions in a sentence; {MAX_DIRECTIONS} are read"
    words = len(sentence.tokens)
    return f"{words} words in a sentence; {MAX_WORDS} are read" if words > MAX_WORDS else ""


def _ways_in(sentence: Sentence) -> int:
    """Return how many phrases of a sentence say what rose, fell or is more."""
    if _TELLING.isdisjoint(sentence.by_section):
        return 0
    return len({mention.at for section in _TELLING for mention in sentence.naming(section)})


def _is_advice(sentence: Sentence) -> bool:
    """Return whether a sentence begins as advice does: "Keep …"; "Go for it: your HRV is …" goes on."""
    first = sentence.starting.get(0)
    if first is None or not first.keys("advice"):
        return False
    return not any(token.word == ":" for token in sentence.tokens[:_A_CALL])
