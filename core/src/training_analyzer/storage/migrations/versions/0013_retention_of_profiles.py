"""Documents of a profile are kept no longer than others: whose are too old, the door says too."""

from alembic import op

revision = "0013"
down_revision = "0004b"
branch_labels = None
depends_on = None

SIGNATURE = "athletes_with_documents_before(wanted text, moment timestamptz)"
OF_DOCUMENTS = """
    SELECT d.athlete_id FROM documents d JOIN recordings r ON r.id = d.recording_id
    WHERE r.provider = wanted AND d.received_at < moment
    UNION SELECT j.athlete_id FROM rejections j JOIN connections c ON c.id = j.connection_id
    WHERE c.provider = wanted AND j.received_at < moment
"""
OF_PROFILES = """
    UNION SELECT p.athlete_id FROM profile_documents p JOIN connections c ON c.id = p.connection_id
    WHERE c.provider = wanted AND p.received_at < moment
"""


def upgrade() -> None:
    _answer(OF_DOCUMENTS + OF_PROFILES)


def downgrade() -> None:
    _answer(OF_DOCUMENTS)


def _answer(query: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {SIGNATURE} RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {query} $$"
    )
