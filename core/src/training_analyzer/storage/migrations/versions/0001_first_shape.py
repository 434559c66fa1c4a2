"""The first shape of the database: tables, row-level security, and the three doors in it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Each of these has `athlete_id`; the application's role sees only the rows of the athlete whom the
# transaction acts for. `work`, `closures` and `quota_windows` hold no athlete's data: the dispatcher
# and the quota gate read them across athletes.
OF_AN_ATHLETE = (
    "sessions",
    "oauth_states",
    "thresholds",
    "connections",
    "listings",
    "request_counts",
    "activities",
    "recordings",
    "documents",
    "rejections",
    "measurements",
    "days",
    "insights",
)

TABLES_IN_ORDER_OF_REMOVAL = (
    "marks",
    "documents",
    "request_counts",
    "rejections",
    "recordings",
    "measurements",
    "listings",
    "thresholds",
    "sessions",
    "oauth_states",
    "insights",
    "days",
    "connections",
    "activities",
    "work",
    "quota_windows",
    "closures",
    "athletes",
)

# An unset or emptied setting is NULL, and NULL equals nobody: it fails closed.
ACTING_ATHLETE = "NULLIF(current_setting('app.athlete', true), '')::uuid"

# The owner's functions look where the application may not: each answers one question, before it is
# known who asks, and no other.
DOORS = {
    "athlete_by_email(wanted text)": (
        "TABLE (id uuid, password_hash text)",
        "SELECT a.id, a.password_hash FROM athletes a WHERE lower(a.email) = lower(wanted)",
    ),
    "athlete_by_session(wanted bytea)": (
        "TABLE (athlete_id uuid, expires_at timestamptz)",
        "SELECT s.athlete_id, s.expires_at FROM sessions s WHERE s.token_digest = wanted",
    ),
    "athlete_by_oauth_state(wanted bytea)": (
        "TABLE (athlete_id uuid)",
        "SELECT o.athlete_id FROM oauth_states o WHERE o.digest = wanted",
    ),
    "athletes_registered()": (
        "TABLE (athletes bigint)",
        "SELECT count(*) FROM athletes",
    ),
    "athletes_connected(wanted text)": (
        "TABLE (athletes bigint)",
        "SELECT count(DISTINCT c.athlete_id) FROM connections c WHERE c.provider = wanted",
    ),
}


def upgrade() -> None:
    _create_tables()
    op.execute("ALTER TABLE documents ALTER COLUMN body SET STORAGE EXTERNAL")  # compressed already
    op.execute("ALTER TABLE rejections ALTER COLUMN body SET STORAGE EXTERNAL")
    _protect("athletes", "id")
    for table in OF_AN_ATHLETE:
        _protect(table, "athlete_id")
    for signature, (answer, query) in DOORS.items():
        op.execute(
            f"CREATE FUNCTION {signature} RETURNS {answer} LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $$ {query} $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")


def downgrade() -> None:
    for signature in DOORS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in TABLES_IN_ORDER_OF_REMOVAL:
        op.drop_table(table)


def _protect(table: str, column: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY of_athlete ON {table} "
        f"USING ({column} = {ACTING_ATHLETE}) WITH CHECK ({column} = {ACTING_ATHLETE})"
    )


def _create_tables() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "athletes",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("athletes_email", "athletes", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "closures",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resource", "priority"),
    )
    op.create_table(
        "quota_windows",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("quota", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("scope", "quota", "window_start"),
    )
    op.create_table(
        "work",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("resource", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="owed", nullable=False),
        sa.Column("requested", sa.Integer(), server_default="1", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("waits", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "not_before", sa.DateTime(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("priority IN ('high', 'low')", name="work_priority"),
        sa.CheckConstraint("state IN ('owed', 'done', 'parked')", name="work_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject"),
    )
    op.create_index(
        "work_due",
        "work",
        ["priority", "not_before"],
        unique=False,
        postgresql_where=sa.text("state = 'owed'"),
    )
    op.create_index("work_of_athlete", "work", ["athlete_id"], unique=False)
    op.create_table(
        "activities",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("sport", sa.Text(), nullable=False),
        sa.Column("sport_name", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utc_offset_s", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("elapsed_s", sa.Float(), nullable=False),
        sa.Column("moving_s", sa.Float(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("ascent_m", sa.Float(), nullable=True),
        sa.Column("indoor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("manual", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        sa.Column("has_samples", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sources", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("measured_from", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("activities_by_day", "activities", ["athlete_id", "local_date"], unique=False)
    op.create_index(
        "activities_newest",
        "activities",
        ["athlete_id", sa.literal_column("started_at DESC"), "id"],
        unique=False,
    )
    op.create_index(op.f("ix_activities_athlete_id"), "activities", ["athlete_id"], unique=False)
    op.create_table(
        "connections",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("grant_key", sa.Text(), nullable=False),
        sa.Column("grant_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('active', 'reconnect')", name="connections_status"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "account_id"),
    )
    op.create_index(op.f("ix_connections_athlete_id"), "connections", ["athlete_id"], unique=False)
    op.create_table(
        "days",
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("estimated", sa.Float(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "key", "day"),
    )
    op.create_table(
        "insights",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("cache_key", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_microusd", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "insights_newest", "insights", ["athlete_id", "kind", "last_day", "written_at"], unique=False
    )
    op.create_index(op.f("ix_insights_athlete_id"), "insights", ["athlete_id"], unique=False)
    op.create_table(
        "oauth_states",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index(op.f("ix_oauth_states_athlete_id"), "oauth_states", ["athlete_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index(op.f("ix_sessions_athlete_id"), "sessions", ["athlete_id"], unique=False)
    op.create_table(
        "thresholds",
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("sport", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), server_default="null", nullable=False),
        sa.Column("source", sa.Text(), server_default="athlete", nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "sport", "name", "valid_from"),
    )
    op.create_table(
        "listings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("listed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_listings_athlete_id"), "listings", ["athlete_id"], unique=False)
    op.create_index(op.f("ix_listings_connection_id"), "listings", ["connection_id"], unique=False)
    op.create_index("listings_connection", "listings", ["connection_id", "purpose"], unique=False)
    op.create_table(
        "measurements",
        sa.Column("activity_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), server_default="", nullable=False),
        sa.Column("estimated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("thresholds", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", "key"),
    )
    op.create_index(op.f("ix_measurements_athlete_id"), "measurements", ["athlete_id"], unique=False)
    op.create_index("measurements_by_key", "measurements", ["athlete_id", "key"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("connection_id", sa.UUID(), nullable=True),
        sa.Column("activity_id", sa.UUID(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_more", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("revision", sa.Text(), server_default="", nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absent", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_digest", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("athlete_id", "provider", "external_id"),
    )
    op.create_index(op.f("ix_recordings_activity_id"), "recordings", ["activity_id"], unique=False)
    op.create_index(op.f("ix_recordings_athlete_id"), "recordings", ["athlete_id"], unique=False)
    op.create_index(op.f("ix_recordings_connection_id"), "recordings", ["connection_id"], unique=False)
    op.create_table(
        "rejections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "sha256"),
    )
    op.create_index(op.f("ix_rejections_athlete_id"), "rejections", ["athlete_id"], unique=False)
    op.create_index(op.f("ix_rejections_connection_id"), "rejections", ["connection_id"], unique=False)
    op.create_table(
        "request_counts",
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("requests", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("connection_id", "purpose"),
    )
    op.create_index(op.f("ix_request_counts_athlete_id"), "request_counts", ["athlete_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("recording_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "documents_current",
        "documents",
        ["recording_id", "kind"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index(op.f("ix_documents_athlete_id"), "documents", ["athlete_id"], unique=False)
    op.create_index(op.f("ix_documents_recording_id"), "documents", ["recording_id"], unique=False)
