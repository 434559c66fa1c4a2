"""The insights in the docs are those that the rules write."""

import re

from tests.architecture.documents import read
from tests.fakes.reading import examples


def test_the_examples_are_what_the_rules_write() -> None:
    """Where this fails, paste what `python -m tests.fakes.reading examples` prints."""
    shown = re.search(r"<!-- examples -->\n(.*)<!-- /examples -->", read("docs/insights.md"), re.DOTALL)
    assert shown is not None
    assert shown[1].strip() == examples()
