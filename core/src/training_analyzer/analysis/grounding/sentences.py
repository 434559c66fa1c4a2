"""A sentence as it was read: its tokens, its phrases, its quantities, and what separates them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from training_analyzer.analysis.grounding.lexicon import Tags, WordKind
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.tokens import Token

_Check = TypeVar("_Check")
_NOTHING: Final = frozenset[str]()
APART: Final = 3
"""From here on, two things stand in different parts of a sentence."""


@dataclass(slots=True)
class Mention:
    """
    A phrase that the lexicon knows, from token `at` up to token `end`.

    Its fields are final, and it is not `frozen`: that takes four times as long to make, at each phrase.
    """

    at: Final[int]
    end: Final[int]
    text: Final[str]
    tags: Final[Tags]
    sections: Final[Mapping[str, frozenset[str]]]

    def keys(self, section: str) -> frozenset[str]:
        """Return what the phrase is of one section: `metric` gives the metrics that it names."""
        return self.sections.get(section, _NOTHING)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `walls[i]` is all that separates its beginning from token `i`."""

    tokens: Sequence[Token]
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    walls: tuple[int, ...]
    clauses: tuple[int, ...]
    """In which clause each token stands: what says something of its own, joined by "but", "and" or a dash."""
    zones: tuple[tuple[int, frozenset[int]], ...]
    """Zones of intensity that it names, "zone 2", "zones 1 and 2", each with its place."""
    unknown: tuple[int, ...]
    """Words in no entry of the lexicon."""
    by_section: Mapping[str, Sequence[Mention]]
    by_tag: Mapping[str, Sequence[Mention]]
    tags: Tags
    """All that its phrases are, and of which sections: "metric:load", and "metric"."""
    starting: Mapping[int, Mention]
    """Its phrases, by the token at which they begin."""
    ending: Mapping[int, Mention]
    """Its phrases, by the token right behind them."""
    words: Mapping[WordKind, frozenset[str]]
    """Those of its language that count by themselves."""

    def between(self, one: int, other: int) -> int:
        """Return what separates two tokens."""
        return abs(self.walls[other] - self.walls[one])

    def together(self, one: int, other: int) -> bool:
        """Return whether two tokens stand in one clause."""
        return self.clauses[one] == self.clauses[other]

    def begins(self, at: int) -> bool:
        """Return whether a part of the sentence begins at a token: the first, or behind a mark."""
        if at <= 0 or self.tokens[at - 1].kind == "mark":
            return True
        return self.has_before(at, "clause:and", "clause:but")

    def naming(self, section: str) -> Sequence[Mention]:
        """Return the phrases that are something of one section: all metrics, all directions."""
        return self.by_section.get(section, ())

    def tagged(self, tag: str) -> Sequence[Mention]:
        """Return the phrases that are just this: all hedges that say "about"."""
        return self.by_tag.get(tag, ())

    def is_word(self, at: int, kind: WordKind) -> bool:
        """Return whether a token is one of these words by itself, whatever phrase it is part of."""
        return self.tokens[at].word in self.words[kind]

    def ends_in(self, mention: Mention, kind: WordKind) -> bool:
        """Return whether the last word of a phrase is one of these: "more than"."""
        return self.is_word(mention.end - 1, kind)

    def says(self, kind: WordKind, start: int, end: int) -> bool:
        """Return whether one of these words stands among some tokens."""
        return any(token.word in self.words[kind] for token in self.tokens[max(0, start) : end])

    def calls_for(self, checks: Iterable[tuple[_Check, Tags]]) -> list[_Check]:
        """Return the checks that it calls for: it has one of the tags of each, or a check has none."""
        return [check for check, tags in checks if not tags or not tags.isdisjoint(self.tags)]

    def has(self, *tags: str) -> bool:
        return not self.tags.isdisjoint(tags)

    def has_at(self, at: int, *tags: str) -> bool:
        """Return whether the phrase that begins at a token has one of the tags."""
        found = self.starting.get(at)
        return found is not None and not found.tags.isdisjoint(tags)

    def has_before(self, at: int, *tags: str) -> bool:
        """Return whether the phrase that ends right before a token has one of the tags."""
        found = self.ending.get(at)
        return found is not None and not found.tags.isdisjoint(tags)
