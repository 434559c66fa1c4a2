"""Parts that the bodies of several requests are made of."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, SecretStr, StringConstraints

from training_analyzer.api.problems import invalid
from training_analyzer.domain import plausible

Text = Annotated[str, StringConstraints(max_length=1024, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Text without control characters, which PostgreSQL refuses and people do not mean."""
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
BirthYear = Annotated[int, Field(ge=1900, le=2100)]
"""Held against the present year by `check_birth_year`."""

PASSWORD_LENGTH: Final = range(10, 1025)
"""How many characters a password may have."""
NewPassword = Annotated[
    SecretStr, Field(min_length=PASSWORD_LENGTH.start, max_length=PASSWORD_LENGTH.stop - 1)
]


def check_birth_year(birth_year: int | None, *, now: datetime) -> None:
    """Raise Problem where nobody of that year can be an athlete yet."""
    wrong = None if birth_year is None else plausible.born_too_late(birth_year, year=now.year)
    if wrong:
        raise invalid("body", "birth_year", wrong)
