"""Labels of facts that a text quotes word for word, and what says the same in fewer words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from training_analyzer.domain.insight import Fact

LONG_LABEL: Final = 24
"""From so many characters on, nobody writes a label but who quotes it."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """The words of labels ("strain, load made heavier by monotony") are the fact's name, and no claims."""

    pattern: re.Pattern[str]
    ids: dict[str, str]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Self:
        """A label may be quoted with what it says of itself ("; down is better"), or without."""
        ids = {
            label.casefold(): fact.id
            for fact in facts
            for label in (fact.label, fact.label.partition(";")[0])
            if len(label) >= LONG_LABEL
        }
        labels = "|".join(re.escape(label) for label in sorted(ids, key=len, reverse=True))
        return cls(re.compile(rf"\b(?:{labels or '(?!)'})(?=:)", re.IGNORECASE), ids)

    def shortened(self, text: str) -> str:
        """Return the text with ids in place of labels that stand before a colon."""
        if ":" not in text:
            return text
        return self.pattern.sub(lambda found: self.ids[found[0].casefold()].replace("_", " "), text)
