"""Insights of several kinds and subjects, questions, feedback, and how athletes want to read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OF_AN_ATHLETE = ("questions", "insight_feedback")
ACTING_ATHLETE = "NULLIF(current_setting('app.athlete', true), '')::uuid"


def upgrade() -> None:
    op.add_column("athletes", sa.Column("style", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("insights", sa.Column("subject", sa.Text(), server_default="", nullable=False))
    op.drop_index("insights_newest", table_name="insights")
    op.create_index(
        "insights_newest", "insights", ["athlete_id", "kind", "subject", "last_day", "written_at"]
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "insight_feedback",
        sa.Column("insight_id", sa.UUID(), nullable=False),
        sa.Column("observation", sa.Integer(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("helpful", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("insight_id", "observation"),
    )
    for table in OF_AN_ATHLETE:
        op.create_index(op.f(f"ix_{table}_athlete_id"), table, ["athlete_id"])
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY of_athlete ON {table} "
            f"USING (athlete_id = {ACTING_ATHLETE}) WITH CHECK (athlete_id = {ACTING_ATHLETE})"
        )


def downgrade() -> None:
    for table in reversed(OF_AN_ATHLETE):
        op.drop_table(table)
    op.drop_index("insights_newest", table_name="insights")
    op.create_index("insights_newest", "insights", ["athlete_id", "kind", "last_day", "written_at"])
    op.drop_column("insights", "subject")
    op.drop_column("athletes", "style")
