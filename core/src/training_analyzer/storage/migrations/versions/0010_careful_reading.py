"""Uploads are read one activity at a time after reading ended the program; who has some that never came."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# For the dispatcher, which sweeps up; says nothing but whose.
DOOR = "athletes_with_uploads_unfinished_since(before timestamptz)"
QUERY = "SELECT DISTINCT u.athlete_id FROM uploads u WHERE u.state = 'receiving' AND u.created_at < before"


def upgrade() -> None:
    op.add_column("uploads", sa.Column("careful", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        f"CREATE FUNCTION {DOOR} RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {QUERY} $$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {DOOR} FROM PUBLIC")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {DOOR.replace('before timestamptz', 'timestamptz')}")
    op.drop_column("uploads", "careful")
