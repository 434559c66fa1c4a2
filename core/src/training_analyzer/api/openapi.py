"""The OpenAPI document: errors declared as the problem documents that they are."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI

from training_analyzer.api.answers.answer import ProblemDocument, Responses
from training_analyzer.api.problems import MEDIA_TYPE, Kind
from training_analyzer.api.scopes import declare_scopes

FIRST_ERROR: Final = 400


def problems(*kinds: Kind) -> Responses:
    """Declare the problems that a route may answer with."""
    declared: Responses = {}
    for kind in kinds:
        known = declared.setdefault(kind.status, {"model": ProblemDocument, "description": ""})
        known["description"] = " · ".join(filter(None, (known["description"], kind.title)))
    return declared


EVERYWHERE: Final = problems(
    Kind.INVALID_REQUEST,
    Kind.INTERNAL_ERROR,
    Kind.BUSY,
    Kind.DATABASE_UNREACHABLE,
    Kind.NOT_SET_UP,
    Kind.UNAVAILABLE,
)
"""What any route may answer with; the first, also where it knows no parameter: another is refused."""

OF_A_BODY: Final = (Kind.MALFORMED_REQUEST, Kind.TOO_LARGE)
"""What a route that reads a body may answer with besides."""


def with_problem_documents(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return a function in place of `app.openapi` that gives errors their media type, where there are any."""
    make = app.openapi

    def document() -> dict[str, Any]:
        made = make()
        declare_scopes(made)
        for operations in made["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= FIRST_ERROR and "application/json" in content:
                        content[MEDIA_TYPE] = content.pop("application/json")
        return made

    return document
