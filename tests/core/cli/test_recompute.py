"""`recompute`: for whoever runs this."""

import json
from collections.abc import Callable
from uuid import UUID

from tests.conftest import NOW
from tests.core.cli.conftest import Run
from tests.fakes.provider import FakeService


def test_what_is_done_and_what_cannot_be_done_is_told(
    run: Run,
    configured: dict[str, str],
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    connect()
    work_off()
    # The provider's plugin is not enabled there: nothing of it can be read, and nothing is lost.
    said = run("recompute", "--json", **configured)
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    assert (answer["athletes"], answer["measured"], answer["left"]) == (1, 0, 0)
    said = run("recompute", "--athlete", "athlete@example.org", **configured)
    assert (said.code, said.out) == (0, "0 recordings of 1 athlete measured.\n")
    unknown = run("recompute", "--athlete", "nobody@example.org", **configured)
    assert unknown.code == 1
    assert "no athlete has the e-mail address" in unknown.err
