"""
Why a backend of AI rests is the kind of its failure.

`breakers` is read across athletes, and what a service says may quote what one of them asked.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE breakers SET reason = split_part(reason, ' (', 1)")


def downgrade() -> None:
    """What the services said is gone."""
