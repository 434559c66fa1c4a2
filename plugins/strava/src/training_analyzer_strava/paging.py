"""
How far a list of activities has been read: by time, not by page numbers.

Pages of numbers shift when an activity is deleted between two of them, and one slips through. So the
next page begins where the last one ended: with its oldest second, again, because several activities may
share it. Only where that brings nothing older are pages counted, and only where Strava does not list the
newest first.

A page may be shorter than asked for and still not be the last. The list ends with a page that is empty,
or that holds fewer than the one before and nothing older.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

from training_analyzer.sdk import BadData

PARTS = 3


class Place(NamedTuple):
    """Where the next page begins: activities that started before `before_s`, from page `number` on."""

    before_s: int
    number: int = 1
    former: int = 0
    """How many activities the page before held."""

    @classmethod
    def read(cls, cursor: str | None, *, until_s: int) -> Self:
        """Return where a cursor points to. Raises `BadData` where it is none of ours."""
        if cursor is None:
            return cls(until_s)
        parts = cursor.split("/")
        if len(parts) != PARTS or not all(part.isascii() and part.isdecimal() for part in parts):
            raise BadData("This is no cursor of a list of Strava's.")
        return cls(*map(int, parts))

    def written(self) -> str:
        return "/".join(map(str, self))

    def behind(self, starts_s: Sequence[int], records: int) -> Self | None:
        """
        Return where the page after this one begins; None where there is none.

        `starts_s`: when this page's activities started, as they were listed; `records`: how many it
        holds, with those that make no sense.
        """
        if not records:
            return None
        counted = type(self)(self.before_s, self.number + 1, records)
        if not starts_s or list(starts_s) != sorted(starts_s, reverse=True):
            return counted
        oldest_s = starts_s[-1]
        if oldest_s + 1 < self.before_s:
            return type(self)(oldest_s + 1, 1, records)
        return None if self.number == 1 and records < self.former else counted
