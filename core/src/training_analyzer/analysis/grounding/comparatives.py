"""Whether a word means the longest or what is longer: Romance languages have one for both."""

from dataclasses import dataclass
from typing import Final

from training_analyzer.analysis.grounding.lexicon import WordKind
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, Surroundings

_HAS_BEEN: Final[tuple[WordKind, ...]] = ("copula", "has_been")
_NO: Final = frozenset[str]()


@dataclass
class Comparatives(Surroundings):
    """A sentence that tells "the longest" from "longer"."""

    def superlatives_of(self, mention: Mention) -> frozenset[str]:
        """
        Return which superlatives a phrase states.

        Romance languages have one word for "longer" and "longest": it is the latter behind an article,
        where nothing is compared with it.
        """
        kinds = mention.keys("superlative")
        if not kinds or not self.sentence.is_word(mention.at, "comparative"):
            return kinds
        versus = any(0 <= m.at - mention.end <= ADJACENT for m in self.sentence.tagged("role:versus"))
        article = self._has_article(mention)
        return kinds if article and not versus else _NO

    def _has_article(self, mention: Mention) -> bool:
        """As in "La salita più lunga", "na subida mais longa"; not "a um ritmo melhor", "es mejor"."""
        the = self.sentence.tagged("article:the")
        if any(m.end in (mention.at, mention.at - 1) for m in self.sentence.tagged("article:one")):
            return False
        if mention.at and any(self.sentence.is_word(mention.at - 1, kind) for kind in _HAS_BEEN):
            return False
        if any(0 <= mention.at - m.end <= CLOSE for m in the):
            return True
        ahead = mention.at - CLOSE
        places = [(m.at, m.end) for m in self.sentence.mentions]
        places += [(q.at, q.end) for q in self.sentence.quantities]
        within_others = any(at <= ahead < end and end - at > 1 for at, end in places)
        return ahead >= 0 and self.sentence.is_word(ahead, "joined_article") and not within_others
