"""Indexes to find messages by their ids, and vectors by their passages, without reading whole tables."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_deliveries_message_id"), "deliveries", ["message_id"])
    op.create_index(op.f("ix_passage_vectors_paper_id"), "passage_vectors", ["paper_id", "version", "ordinal"])


def downgrade() -> None:
    op.drop_index(op.f("ix_passage_vectors_paper_id"), "passage_vectors")
    op.drop_index(op.f("ix_deliveries_message_id"), "deliveries")
