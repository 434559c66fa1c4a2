"""What may be done with data, by the terms of whoever supplied it."""

from collections.abc import Iterable
from typing import Self

from pydantic import PositiveInt

from training_analyzer.domain.values import Value


class DataRights(Value):
    """
    The terms that come with data. Defaults permit everything: the athlete's own files.

    `retention_days` and `erase_within_days` are None where the terms set no limit.
    """

    ai: bool = True
    """May be shown to an AI backend, also when aggregated."""
    share: bool = True
    """May be shown to other people, or through MCP."""
    combine: bool = True
    """May be combined with data of other sources."""
    retention_days: int | None = None
    """The terms ask that received data be kept no longer than this."""
    erase_within_days: int | None = None
    """After the athlete disconnects, everything must be gone within this many days."""
    attribution: str = ""
    """What the terms want to be shown beside the data."""
    terms_url: str = ""
    """Where the terms stand."""

    def and_also(self, other: Self) -> Self:
        """Combine two sets of terms: the most restrictive wins."""
        return self.model_copy(
            update={
                "ai": self.ai and other.ai,
                "share": self.share and other.share,
                "combine": self.combine and other.combine,
                "retention_days": _shortest(self.retention_days, other.retention_days),
                "erase_within_days": _shortest(self.erase_within_days, other.erase_within_days),
                "attribution": "; ".join(dict.fromkeys(filter(None, (self.attribution, other.attribution)))),
                "terms_url": "; ".join(dict.fromkeys(filter(None, (self.terms_url, other.terms_url)))),
            }
        )


class Retention(Value):
    """How long a deployer keeps what a provider sent, and whether what was computed from it goes too."""

    days: PositiveInt
    keeps_derived: bool = False


def combine(rights: Iterable[DataRights]) -> DataRights:
    """Return the terms of a number that was made from all of these sources."""
    combined = DataRights()
    for terms in rights:
        combined = combined.and_also(terms)
    return combined


def _shortest(one: int | None, other: int | None) -> int | None:
    limits = [limit for limit in (one, other) if limit is not None]
    return min(limits) if limits else None
