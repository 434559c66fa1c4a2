"""Keys for programs: what is known of each, and a new one, once."""

from datetime import datetime
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.scope import Scope


class ApiKeyAnswer(Answer):
    """What is known of a key. The key itself is not: only its digest is stored."""

    id: UUID
    name: str
    prefix: str
    """What the key begins with."""
    scopes: list[Scope]
    created_at: datetime
    last_used_at: datetime | None
    """To within a minute; null: never."""
    expires_at: datetime | None
    """Null: it is good until it is deleted."""


class NewApiKeyAnswer(ApiKeyAnswer):
    """A key was made. It is shown this once; send it as `Authorization: Bearer …`."""

    key: str


class ApiKeyList(Answer):
    items: list[ApiKeyAnswer]
