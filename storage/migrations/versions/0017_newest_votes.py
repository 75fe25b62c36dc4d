"""An index to find a server's newest votes without reading all of them."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_votes_server_id"), "votes", ["server_id", "at", "paper_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_votes_server_id"), "votes")
