"""Files can be handed over; recordings have an outline by which those of one session find together."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OF_AN_ATHLETE = ("uploads", "upload_files", "upload_pieces", "upload_results", "rulings")
ACTING_ATHLETE = "NULLIF(current_setting('app.athlete', true), '')::uuid"


def upgrade() -> None:
    op.add_column("activities", sa.Column("leading_id", sa.BigInteger(), nullable=True))
    for column in (
        sa.Column("outline", postgresql.JSONB(), nullable=True),
        sa.Column("outlined_from", sa.Text(), nullable=True),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("recordings", column)
    op.create_index("recordings_by_time", "recordings", ["athlete_id", "begins", "ends"])
    _create_tables()
    op.execute("ALTER TABLE upload_pieces ALTER COLUMN body SET STORAGE EXTERNAL")  # compressed already
    for table in OF_AN_ATHLETE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY of_athlete ON {table} "
            f"USING (athlete_id = {ACTING_ATHLETE}) WITH CHECK (athlete_id = {ACTING_ATHLETE})"
        )


def downgrade() -> None:
    for table in ("rulings", "upload_results", "upload_pieces", "upload_files", "uploads"):
        op.drop_table(table)
    op.drop_index("recordings_by_time", "recordings")
    for name in ("outline", "outlined_from", "begins", "ends", "chosen_at"):
        op.drop_column("recordings", name)
    op.drop_column("activities", "leading_id")


def _create_tables() -> None:
    now = sa.text("now()")
    op.create_table(
        "uploads",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="receiving", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_uploads_athlete_id", "uploads", ["athlete_id"])
    op.create_table(
        "upload_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("upload_id", sa.UUID(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("identity", sa.Text(), server_default="", nullable=False),
        sa.Column("files_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("files_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_upload_files_athlete_id", "upload_files", ["athlete_id"])
    op.create_index("ix_upload_files_upload_id", "upload_files", ["upload_id"])
    op.create_index(
        "upload_files_by_identity",
        "upload_files",
        ["athlete_id", "identity"],
        postgresql_where=sa.text("identity <> ''"),
    )
    op.create_table(
        "upload_pieces",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["file_id"], ["upload_files.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "number"),
    )
    op.create_index("ix_upload_pieces_athlete_id", "upload_pieces", ["athlete_id"])
    op.create_table(
        "upload_results",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("upload_id", sa.UUID(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recording_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_upload_results_athlete_id", "upload_results", ["athlete_id"])
    op.create_index("ix_upload_results_recording_id", "upload_results", ["recording_id"])
    op.create_index("ix_upload_results_upload_id", "upload_results", ["upload_id"])
    op.create_index("upload_results_in_order", "upload_results", ["upload_id", "id"])
    op.create_table(
        "rulings",
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("together", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["one_id"], ["recordings.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["recordings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("one_id", "other_id"),
    )
    op.create_index("ix_rulings_athlete_id", "rulings", ["athlete_id"])
    op.create_index("ix_rulings_other_id", "rulings", ["other_id"])
