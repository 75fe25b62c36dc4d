"""Forget when somebody saw a paper: nothing asks for it, so it should not be kept about people."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("seen_papers", "seen_at")


def downgrade() -> None:
    """A time that no version reads."""
    never = sa.text("'1970-01-01 00:00:00+00'")
    column = sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, server_default=never)
    op.add_column("seen_papers", column)
