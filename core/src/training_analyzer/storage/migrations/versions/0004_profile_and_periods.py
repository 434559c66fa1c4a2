"""Suggested thresholds, curves as columns, and how series are made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_AN_ATHLETE = ("suggestions", "profile_documents", "curves", "series")
ACTING_ATHLETE = "NULLIF(current_setting('app.athlete', true), '')::uuid"


def upgrade() -> None:
    op.add_column("thresholds", sa.Column("method", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "thresholds",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.create_unique_constraint("thresholds_id_key", "thresholds", ["id"])
    op.add_column(
        "measurements", sa.Column("doubtful", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    _create_tables()
    for table in OF_AN_ATHLETE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY of_athlete ON {table} "
            f"USING (athlete_id = {ACTING_ATHLETE}) WITH CHECK (athlete_id = {ACTING_ATHLETE})"
        )
    op.execute("ALTER TABLE profile_documents ALTER COLUMN body SET STORAGE EXTERNAL")
    op.execute("""
        INSERT INTO curves (activity_id, key, athlete_id, seconds, values, starts_s)
        SELECT activity_id, key, athlete_id,
               ARRAY(SELECT x::float8 FROM jsonb_array_elements_text(detail->'seconds')
                     WITH ORDINALITY AS e(x, n) ORDER BY n),
               ARRAY(SELECT x::float8 FROM jsonb_array_elements_text(detail->'values')
                     WITH ORDINALITY AS e(x, n) ORDER BY n),
               CASE WHEN jsonb_typeof(detail->'starts_s') = 'array' THEN
                   ARRAY(SELECT x::float8 FROM jsonb_array_elements_text(detail->'starts_s')
                         WITH ORDINALITY AS e(x, n) ORDER BY n) END
        FROM measurements WHERE detail ? 'values'
    """)
    op.execute("UPDATE measurements SET detail = NULL WHERE detail ? 'values'")


def downgrade() -> None:
    op.execute("""
        UPDATE measurements m
        SET detail = jsonb_build_object('seconds', c.seconds, 'values', c.values, 'starts_s', c.starts_s)
        FROM curves c WHERE c.activity_id = m.activity_id AND c.key = m.key
    """)
    for table in OF_AN_ATHLETE:
        op.drop_table(table)
    op.drop_column("measurements", "doubtful")
    op.drop_constraint("thresholds_id_key", "thresholds")
    op.drop_column("thresholds", "id")
    op.drop_column("thresholds", "method")


def _create_tables() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decision IN ('accepted', 'dismissed')", name="suggestions_decision"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_suggestions_athlete_id"), "suggestions", ["athlete_id"])
    op.create_table(
        "profile_documents",
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("connection_id", "kind"),
    )
    op.create_index(op.f("ix_profile_documents_athlete_id"), "profile_documents", ["athlete_id"])
    op.create_table(
        "curves",
        sa.Column("activity_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("seconds", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("values", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("starts_s", postgresql.ARRAY(sa.Double()), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", "key"),
    )
    op.create_index(op.f("ix_curves_athlete_id"), "curves", ["athlete_id"])
    op.create_index("curves_by_key", "curves", ["athlete_id", "key"])
    op.create_table(
        "series",
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "key"),
    )
