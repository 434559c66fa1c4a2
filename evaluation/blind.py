"""
How the verifier judges texts by writers who did not know it: replies that are true, and texts that are not.

Each stands in `blind/*.tsv` as it was written: situation and kind, language, part (`h`eadline, `o`bservation,
`r`ecommendation or `c`aveat), text, and of a wrong one why it is. Nothing was mended after they were judged.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from typing import Final

from evaluation.athletes import asked
from training_analyzer.analysis.grounding import evidence, examine, verify
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.domain.insight import Context, InsightKind
from training_analyzer.domain.style import Language

TRUE, WRONG = "true.tsv", "wrong.tsv"
THRESHOLDS: Final = {"true texts hold": 0.80, "wrong texts are refused": 0.75}
"""Where the verifier stands, and not where it should be."""
_PARTS: Final = {"h": "headline", "o": "observations", "r": "recommendation", "c": "caveats"}


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a reply."""

    subject: str
    language: Language
    part: str
    text: str

    @property
    def context(self) -> Context:
        return context_of(self.subject, self.language)

    @property
    def holds(self) -> bool:
        context = self.context
        grounds = evidence(
            context.facts,
            context.rules,
            context.question,
            self.language,
            context.sport,
            eased=context.eases_off,
        )
        cited = placeholders(self.text) if self.part == "o" else None
        return not verify(
            self.text, grounds, language=self.language, advice=self.part == "r", cited=cited or None
        )


def lines(name: str) -> Iterator[Line]:
    """Yield the texts of one file."""
    for line in resources.files(__package__).joinpath("blind", name).read_text("utf-8").splitlines():
        subject, language, part, text = line.split("\t")[:4]
        yield Line(subject, Language(language), part, text)


def context_of(subject: str, language: Language) -> Context:
    """Return what was asked, of a situation and a kind as they stand in the files."""
    situation, kind = subject.split("-")
    context = asked(situation, InsightKind(kind), language)
    assert context is not None
    return context


def judged() -> dict[str, float]:
    """Return what share is judged rightly, of the true texts and of the wrong ones."""
    true, wrong = ([line.holds for line in lines(name)] for name in (TRUE, WRONG))
    return {
        "true texts hold": sum(true) / len(true),
        "wrong texts are refused": 1 - sum(wrong) / len(wrong),
    }


def shown(some: Iterable[Line]) -> Counter[str]:
    """Return how many of the replies would be shown whole, in part or not at all."""
    counted: Counter[str] = Counter()
    for (subject, language), parts in groupby(some, lambda line: (line.subject, line.language)):
        context = context_of(subject, language)
        checked = examine(_reply(list(parts), context), context, language)
        counted["whole" if checked.draft else "in part" if checked.in_part else "not at all"] += 1
    return counted


def _reply(parts: list[Line], context: Context) -> str:
    told = {name: [line.text for line in parts if line.part == part] for part, name in _PARTS.items()}
    quiet = all(rule.quiet for rule in context.rules if not rule.caveat)
    return json.dumps(
        {
            "status": "nothing_notable" if quiet and context.kind is not InsightKind.QUESTION else "insight",
            "observations": [
                {"facts": sorted(placeholders(text)), "direction": "na", "text": text}
                for text in told["observations"]
            ],
            "caveats": told["caveats"],
            "recommendation": "".join(told["recommendation"]),
            "headline": "".join(told["headline"]),
        }
    )
