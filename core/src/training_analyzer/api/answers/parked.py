"""What was given up."""

from datetime import datetime

from training_analyzer.api.answers.answer import Answer


class ParkedRecordingAnswer(Answer):
    """A recording that could not be understood. Its documents are kept."""

    provider: str
    """Where it came from."""
    external_id: str
    """As the provider names it."""
    started_at: datetime
    """As far as is known."""
    problem: str
    """Why it was given up."""


class ParkedWorkAnswer(Answer):
    """A unit of work that failed too often, or whose answer made no sense twice."""

    kind: str
    """What was to be done."""
    failures: int
    """How often it failed."""
    reason: str
    """What it failed for last."""


class ParkedAnswer(Answer):
    """Everything that was given up, until it is tried again."""

    recordings: list[ParkedRecordingAnswer]
    """Those that could not be understood or measured."""
    work: list[ParkedWorkAnswer]
    """What else was given up."""


class RetriedAnswer(Answer):
    """How much is tried again."""

    recordings: int
    """How many are measured again."""
    work: int
    """How many units are tried again."""
