"""Elements of an XML file as files of their own: cut out of its bytes, with the tags that they stand in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DEEPEST: Final = 5
"""So deep an activity of TCX may lie: in a session of several sports. What lies deeper is not cut out."""

_TAG: Final = re.compile(rb"""<([^\s/>\0]+)(?:[^>"']+|"[^"]*"|'[^']*')*+>""")


@dataclass(slots=True)
class Piece:
    """An element of a file. `inside`: where those begin that it stands in, the outermost first."""

    content: bytes
    declaration: bytes
    inside: Sequence[int]
    begin: int
    closed_at: int | None = None
    """Where its end tag begins."""

    def as_file(self) -> bytes | None:
        """Return the element alone in its file; None where its bytes are not such that it can be cut out."""
        tags = [tag for place in self.inside if (tag := _TAG.match(self.content, place))]
        end = -1 if self.closed_at is None else self.content.find(b">", self.closed_at)
        if end < 0 or len(tags) < len(self.inside):
            return None
        opening = b"".join(tag[0] for tag in tags)
        closing = b"".join(b"</%b>" % tag[1] for tag in reversed(tags))
        return self.declaration + opening + self.content[self.begin : end + 1] + closing


class Pieces:
    """The elements of one name in a file, found while a parser walks it."""

    def __init__(self, name: str, content: bytes, encoding: str | None) -> None:
        """`encoding`: that of `content`, where its own declaration may say another."""
        self.found: list[Piece | None] = []
        self._name = name
        self._content = content
        self._declaration = b'<?xml version="1.0" encoding="%b"?>' % encoding.encode() if encoding else None
        self._opened: list[int] = []

    def begin(self, name: str, depth: int, place: int) -> None:
        """Note the tag of a piece, and of all that it may stand in."""
        if depth > DEEPEST:
            self.found.append(None)
            return
        del self._opened[depth - 1 :]
        if name == self._name:
            root = self._opened[0] if self._opened else place
            declaration = self._content[:root] if self._declaration is None else self._declaration
            self.found.append(Piece(self._content, declaration, tuple(self._opened), place))
        self._opened.append(place)

    def end(self, place: int) -> None:
        """Note an end tag of a piece."""
        last = self.found[-1]
        if last is not None and last.closed_at is None:
            last.closed_at = place
