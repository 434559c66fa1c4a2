"""What a text must not hold, whatever facts there are: markup, links and ids."""

import re
from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.rendering import PLACEHOLDER

_MARKUP: Final = re.compile(
    r"https?:|www\.|\w\.(?:com|org|net)\b|[<>`*#\[\]|@\\]|\b[a-z]+_[a-z0-9_]+\b|_{2,}"
)
_SIGNS: Final = re.compile(r"[<>`*#\[\]|@\\_]|https?:|www\.|\.(?:com|org|net)\b")
"""What all of it has, and few texts: this is found in a fifth of the time."""


def markup(text: str) -> Iterator[str]:
    """Return the first that a text holds besides its placeholders."""
    bare = PLACEHOLDER.sub(" ", text)
    if _SIGNS.search(bare) and (found := _MARKUP.search(bare)):
        yield f'markup, a link or an id ("{found[0]}")'
