"""Keys of athletes for programs, a door that tells whose one is, and their part in sweeping."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY_DOOR = "athlete_by_api_key(wanted bytea)"
SWEEPING_DOOR = "athletes_with_expired_logins(moment timestamptz)"
OF_LOGINS = """
    SELECT s.athlete_id FROM sessions s WHERE s.expires_at <= moment
    UNION SELECT o.athlete_id FROM oauth_states o WHERE o.expires_at <= moment
"""
OF_KEYS = "UNION SELECT k.athlete_id FROM api_keys k WHERE k.expires_at <= moment"


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_api_keys_athlete_id"), "api_keys", ["athlete_id"], unique=False)
    op.execute("ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY")
    acting = "NULLIF(current_setting('app.athlete', true), '')::uuid"
    op.execute(
        f"CREATE POLICY of_athlete ON api_keys USING (athlete_id = {acting}) WITH CHECK (athlete_id = {acting})"
    )
    answer = (
        "TABLE (id uuid, athlete_id uuid, scopes text[], expires_at timestamptz, last_used_at timestamptz)"
    )
    query = """
        SELECT k.id, k.athlete_id, k.scopes, k.expires_at, k.last_used_at
        FROM api_keys k WHERE k.digest = wanted
    """
    _define("CREATE", KEY_DOOR, answer, query)
    op.execute(f"REVOKE ALL ON FUNCTION {KEY_DOOR} FROM PUBLIC")
    _define("CREATE OR REPLACE", SWEEPING_DOOR, "TABLE (id uuid)", OF_LOGINS + OF_KEYS)


def downgrade() -> None:
    _define("CREATE OR REPLACE", SWEEPING_DOOR, "TABLE (id uuid)", OF_LOGINS)
    op.execute(f"DROP FUNCTION {KEY_DOOR}")
    op.drop_table("api_keys")


def _define(how: str, signature: str, answer: str, query: str) -> None:
    op.execute(
        f"{how} FUNCTION {signature} RETURNS {answer} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {query} $$"
    )
