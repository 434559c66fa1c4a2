"""What whoever runs this needs across athletes: ids through doors, and a record of what was erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Ids and nothing else: whoever asks has to act as each athlete to see more.
DOORS = {
    "athletes_after(behind uuid, wanted integer)": (
        "TABLE (id uuid)",
        "SELECT a.id FROM athletes a WHERE behind IS NULL OR a.id > behind ORDER BY a.id LIMIT wanted",
    ),
    "grants_not_sealed_with(newest text)": (
        "TABLE (id uuid, athlete_id uuid)",
        "SELECT c.id, c.athlete_id FROM connections c WHERE c.grant_key <> newest ORDER BY c.id",
    ),
    "athletes_with_documents_before(wanted text, moment timestamptz)": (
        "TABLE (id uuid)",
        """
        SELECT d.athlete_id FROM documents d JOIN recordings r ON r.id = d.recording_id
        WHERE r.provider = wanted AND d.received_at < moment
        UNION SELECT j.athlete_id FROM rejections j JOIN connections c ON c.id = j.connection_id
        WHERE c.provider = wanted AND j.received_at < moment
        """,
    ),
}


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("told", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("not_told", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("recordings", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("documents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("activities", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("insights", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("rejections", sa.Column("recording_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "rejections_recording_id_fkey",
        "rejections",
        "recordings",
        ["recording_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_rejections_recording_id"), "rejections", ["recording_id"], unique=False)
    op.create_index("documents_oldest", "documents", ["received_at"], unique=False)
    for signature, (answer, query) in DOORS.items():
        op.execute(
            f"CREATE FUNCTION {signature} RETURNS {answer} LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $$ {query} $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")


def downgrade() -> None:
    for signature in DOORS:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_index("documents_oldest", "documents")
    op.drop_index(op.f("ix_rejections_recording_id"), "rejections")
    op.drop_constraint("rejections_recording_id_fkey", "rejections")
    op.drop_column("rejections", "recording_id")
    op.drop_table("erasures")
