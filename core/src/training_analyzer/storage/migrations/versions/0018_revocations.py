"""Providers that do not hear of a disconnection are told later."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revocations",
        sa.Column("connection_id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("grant_key", sa.Text(), nullable=False),
        sa.Column("grant_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("connection_id"),
    )
    op.create_index(op.f("ix_revocations_athlete_id"), "revocations", ["athlete_id"], unique=False)
    op.execute("ALTER TABLE revocations ENABLE ROW LEVEL SECURITY")
    acting = "NULLIF(current_setting('app.athlete', true), '')::uuid"
    op.execute(
        "CREATE POLICY of_athlete ON revocations "
        f"USING (athlete_id = {acting}) WITH CHECK (athlete_id = {acting})"
    )


def downgrade() -> None:
    op.drop_table("revocations")
