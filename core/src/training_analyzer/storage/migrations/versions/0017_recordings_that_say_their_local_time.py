"""Recordings keep what they themselves say of local time: it counts before the guess of one that says nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FROM_ACTIVITIES = """
    UPDATE recordings r SET utc_offset_s = a.utc_offset_s FROM activities a
    WHERE a.leading_id = r.id AND NOT a.utc_offset_is_guessed
"""
TO_TRANSLATE = """
    UPDATE recordings r SET outlined_from = NULL
    WHERE r.activity_id IS NOT NULL AND NOT EXISTS (SELECT FROM activities a WHERE a.leading_id = r.id)
"""
"""Those that lead no activity: nothing stored tells what they say."""


def upgrade() -> None:
    op.add_column("recordings", sa.Column("utc_offset_s", sa.Integer(), nullable=True))
    op.execute(FROM_ACTIVITIES)
    op.execute(TO_TRANSLATE)


def downgrade() -> None:
    op.drop_column("recordings", "utc_offset_s")
