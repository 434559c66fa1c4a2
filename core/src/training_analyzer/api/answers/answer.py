"""What every answer is made of, and what stands in place of one."""

import math
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from training_analyzer.domain.activity import Column
from training_analyzer.domain.docstrings import describe_fields


class Answer(BaseModel):
    """The base of every answer: it holds what it declares, and nothing else."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, json_schema_extra=describe_fields)


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
    """What is wrong, and what may stand there."""


class ProblemDocument(BaseModel):
    """Why a request was not answered, and what to do (RFC 9457)."""

    model_config = ConfigDict(json_schema_extra=describe_fields)

    type: str
    """`urn:training-analyzer:problem:…`: a name that programs may rely on."""
    title: str
    """The kind of problem, in words."""
    status: int
    """Of the answer."""
    detail: str
    """What happened, and what to do."""
    errors: list[FieldProblem] | None = None
    """What is wrong with which part of the request; left out where no one part is."""
    code: str | None = None
    """What tells apart problems of one type, such as why consent failed."""
    scope: str | None = None
    """Which one the key would need."""


Responses = dict[int | str, dict[str, Any]]
