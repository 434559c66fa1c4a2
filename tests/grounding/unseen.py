"""
How the verifier fares on cases that it is not held to: `python -m tests.grounding.unseen`.

Of each sitting in `cases/held_out`: how many of the wrong texts pass, and how many correct ones are refused.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.grounding.corpus import CASES, Case, read_by_hand
from tests.grounding.test_corpus import violations

HELD_OUT: Final = CASES / "held_out"


def sittings() -> Iterator[tuple[str, tuple[Case, ...]]]:
    for path in sorted(HELD_OUT.glob("*.cases")):
        yield path.stem, tuple(read_by_hand(path))


def faults(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Return the wrong texts that pass, and the correct ones that are refused."""
    judged = [(case, not violations(case)) for case in cases]
    passed = [case for case, holds in judged if holds and not case.holds]
    refused = [case for case, holds in judged if case.holds and not holds]
    return passed, refused


def main() -> None:
    for name, cases in sittings():
        passed, refused = faults(cases)
        correct = sum(case.holds for case in cases)
        print(
            f"{name:24} {len(passed):3} of {len(cases) - correct} wrong ones pass, "
            f"{len(refused):3} of {correct} correct ones are refused"
        )


if __name__ == "__main__":
    main()
