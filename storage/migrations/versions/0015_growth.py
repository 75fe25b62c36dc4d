"""Indexes to search, sort and prune what grows for years, without reading whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOST_COMPARED = 500


def upgrade() -> None:
    papers = sa.table("papers", sa.column("compared_title", sa.Text))
    title = papers.c.compared_title
    op.execute(
        sa.update(papers)
        .where(sa.func.length(title) > _MOST_COMPARED)
        .values(compared_title=sa.func.substr(title, 1, _MOST_COMPARED))
    )
    op.drop_index(op.f("ix_papers_published"), "papers")
    op.create_index(op.f("ix_papers_published"), "papers", ["published", "id", "compared_title"])
    op.drop_index(op.f("ix_deliveries_state"), "deliveries")
    op.create_index(op.f("ix_deliveries_state"), "deliveries", ["state", "server_id"])
    op.create_index(op.f("ix_digests_published"), "digests", ["published", "created_at"])
    op.create_index(op.f("ix_seen_papers_user_id"), "seen_papers", ["user_id"])
    op.create_index(op.f("ix_votes_paper_id"), "votes", ["paper_id", "server_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_votes_paper_id"), "votes")
    op.drop_index(op.f("ix_seen_papers_user_id"), "seen_papers")
    op.drop_index(op.f("ix_digests_published"), "digests")
    op.drop_index(op.f("ix_deliveries_state"), "deliveries")
    op.create_index(op.f("ix_deliveries_state"), "deliveries", ["state"])
    op.drop_index(op.f("ix_papers_published"), "papers")
    op.create_index(op.f("ix_papers_published"), "papers", ["published"])
