"""A door for sweeping: whose sessions and begun connections have expired."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DOOR = "athletes_with_expired_logins(moment timestamptz)"
QUERY = """
    SELECT s.athlete_id FROM sessions s WHERE s.expires_at <= moment
    UNION SELECT o.athlete_id FROM oauth_states o WHERE o.expires_at <= moment
"""


def upgrade() -> None:
    op.execute(
        f"CREATE FUNCTION {DOOR} RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {QUERY} $$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {DOOR} FROM PUBLIC")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {DOOR}")
