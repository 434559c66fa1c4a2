"""What this deployment was like when it last ran: so that a change is noticed once."""

from sqlalchemy import text

from training_analyzer.storage.database import Transaction


def find(tx: Transaction, name: str) -> str | None:
    """Return the value that was remembered."""
    value: str | None = tx.execute(
        text("SELECT value FROM marks WHERE name = :name"), {"name": name}
    ).scalar()
    return value


def changed(tx: Transaction, name: str, value: str) -> bool:
    """Remember the value; return whether it was another one, or none, before."""
    written = tx.execute(
        text("""
            INSERT INTO marks AS m (name, value) VALUES (:name, :value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE m.value <> excluded.value
        """),
        {"name": name, "value": value},
    )
    return written.rowcount == 1
