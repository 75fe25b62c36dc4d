"""Which papers a reader has seen; a delivery found by its thread."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_papers",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_seen_papers_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", "user_id", "paper_id", name=op.f("pk_seen_papers")),
    )
    op.create_index(op.f("ix_deliveries_thread_id"), "deliveries", ["thread_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_deliveries_thread_id"), table_name="deliveries")
    op.drop_table("seen_papers")
