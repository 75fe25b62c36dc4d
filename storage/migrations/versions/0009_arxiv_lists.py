"""Keep each week's list instead of the week in which each paper was first seen.

The old data does not say which list a paper was in: the first week after this revision is treated as if
nobody had looked at the week before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arxiv_lists",
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("paper_ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("query", "week", name=op.f("pk_arxiv_lists")),
    )
    op.drop_table("arxiv_coverage")
    op.drop_column("papers", "first_seen_week")


def downgrade() -> None:
    op.add_column("papers", sa.Column("first_seen_week", sa.Text(), nullable=True))
    op.create_table(
        "arxiv_coverage",
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("query", "week", name=op.f("pk_arxiv_coverage")),
    )
    op.drop_table("arxiv_lists")
