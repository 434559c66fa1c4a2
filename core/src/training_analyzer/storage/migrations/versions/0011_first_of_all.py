"""A third priority: what gives a newcomer their first numbers."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _allow("'first', 'high', 'low'")


def downgrade() -> None:
    op.execute("UPDATE work SET priority = 'high' WHERE priority = 'first'")
    op.execute("DELETE FROM closures WHERE priority = 'first'")
    _allow("'high', 'low'")


def _allow(priorities: str) -> None:
    op.drop_constraint("work_priority", "work", type_="check")
    op.create_check_constraint("work_priority", "work", f"priority IN ({priorities})")
