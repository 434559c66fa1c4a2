"""Holds a text against the evidence: tokens become claims, and each claim is checked."""

from collections.abc import Collection
from typing import Final

from training_analyzer.analysis.grounding import counting, directions, judged, names, numbers, placed, ranks
from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.markup import markup
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Sentence

MAX_LENGTH: Final = 2_000
"""Longer texts are refused unread: nothing that an insight says is as long."""
MAX_NUMBERS: Final = 30
"""A sentence with more is refused: none that tells somebody something has as many, and each is compared."""
MAX_DIRECTIONS: Final = 20
"""A sentence that says more of what rose, fell or is more is refused, as each is held against the others."""
MAX_NUMBERS_IN_ALL: Final = 60
"""A text with more is refused."""
_TELLING: Final = ("direction", "implied", "comparison")
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
    for sentence in read(evidence.quotes.shortened(text), lexicon(language)):
        if (numbers_said := len(sentence.quantities)) > MAX_NUMBERS:
            return [*found, f"{numbers_said} numbers in a sentence; {MAX_NUMBERS} are read"]
        if (numbers_in_all := numbers_in_all + numbers_said) > MAX_NUMBERS_IN_ALL:
            return [*found, f"more than {MAX_NUMBERS_IN_ALL} numbers; no more are read"]
        if (ways := _ways_in(sentence)) > MAX_DIRECTIONS:
            return [*found, f"{ways} directions in a sentence; {MAX_DIRECTIONS} are read"]
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
        found += counting.check(scene)
        found += directions.check(scene)
        found += judged.check(scene)
        found += () if scene.advice else ranks.check(scene)
        found += names.check(scene, language)
        before = scene
    return found


def _ways_in(sentence: Sentence) -> int:
    """Return how many phrases of a sentence say what rose, fell or is more."""
    return len({mention.at for section in _TELLING for mention in sentence.naming(section)})


def _is_advice(sentence: Sentence) -> bool:
    """Return whether a sentence begins as advice does: "Keep …"; "Go for it: your HRV is …" goes on."""
    first = sentence.starting.get(0)
    if first is None or not first.keys("advice"):
        return False
    return not any(token.word == ":" for token in sentence.tokens[:_A_CALL])
