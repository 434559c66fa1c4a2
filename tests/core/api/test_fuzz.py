"""Whatever is asked, the API answers as it declares, and never with a mistake of its own."""

from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLES_OF_A_ROUTE = 8
SLOW_ON_PURPOSE = {"POST /api/v1/athletes", "POST /api/v1/sessions", "PUT /api/v1/me/password"}
"""They hash passwords, and stop answering after some attempts: a few examples have to do."""
WOULD_END_THE_TEST = {"DELETE /api/v1/sessions", "DELETE /api/v1/sessions/current"}


@pytest.mark.slow
def test_no_request_makes_the_api_fail(
    app: FastAPI, address: str, ann: httpx.Client, trained: UUID, subtests: pytest.Subtests
) -> None:
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.config.update(base_url=address)
    token = {"Authorization": ann.headers["Authorization"]}
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    answers: list[int] = []
    for operation in operations:
        if operation.label in WOULD_END_THE_TEST:
            continue

        @settings(
            max_examples=3 if operation.label in SLOW_ON_PURPOSE else EXAMPLES_OF_A_ROUTE,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            answer = case.call(headers=token)
            answers.append(answer.status_code)
            # A schema cannot say which metrics there are, or which cursors are ours.
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])

        with subtests.test(operation.label):
            ask()
    assert len(operations) > 20
    assert {200, 404, 422} <= set(answers)
