"""What an athlete's key may be used for."""

from enum import StrEnum


class Scope(StrEnum):
    """
    What a key permits. One does not include the other.

    Whatever takes data or the athlete away, or opens another door, needs a login: no key does it.
    """

    READ = "read"
    """Every GET of what is the athlete's own, but for the export of everything and the list of keys."""
    WRITE = "write"
    """Hand over, ask for and change: uploads, sync, insights, thresholds, profile, sorting recordings."""
