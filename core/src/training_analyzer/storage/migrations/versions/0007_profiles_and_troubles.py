"""
Documents of a profile are kept no longer than others; what is said of failures is the athlete's.

`work` is read across athletes, and an error's text may quote what was received: it moves behind row-level
security.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SIGNATURE = "athletes_with_documents_before(wanted text, moment timestamptz)"
OF_DOCUMENTS = """
    SELECT d.athlete_id FROM documents d JOIN recordings r ON r.id = d.recording_id
    WHERE r.provider = wanted AND d.received_at < moment
    UNION SELECT j.athlete_id FROM rejections j JOIN connections c ON c.id = j.connection_id
    WHERE c.provider = wanted AND j.received_at < moment
"""
OF_PROFILES = """
    UNION SELECT p.athlete_id FROM profile_documents p JOIN connections c ON c.id = p.connection_id
    WHERE c.provider = wanted AND p.received_at < moment
"""


def upgrade() -> None:
    _answer(OF_DOCUMENTS + OF_PROFILES)
    op.create_table(
        "troubles",
        sa.Column("work_id", sa.BigInteger(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_id"),
    )
    op.create_index(op.f("ix_troubles_athlete_id"), "troubles", ["athlete_id"], unique=False)
    op.execute("ALTER TABLE troubles ENABLE ROW LEVEL SECURITY")
    acting = "NULLIF(current_setting('app.athlete', true), '')::uuid"
    op.execute(
        f"CREATE POLICY of_athlete ON troubles USING (athlete_id = {acting}) WITH CHECK (athlete_id = {acting})"
    )
    # Nothing that was received stands there any more; the kind of error is told by its first word.
    op.execute("UPDATE work SET last_error = split_part(last_error, ':', 1) WHERE last_error LIKE '%:%'")


def downgrade() -> None:
    op.drop_table("troubles")
    _answer(OF_DOCUMENTS)


def _answer(query: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {SIGNATURE} RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {query} $$"
    )
