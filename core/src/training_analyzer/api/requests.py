"""Parts that the bodies of several requests are made of."""

from typing import Annotated

from pydantic import Field, StringConstraints

Text = Annotated[str, StringConstraints(max_length=1024, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Text without control characters, which PostgreSQL refuses and people do not mean."""
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
BirthYear = Annotated[int, Field(ge=1900, le=2100)]
