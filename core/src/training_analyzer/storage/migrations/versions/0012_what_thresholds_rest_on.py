"""Thresholds and suggestions know whose data they rest on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("suggestions", "thresholds"):
        op.add_column(table, sa.Column("providers", ARRAY(sa.Text), nullable=False, server_default="{}"))
    # What a provider told rests on it. What was found in training may rest on any that there is.
    for table in ("suggestions", "thresholds"):
        op.execute(f"""
            WITH theirs AS (
                SELECT athlete_id, provider FROM recordings UNION SELECT athlete_id, provider FROM connections)
            UPDATE {table} t SET providers = ARRAY(
                SELECT provider FROM theirs WHERE athlete_id = t.athlete_id AND (
                    provider = t.source OR NOT EXISTS (
                        SELECT FROM theirs o WHERE o.athlete_id = t.athlete_id AND o.provider = t.source))
                ORDER BY provider)
            WHERE t.source <> 'athlete'
        """)  # noqa: S608 - names of tables


def downgrade() -> None:
    for table in ("suggestions", "thresholds"):
        op.drop_column(table, "providers")
