"""A text as a row of tokens: words, numerals, clock times, placeholders and marks."""

import re
from typing import Final, Literal, NamedTuple

Kind = Literal["word", "number", "clock", "fact", "mark"]

# Most tokens are words. A space groups thousands only where three digits follow: "1 234,5", with any space.
_TOKEN: Final = re.compile(
    r"(?P<word>(?![½¼¾⅓⅔])[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|\{(?P<fact>[a-z][a-z0-9_]*)\}"
    r"|(?P<clock>\d{1,3}:[0-5]\d(?::[0-5]\d)?(?!\d|:\d)|\d{1,2}'[0-5]\d\"?)"
    r"|(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)*|[½¼¾⅓⅔])"
    r"|(?P<mark>\S)"
)
# Signs that look alike: hyphens, dashes and the minus; apostrophes, quotation marks, minutes and seconds.
_ELISION: Final = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_PLAIN: Final = str.maketrans(
    dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-")
    | dict.fromkeys((0x2019, 0x2018, 0x2032, 0x00B4), "'")
    | dict.fromkeys((0x201D, 0x2033), '"')
)
_ALIKE: Final = frozenset(map(chr, _PLAIN))


class Token(NamedTuple):
    """`word` is what it says, in lower case; `glued` says that no space stands before it."""

    kind: Kind
    text: str
    word: str
    glued: bool


def tokenize(text: str, *, split_elisions: bool = False) -> list[Token]:
    """Return the tokens in their order. `split_elisions`: "l'an" is two words, as in French and Italian."""
    if not _ALIKE.isdisjoint(text):
        text = text.translate(_PLAIN)
    if split_elisions:
        text = _ELISION.sub("' ", text)
    tokens = []
    end = 0
    for match in _TOKEN.finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        start, stop = match.span()
        glued = start == end and end > 0
        end = stop
        if kind == "mark" and match[0] == "'" and split_elisions:
            continue
        raw = match[kind]
        tokens.append(Token(kind, raw, raw.lower(), glued))
    return tokens
