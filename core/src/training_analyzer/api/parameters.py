"""
What can be wrong with query parameters of any route: names that it does not know, and reversed periods.

Both are refused: an answer to something else than was meant misleads.
"""

import difflib
from collections.abc import Iterator
from datetime import date
from typing import Final

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from training_analyzer.api.problems import invalid, invalid_query

MOST_TOLD: Final = 10
"""Names that are not known: for each the closest is looked for, and a stranger could send thousands."""


async def refuse_unknown(request: Request) -> None:
    """Raise Problem where the request has a query parameter that its route does not declare."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = sorted(set(_declared(route.dependant)))
    unknown = [name for name in request.query_params if name not in known][:MOST_TOLD]
    if unknown:
        raise invalid_query({name: _said(name, known) for name in unknown})


def check_order(first: date, last: date, *, name: str = "from") -> None:
    """Raise Problem where a period ends before it begins. `name`: of the parameter that says where."""
    if first > last:
        raise invalid("query", name, f"{first} is later than {last}, where the period is to end.")


def _declared(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _declared(needed)


def _said(name: str, known: list[str]) -> str:
    if not known:
        return "There are no query parameters here"
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{close[0]}`? " if close else ""
    return f"There is no such parameter. {hint}There are: {', '.join(known)}"
