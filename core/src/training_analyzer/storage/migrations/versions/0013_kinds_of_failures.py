"""
Why a backend of AI rests is the kind of its failure.

`breakers` is read across athletes, and what a service says may quote what one of them asked.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is no kind of failure is the note of a bill, with the name that the service gave its model.
    op.execute("""
        UPDATE breakers
        SET reason = CASE WHEN split_part(reason, ' (', 1) IN (
                              'quota spent', 'rate limited', 'timed out', 'unavailable', 'truncated',
                              'bad output', 'not authorized', 'misconfigured', 'bad request', 'refused',
                              'plugin failed')
                          THEN split_part(reason, ' (', 1)
                          ELSE 'its bill was not foreseen' END
        WHERE reason <> ''
    """)


def downgrade() -> None:
    """What the services said is gone."""
