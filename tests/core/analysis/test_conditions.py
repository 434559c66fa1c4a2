"""A condition is data: it says when a rule holds, knows what it does not know, and can do nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training_analyzer.analysis.rules.conditions import BadCondition, parse
from training_analyzer.domain.insight import Fact

FACTS = {
    "load_change": Fact(id="load_change", label="", value=54, unit="%", direction="up"),
    "form": Fact(id="form", label="", value=-12),
    "form_usual": Fact(id="form_usual", label="", value=-3),
}


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("load_change >= 50", True),
        ("load_change > 54", False),
        ("up(load_change) and load_change >= 50", True),
        ("down(load_change)", False),
        ("flat(form)", False),
        ("form < -10", True),
        ("form < form_usual - 5", True),
        ("-20 < form <= -12", True),
        ("form < 2 * form_usual", True),
        ("not form > 0", True),
        ("known(form) and not known(sleep)", True),
        ("True", True),
        ("sleep > 5", None),
        ("up(sleep)", None),
        ("not sleep > 5", None),
        ("sleep > 5 and form > 0", False),
        ("sleep > 5 and form < 0", None),
        ("sleep > 5 or form < 0", True),
        ("sleep > 5 or form > 0", None),
    ],
)
def test_it_holds_fails_or_is_not_known(written: str, holds: bool | None) -> None:
    assert parse(written).holds(FACTS) is holds


def test_it_tells_which_facts_it_looks_at() -> None:
    condition = parse("known(form_usual) and form < -10 and up(load_change)")
    assert condition.facts == {"form_usual", "form", "load_change"}
    assert condition.required == {"form", "load_change"}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "form",
        "form < ",
        "form == 3",
        "form if True else 1",
        "__import__('os').system('true')",
        "open('x') > 3",
        "form.value > 3",
        "form[0] > 3",
        "(lambda: 1)() > 0",
        "[form > 1 for form in (1,)]",
        "'a' < 'b'",
        "form < 1e400j",
        "known(form, form)",
        "known(value=form)",
        "rising(form)",
        "form / 0 > 1",
        "form ** 9 > 1",
        "True < form",
        "form < 1; form > 2",
        "(form := 3) > 1",
        "f'{form}' > 1",
        "await form",
        "form < 1 " + "and form < 1 " * 200,
        "not " * 100 + "form < 1",
        "\x00",
    ],
)
def test_nothing_else_of_the_grammar_is_let_in(written: str) -> None:
    try:
        condition = parse(written)
    except BadCondition:
        return
    assert condition.holds(FACTS) in {True, False, None}
    assert written.startswith("not "), "only long chains of `not` are harmless"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abform_<>=()+-*. 0123456789andotknwup'\"[]{}:;\n", max_size=60))
def test_whatever_is_written_it_is_read_or_refused(written: str) -> None:
    try:
        condition = parse(written)
    except BadCondition:
        return
    assert condition.holds(FACTS) in {True, False, None}
