"""What AI has cost."""

from fastapi import APIRouter

from training_analyzer.analysis import usage
from training_analyzer.api.answers.usage import UsageAnswer
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind

router = APIRouter(prefix="/usage", tags=["insights"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("")
def read_usage(session: MayRead) -> UsageAnswer:
    """Return what your insights have cost today and this month, against your budgets."""
    runtime = session.runtime
    with session.transaction() as tx:
        found = usage.of_athlete(tx, session.athlete_id, runtime.ai_terms, now=runtime.now())
    return UsageAnswer.of(found)
