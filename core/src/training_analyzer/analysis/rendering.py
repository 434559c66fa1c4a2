"""Placeholders become numbers here: `{load_week}` is written as its fact says."""

import re
from collections.abc import Iterable, Mapping

from training_analyzer.analysis.language.numbers import written
from training_analyzer.domain.insight import Fact
from training_analyzer.domain.style import Style

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""How a text names a fact."""


class NotRenderable(ValueError):
    """The text names an unknown fact, or a placeholder is malformed."""


def placeholders(text: str) -> set[str]:
    """Return the ids of the facts that the text mentions."""
    return set(PLACEHOLDER.findall(text))


def by_id(facts: Iterable[Fact]) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts}


def flaws(text: str, known: Mapping[str, Fact]) -> list[str]:
    """Return why the text cannot be rendered; an empty list where it can."""
    found = [f"there is no fact {{{name}}}" for name in sorted(placeholders(text) - known.keys())]
    bare = PLACEHOLDER.sub("", text)
    if "{" in bare or "}" in bare:
        found.append("a placeholder is malformed")
    return found


def render(text: str, known: Mapping[str, Fact], style: Style | None = None) -> str:
    """
    Write every placeholder as its fact is written in the athlete's style, unit included. Numbers that stand
    in the text already are those of a rule, or of a model, which grounding has verified.

    Where the writer repeats the unit behind the placeholder, it is still written once.
    Raises NotRenderable.
    """
    if found := flaws(text, known):
        raise NotRenderable(f"{'; '.join(found)}: {text!r}")
    style = style or Style()
    pieces: list[str] = []
    position = 0
    for match in PLACEHOLDER.finditer(text):
        fact = known[match[1]]
        before = text[position : match.start()]
        shown = written(fact, style, before=before)
        pieces += [before, shown]
        repeated = _unit_again(fact, shown).match(text, match.end())
        position = repeated.end() if repeated else match.end()
    return "".join([*pieces, text[position:]])


SPELLED = {
    "h": r"h|hours?|hrs?|Stunden?|Std\.",
    "km": r"km|kilomet(?:re|er)s?|Kilometern?",
    "mi": r"mi|miles?|Meilen?",
    "%": r"%|per ?cent|Prozent",
    "W": r"W|watts?|Watt",
    "points": r"points?|Punkten?|Punkte",
}
"""How a writer may spell a unit that code has written already."""


def _unit_again(fact: Fact, shown: str) -> re.Pattern[str]:
    """Match the unit where the writer repeats it; nothing, where the fact has none."""
    own = shown.partition(" ")[2] or fact.unit
    spelled = "|".join(filter(None, (SPELLED.get(fact.unit), re.escape(own))))
    return re.compile(rf"\s?(?:{spelled})(?!\w)", re.IGNORECASE) if spelled else re.compile(r"(?!)")
