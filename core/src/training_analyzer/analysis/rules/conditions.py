"""
Conditions of rules: small expressions over the ids of facts. Data, not code.

    up(load_change) and load_change >= 50
    known(form_usual) and not (form > form_usual - 5)

A fact that is not known makes a comparison unknown, and a rule whose condition is unknown does not
speak: `not` turns unknown into unknown, `and` and `or` follow Kleene. Nothing else of Python's grammar
is let in, and nothing is ever evaluated by it.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from training_analyzer.domain.insight import Fact

Facts = Mapping[str, Fact]
Truth = bool | None
"""None: not known."""

_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[float, float], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SUMS: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_DIRECTIONS: Final = ("up", "down", "flat")
KNOWN: Final = "known"
MAX_LENGTH: Final = 500


class BadCondition(ValueError):
    """The expression is not one of ours."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, ready to be asked."""

    written: str
    facts: frozenset[str]
    """The ids that it looks at."""
    required: frozenset[str]
    """Those of them whose value it compares, and not only asks for."""
    holds: Callable[[Facts], Truth]


def parse(written: str) -> Condition:
    """Read a condition. Raises BadCondition, and says what is wrong."""
    if len(written) > MAX_LENGTH:
        raise BadCondition(f"longer than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(written.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadCondition(f"not an expression: {written!r}") from error
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {*_DIRECTIONS, KNOWN}
    asked = {
        argument.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == KNOWN
        for argument in node.args
        if isinstance(argument, ast.Name)
    }
    return Condition(written, frozenset(names), frozenset(names - asked), _truth(tree.body))


def _truth(node: ast.expr) -> Callable[[Facts], Truth]:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            parts = [_truth(value) for value in values]
            return lambda facts: _all([part(facts) for part in parts])
        case ast.BoolOp(op=ast.Or(), values=values):
            parts = [_truth(value) for value in values]
            return lambda facts: _not(_all([_not(part(facts)) for part in parts]))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            part = _truth(operand)
            return lambda facts: _not(part(facts))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _comparison([left, *comparators], ops)
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=fact_id)], keywords=[]):
            return _question(name, fact_id)
        case ast.Constant(value=bool(value)):
            return lambda _: value
    raise BadCondition(f"{ast.unparse(node)!r} is neither true nor false")


def _question(name: str, fact_id: str) -> Callable[[Facts], Truth]:
    if name == KNOWN:
        return lambda facts: fact_id in facts
    if name in _DIRECTIONS:
        return lambda facts: facts[fact_id].direction == name if fact_id in facts else None
    raise BadCondition(f"there is no {name}(): use known, up, down or flat")


def _comparison(nodes: list[ast.expr], ops: list[ast.cmpop]) -> Callable[[Facts], Truth]:
    values = [_value(node) for node in nodes]
    try:
        compare = [_COMPARISONS[type(op)] for op in ops]
    except KeyError as error:
        raise BadCondition("compare with <, <=, > or >=") from error

    def holds(facts: Facts) -> Truth:
        numbers = [value(facts) for value in values]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return None
        return all(ordered(known[place], known[place + 1]) for place, ordered in enumerate(compare))

    return holds


def _value(node: ast.expr) -> Callable[[Facts], float | None]:
    match node:
        case ast.Constant(value=int(value) | float(value)) if not isinstance(value, bool):
            return lambda _: float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _value(operand)
            return lambda facts: None if (number := inner(facts)) is None else -number
        case ast.Name(id=fact_id):
            return lambda facts: facts[fact_id].value if fact_id in facts else None
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
            one, combine, other = _value(left), _SUMS[type(op)], _value(right)
            return lambda facts: _combined(one(facts), combine, other(facts))
    raise BadCondition(f"{ast.unparse(node)!r} is neither a number nor a fact")


def _combined(
    one: float | None, combine: Callable[[float, float], float], other: float | None
) -> float | None:
    return None if one is None or other is None else combine(one, other)


def _all(parts: list[Truth]) -> Truth:
    if False in parts:
        return False
    return None if None in parts else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth
