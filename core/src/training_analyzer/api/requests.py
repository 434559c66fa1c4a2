"""Parts that the bodies of several requests are made of."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

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
NO_TEXT: Final = "this is no text in Unicode"


def why_no_password(password: str) -> str | None:
    """Return why nobody can have this password; None where somebody can."""
    if len(password) not in PASSWORD_LENGTH:
        return f"a password has {PASSWORD_LENGTH.start} to {PASSWORD_LENGTH.stop - 1} characters"
    return None if _is_text(password) else NO_TEXT


def _is_text(password: str) -> bool:
    """Return whether there are only whole characters: half of a pair has no bytes to be hashed."""
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(password: SecretStr) -> SecretStr:
    if not _is_text(password.get_secret_value()):
        raise ValueError(NO_TEXT)
    return password


GivenPassword = Annotated[SecretStr, Field(max_length=PASSWORD_LENGTH.stop - 1), AfterValidator(_text)]
"""One to be compared."""
NewPassword = Annotated[GivenPassword, Field(min_length=PASSWORD_LENGTH.start)]
"""One to be set."""


def check_birth_year(birth_year: int | None, *, now: datetime) -> None:
    """Raise Problem where nobody of that year can be an athlete yet."""
    wrong = None if birth_year is None else plausible.born_too_late(birth_year, year=now.year)
    if wrong:
        raise invalid("body", "birth_year", wrong)
