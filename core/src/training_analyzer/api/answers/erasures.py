"""What is left when an athlete, or one of their accounts, has gone: a record without their name."""

from datetime import datetime
from typing import Self
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.storage.erasing import Erasure


class ErasureAnswer(Answer):
    """What was erased. It cannot be read again: keep it if you want to prove it."""

    id: UUID
    """Of this erasure."""
    erased_at: datetime
    """When it was done."""
    recordings: int
    """How many went."""
    documents: int
    """How many went."""
    activities: int
    """How many went."""
    insights: int
    """How many went."""
    told: list[str]
    """The providers that know that you are no longer connected."""
    not_told: list[str]
    """The providers that did not answer, and let this server in still: remove it in your settings there."""

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        return cls(
            id=erasure.id,
            erased_at=erasure.erased_at,
            recordings=erasure.erased.recordings,
            documents=erasure.erased.documents,
            activities=erasure.erased.activities,
            insights=erasure.erased.insights,
            told=list(erasure.told),
            not_told=list(erasure.not_told),
        )
