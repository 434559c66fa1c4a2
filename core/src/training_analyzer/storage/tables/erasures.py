"""What was erased, without a word of whose it was."""

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    count,
    list_of_words,
    moment,
    uuid_key,
    words,
)


class ErasureRow(Table, table=True):
    """That something was erased, when, and how much: no athlete, no account, no name."""

    __tablename__ = "erasures"

    id: Identifier = uuid_key()
    what: str = words()
    """`athlete` or `connection`."""
    asked_by: str = words()
    """`athlete`, `deployer` or `provider`."""
    told: list[str] = list_of_words()
    """The providers that know that we are no longer connected."""
    not_told: list[str] = list_of_words()
    """The providers that did not answer: the athlete has to remove the application there."""
    recordings: int = count()
    documents: int = count()
    activities: int = count()
    insights: int = count()
    erased_at: Moment = moment()
