"""Keys for programs: what is known of each, and a new one, once."""

from datetime import datetime
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.scope import Scope


class ApiKeyAnswer(Answer):
    """What is known of a key. The key itself is not: only its digest is stored."""

    id: UUID
    """With which the key can be deleted."""
    name: str
    """What the athlete called it."""
    prefix: str
    """What the key begins with."""
    scopes: list[Scope]
    """What it may do."""
    created_at: datetime
    """When it was made."""
    last_used_at: datetime | None
    """To within a minute; null: never."""
    expires_at: datetime | None
    """Null: it is good until it is deleted."""


class NewApiKeyAnswer(ApiKeyAnswer):
    """A key was made. It is shown this once; send it as `Authorization: Bearer …`."""

    key: str
    """The key itself. Keep it: it is not stored."""


class ApiKeyList(Answer):
    """The athlete's keys."""

    items: list[ApiKeyAnswer]
    """The oldest first."""
