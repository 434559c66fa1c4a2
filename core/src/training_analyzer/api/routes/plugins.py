"""What became of each plugin."""

from fastapi import APIRouter

from training_analyzer.api.answers.service import PluginAnswer, PluginList
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind

router = APIRouter(prefix="/plugins", tags=["plugins"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("")
def list_plugins(session: MayRead) -> PluginList:
    """List the plugins that are enabled or installed, each with its state and the reason for it."""
    reports = session.runtime.registry.reports
    return PluginList(items=[PluginAnswer.model_validate(report) for report in reports])
