"""What AI has cost, what is reserved for it, and what keeps it from being asked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_AN_ATHLETE = ("model_calls", "flights", "athlete_spending")
TABLES = ("breakers", "call_windows", "deployment_spending", "athlete_spending", "flights", "model_calls")

ACTING_ATHLETE = "NULLIF(current_setting('app.athlete', true), '')::uuid"


def upgrade() -> None:
    _create_tables()
    op.create_index("insights_by_key", "insights", ["athlete_id", "cache_key"])
    for table in OF_AN_ATHLETE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY of_athlete ON {table} "
            f"USING (athlete_id = {ACTING_ATHLETE}) WITH CHECK (athlete_id = {ACTING_ATHLETE})"
        )
    # A request whose process died leaves a reservation, and nobody who knows whose it is.
    op.execute(
        "CREATE FUNCTION leaked_model_calls() RETURNS TABLE (id bigint, athlete_id uuid) "
        "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ "
        "SELECT c.id, c.athlete_id FROM model_calls c "
        "WHERE c.state = 'asking' AND c.lease_until < clock_timestamp() ORDER BY c.id LIMIT 100 $$"
    )
    op.execute("REVOKE ALL ON FUNCTION leaked_model_calls() FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION leaked_model_calls()")
    op.drop_index("insights_by_key", "insights")
    for table in TABLES:
        op.drop_table(table)


def _counters() -> list[sa.Column[int]]:
    return [
        sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        for name in ("microusd", "reserved_microusd", "requests", "tokens", "reserved_tokens")
    ]


def _athlete() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], ondelete="CASCADE")


def _create_tables() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("cache_key", sa.Text(), server_default="", nullable=False),
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("answered", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="asking", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("billed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
            for name in (
                "reserved_microusd",
                "reserved_tokens",
                "microusd",
                "input_tokens",
                "output_tokens",
                "cached_tokens",
                "latency_ms",
            )
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        _athlete(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_model_calls_athlete_id"), "model_calls", ["athlete_id"])
    op.create_index("model_calls_by_key", "model_calls", ["athlete_id", "cache_key", "asked_at"])
    op.create_index(
        "model_calls_asking", "model_calls", ["lease_until"], postgresql_where=sa.text("state = 'asking'")
    )
    op.create_table(
        "flights",
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("cache_key", sa.Text(), nullable=False),
        sa.Column("holder", sa.UUID(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        _athlete(),
        sa.PrimaryKeyConstraint("athlete_id", "cache_key"),
    )
    op.create_table(
        "athlete_spending",
        sa.Column("athlete_id", sa.UUID(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        *_counters(),
        _athlete(),
        sa.PrimaryKeyConstraint("athlete_id", "period", "starts_on"),
    )
    op.create_table(
        "deployment_spending",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("backend", sa.Text(), server_default="", nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        *_counters(),
        sa.PrimaryKeyConstraint("period", "starts_on", "backend", "model"),
    )
    op.create_table(
        "call_windows",
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("declared", sa.BigInteger(), nullable=True),
        sa.Column("learned", sa.BigInteger(), nullable=True),
        sa.Column("used", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("resets_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("backend", "model", "unit", "per"),
    )
    op.create_table(
        "breakers",
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("ends_chain", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("backend", "model"),
    )
