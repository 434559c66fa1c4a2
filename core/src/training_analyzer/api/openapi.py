"""The OpenAPI document: errors declared as the problem documents that they are."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from training_analyzer.api.answers.answer import ProblemDocument, Responses
from training_analyzer.api.problems import MEDIA_TYPE, Kind
from training_analyzer.api.scopes import declare_scopes

FIRST_ERROR: Final = 400
BETWEEN_KINDS: Final = " · "


def problems(*kinds: Kind) -> Responses:
    """Declare the problems that a route may answer with."""
    declared: Responses = {}
    for kind in kinds:
        known = declared.setdefault(kind.status, {"model": ProblemDocument, "description": ""})
        known["description"] = _said(known["description"], kind.title)
    return declared


def _said(*descriptions: str) -> str:
    """Join what is said of one status, each kind once."""
    kinds = (kind for said in descriptions for kind in said.split(BETWEEN_KINDS) if kind)
    return BETWEEN_KINDS.join(dict.fromkeys(kinds))


def declare_all(router: APIRouter) -> None:
    """
    Have each route declare what its router and every route may answer with besides.

    The framework takes one declaration for each status, the route's own: of kinds that share a status, those
    of the others would be lost.
    """
    for route in router.routes:
        if not isinstance(route, APIRoute):
            continue
        for declared in (router.responses, EVERYWHERE):
            for status, response in declared.items():
                known = route.responses.setdefault(status, response)
                said = _said(known.get("description", ""), response["description"])
                route.responses[status] = known | {"description": said}


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
