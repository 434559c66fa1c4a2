"""What a misfit costs: the less, the better words and fact go together."""

from typing import Final

TOO_MUCH: Final = 3.0
"""A number may be of a fact that costs less than this, and no more than any other."""
LITTLE, SOME, MUCH = 0.5, 1.5, 2.0
