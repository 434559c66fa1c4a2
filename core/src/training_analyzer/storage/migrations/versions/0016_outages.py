"""A service that does not answer is closed to all of its work, and what closed it is known."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closures", sa.Column("why", sa.Text(), server_default="RateLimited", nullable=False))
    op.add_column("closures", sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM closures WHERE priority = 'any'")
    op.drop_column("closures", "tries")
    op.drop_column("closures", "why")
