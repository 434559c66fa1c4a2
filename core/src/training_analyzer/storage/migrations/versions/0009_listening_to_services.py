"""What services tell us, how far lists have been read, and when an activity was last shown."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ACTING_ATHLETE = "NULLIF(current_setting('app.athlete', true), '')::uuid"

# Asked before it is known whose event it is; says nothing but whose.
DOOR = "connection_of_account(wanted text, account text)"
ANSWER = "TABLE (id uuid, athlete_id uuid)"
QUERY = "SELECT c.id, c.athlete_id FROM connections c WHERE c.provider = wanted AND c.account_id = account"


def upgrade() -> None:
    op.add_column("listings", sa.Column("requests", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("listings", sa.Column("reached", sa.DateTime(timezone=True), nullable=True))
    op.add_column("listings", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("recordings", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "digest"),
    )
    op.create_index(op.f("ix_receipts_athlete_id"), "receipts", ["athlete_id"], unique=False)
    op.create_index(op.f("ix_receipts_connection_id"), "receipts", ["connection_id"], unique=False)
    op.execute("ALTER TABLE receipts ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY of_athlete ON receipts "
        f"USING (athlete_id = {ACTING_ATHLETE}) WITH CHECK (athlete_id = {ACTING_ATHLETE})"
    )
    op.create_table(
        "ignored_events",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("events", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("provider", "reason", "day"),
    )
    op.create_table(
        "webhook_subscriptions",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("callback_url", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("provider", "subscription_id"),
    )
    op.execute(
        f"CREATE FUNCTION {DOOR} RETURNS {ANSWER} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {QUERY} $$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {DOOR} FROM PUBLIC")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {DOOR}")
    for table in ("webhook_subscriptions", "ignored_events", "receipts"):
        op.drop_table(table)
    op.drop_column("recordings", "seen_at")
    for column in ("begun_at", "reached", "requests"):
        op.drop_column("listings", column)
