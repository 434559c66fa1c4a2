"""The verifier against its cases: those written before it, and the sittings that it has learnt from since."""

from collections import Counter
from collections.abc import Iterable
from functools import cache

import pytest

from tests.grounding.corpus import Case, by_hand, facts_of, mutated
from training_analyzer.analysis.grounding import Evidence, evidence, verify

MIN_CASES = 2_000
MIN_CAUGHT, MAX_REJECTED = 0.99, 0.01


@cache
def evidence_of(facts: str) -> Evidence:
    return evidence(facts_of(facts))


def violations(case: Case) -> list[str]:
    return verify(case.text, evidence_of(case.facts), language=case.language, advice=case.part == "advice")


def test_there_are_enough_cases_and_no_template_is_most_of_them() -> None:
    cases = (*by_hand(), *mutated())
    assert len(cases) >= MIN_CASES
    assert len(by_hand()) >= 300
    templates = Counter(case.template for case in mutated())
    assert max(templates.values()) <= len(cases) / 3
    assert len({(case.facts, case.text) for case in by_hand()}) == len(by_hand())


@pytest.mark.parametrize("which", ["by hand", "mutated"])
def test_wrong_texts_are_caught_and_correct_ones_pass(which: str) -> None:
    cases = by_hand() if which == "by hand" else mutated()
    missed, rejected = _faults(cases)
    wrong = sum(not case.holds for case in cases)
    assert len(missed) <= (1 - MIN_CAUGHT) * wrong, missed
    assert len(rejected) <= MAX_REJECTED * (len(cases) - wrong), rejected


def test_nothing_makes_it_fail() -> None:
    """Whatever a text holds, it is judged: cut anywhere, and said of any athlete."""
    nothing = evidence(())
    for case in by_hand()[::20]:
        for end in range(0, len(case.text), 5):
            verify(case.text[end:], evidence_of("month"), language=case.language)
            verify(case.text[:end], nothing, language=case.language)


def _faults(cases: Iterable[Case]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    missed, rejected = [], []
    for case in cases:
        found = violations(case)
        if case.holds and found:
            rejected.append((case.text, found))
        elif not case.holds and not found:
            missed.append(f"{case.text} ({case.why})")
    return missed, rejected
