"""What was given up."""

from datetime import datetime

from training_analyzer.api.answers.answer import Answer


class ParkedRecordingAnswer(Answer):
    """A recording that could not be understood. Its documents are kept."""

    provider: str
    external_id: str
    started_at: datetime
    problem: str


class ParkedWorkAnswer(Answer):
    """A unit of work that failed too often, or whose answer made no sense twice."""

    kind: str
    failures: int
    reason: str


class ParkedAnswer(Answer):
    """Everything that was given up, until it is tried again."""

    recordings: list[ParkedRecordingAnswer]
    work: list[ParkedWorkAnswer]


class RetriedAnswer(Answer):
    """How much is tried again."""

    recordings: int
    work: int
