"""Placeholders become numbers here: `{load_week}` is written as its fact says."""

import re
from collections.abc import Iterable, Mapping

from training_analyzer.domain.insight import Fact

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


def render(text: str, known: Mapping[str, Fact]) -> str:
    """
    Write every placeholder as its fact's text, unit included. Numbers that stand in the text already are
    those of a model, which grounding has verified.

    Where the writer repeats the unit behind the placeholder, it is still written once.
    Raises NotRenderable.
    """
    if found := flaws(text, known):
        raise NotRenderable(f"{'; '.join(found)}: {text!r}")
    pieces: list[str] = []
    position = 0
    for match in PLACEHOLDER.finditer(text):
        fact = known[match[1]]
        pieces += [text[position : match.start()], fact.text]
        repeated = re.match(rf"\s?{re.escape(fact.unit)}(?!\w)", text[match.end() :]) if fact.unit else None
        position = match.end() + (repeated.end() if repeated else 0)
    return "".join([*pieces, text[position:]])
