"""What every answer is made of, and what stands in place of one."""

import math
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from training_analyzer.domain.activity import Column


class Answer(BaseModel):
    """The base of every answer: it holds what it declares, and nothing else."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


def nullable(column: Column) -> list[float | None]:
    """Return a column as JSON has it: null where there is no number."""
    return [None if math.isnan(number) else number for number in column.tolist()]


class FieldProblem(Answer):
    """What is wrong with one part of a request."""

    in_: Annotated[str, Field(alias="in")]
    """`body`, `query`, `path` or `header`."""
    pointer: str
    """A JSON pointer into it."""
    detail: str


class ProblemDocument(BaseModel):
    """Why a request was not answered, and what to do (RFC 9457)."""

    type: str
    """`urn:training-analyzer:problem:…`: a name that programs may rely on."""
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    code: str | None = None
    scope: str | None = None
    """Which one the key would need."""


Responses = dict[int | str, dict[str, Any]]
