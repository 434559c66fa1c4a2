"""What an athlete's insights have cost, against their budgets."""

from typing import Self

from training_analyzer.analysis.usage import ModelUsage, PeriodUsage, Usage
from training_analyzer.api.answers.answer import Answer


class UsageAnswer(Answer):
    """What your insights have cost. Where a budget is spent, the rules write until it is whole again."""

    periods: list[PeriodUsage]
    """The current day and the current month, by UTC."""
    models: list[ModelUsage]
    """This month's requests, by backend and model."""

    problem: str
    """What keeps every AI from being asked, where the server is set up wrongly; empty: nothing does."""

    @classmethod
    def of(cls, usage: Usage) -> Self:
        return cls(periods=list(usage.periods), models=list(usage.models), problem=usage.problem)
