"""Activities keep what devices and athletes say of them: results, description, gear, lengths of a pool."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMES = ("description", "utc_offset_is_guessed", "gear", "pool_length_m", "pool_lengths", "reported")


def upgrade() -> None:
    for column in (
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("utc_offset_is_guessed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("gear", sa.Text(), server_default="", nullable=False),
        sa.Column("pool_length_m", sa.Float(), nullable=True),
        sa.Column("pool_lengths", sa.Integer(), nullable=True),
        sa.Column("reported", postgresql.JSONB(), server_default="{}", nullable=False),
    ):
        op.add_column("activities", column)


def downgrade() -> None:
    for name in NAMES:
        op.drop_column("activities", name)
