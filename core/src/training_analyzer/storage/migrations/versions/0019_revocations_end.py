"""Grants of connections that are gone are swept when their time is up, and move to newer keys."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SWEEPING_DOOR = "athletes_with_expired_logins(moment timestamptz)", "TABLE (id uuid)"
EXPIRED = """
    SELECT s.athlete_id FROM sessions s WHERE s.expires_at <= moment
    UNION SELECT o.athlete_id FROM oauth_states o WHERE o.expires_at <= moment
    UNION SELECT k.athlete_id FROM api_keys k WHERE k.expires_at <= moment
"""
OF_REVOCATIONS = "UNION SELECT r.athlete_id FROM revocations r WHERE r.until <= moment"

SEALING_DOOR = "grants_not_sealed_with(newest text)", "TABLE (id uuid, athlete_id uuid)"
OF_CONNECTIONS = "SELECT c.id, c.athlete_id FROM connections c WHERE c.grant_key <> newest"
OF_BOTH = f"""
    {OF_CONNECTIONS}
    UNION ALL SELECT r.connection_id, r.athlete_id FROM revocations r WHERE r.grant_key <> newest
"""  # noqa: S608 - a constant of this module


def upgrade() -> None:
    _define(*SWEEPING_DOOR, EXPIRED + OF_REVOCATIONS)
    _define(*SEALING_DOOR, f"{OF_BOTH} ORDER BY 1")


def downgrade() -> None:
    _define(*SEALING_DOOR, f"{OF_CONNECTIONS} ORDER BY c.id")
    _define(*SWEEPING_DOOR, EXPIRED)


def _define(signature: str, answer: str, query: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS {answer} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {query} $$"
    )
