"""Thresholds and suggestions know whose data they rest on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("suggestions", "thresholds"):
        op.add_column(table, sa.Column("providers", ARRAY(sa.Text), nullable=False, server_default="{}"))
    # What a provider told rests on it, also where nothing else is left of it. What a plugin of metrics, whose
    # name its metrics begin with, found in training may rest on any that there is. A name of which neither is
    # known stays beside them, and permits nothing; so does that of whoever has nothing left.
    for table in ("suggestions", "thresholds"):
        op.execute(f"""
            WITH theirs AS (
                SELECT athlete_id, provider FROM recordings UNION SELECT athlete_id, provider FROM connections),
            plugins AS (SELECT DISTINCT split_part(key, '.', 1) AS name FROM measurements)
            UPDATE {table} t SET providers = CASE
                WHEN EXISTS (SELECT FROM theirs WHERE provider = t.source) THEN ARRAY[t.source]
                ELSE ARRAY(
                    SELECT provider FROM theirs WHERE athlete_id = t.athlete_id
                    UNION
                    SELECT t.source WHERE NOT EXISTS (SELECT FROM plugins WHERE name = t.source)
                        OR NOT EXISTS (SELECT FROM theirs WHERE athlete_id = t.athlete_id)
                    ORDER BY 1)
                END
            WHERE t.source <> 'athlete'
        """)  # noqa: S608 - names of tables


def downgrade() -> None:
    for table in ("suggestions", "thresholds"):
        op.drop_column(table, "providers")
