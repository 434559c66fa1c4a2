"""The base of every value that crosses a wall."""

from pydantic import BaseModel, ConfigDict

from training_analyzer.domain.docstrings import describe_fields


class Value(BaseModel):
    """An immutable value. Unknown fields are an error, not a surprise."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, json_schema_extra=describe_fields
    )
