"""
What can be wrong with query parameters of any route: unknown names, repeated ones, reversed periods.

All are refused: an answer to something else than was meant misleads.
"""

import difflib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from training_analyzer.api.problems import invalid, invalid_query

MOST_TOLD: Final = 10
"""Names that are not known: for each the closest is looked for, and a stranger could send thousands."""


LISTS: Final = frozenset({"metrics", "channels"})
"""Parameters of which one holds many."""


async def refuse_strange(request: Request) -> None:
    """Raise Problem where a query parameter is none that the route declares, or comes more than once."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = sorted(set(_declared(route.dependant)))
    unknown = [name for name in request.query_params if name not in known][:MOST_TOLD]
    wrong = {name: _said(name, known) for name in unknown}
    if not wrong:
        times = Counter(name for name, _ in request.query_params.multi_items())
        wrong = {name: _too_often(name, number) for name, number in times.items() if number > 1}
    if wrong:
        raise invalid_query(wrong)


def check_order(first: date, last: date, *, name: str = "from") -> None:
    """Raise Problem where a period ends before it begins. `name`: of the parameter that says where."""
    if first > last:
        raise invalid("query", name, f"{first} is later than {last}, where the period is to end.")


def _declared(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _declared(needed)


def _too_often(name: str, times: int) -> str:
    hint = f"Name all in one, separated by commas: `{name}=one,other`" if name in LISTS else "Give it once"
    return f"It is there {times} times, and only one would count. {hint}"


def _said(name: str, known: list[str]) -> str:
    if not known:
        return "There are no query parameters here"
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{close[0]}`? " if close else ""
    return f"There is no such parameter. {hint}There are: {', '.join(known)}"
