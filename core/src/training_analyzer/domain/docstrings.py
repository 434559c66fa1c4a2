"""Docstrings under the fields of models, as descriptions in their JSON Schema."""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise

from pydantic import BaseModel
from pydantic.config import JsonDict


def describe_fields(schema: JsonDict, model: type[BaseModel]) -> None:
    """
    Give each property that has none a description: the docstring under its field.

    Meant as `json_schema_extra` of a model. Pydantic's own `use_attribute_docstrings` reads all sources
    whenever a model is made, which costs every start what only the document of the API needs.
    """
    properties = schema.get("properties")
    assert properties is None or isinstance(properties, dict)
    for name, field in model.model_fields.items():
        said = (properties or {}).get(field.alias or name)
        found = next((text for one in model.__mro__ if (text := _docstring(one, name))), None)
        if isinstance(said, dict) and found:
            said.setdefault("description", found)


def _docstring(model: type, field: str) -> str | None:
    return _docstrings_of(model.__module__).get((model.__qualname__, field))


@cache
def _docstrings_of(module: str) -> dict[tuple[str, str], str]:
    """Return the docstrings by class and field; none where the source is not at hand."""
    if not module.startswith("training_analyzer"):
        return {}
    try:
        source = inspect.getsource(sys.modules[module])
    except OSError:
        return {}
    return {
        (made.name, field.target.id): inspect.cleandoc(below.value.value)
        for made in ast.parse(source).body
        if isinstance(made, ast.ClassDef)
        for field, below in pairwise(made.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
