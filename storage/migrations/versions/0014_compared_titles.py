"""Keep titles also in the form in which they are compared with what people type."""

import sqlalchemy as sa
from alembic import op

from storage.title_search import compared

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ROWS_AT_A_TIME = 1_000


def upgrade() -> None:
    op.add_column("papers", sa.Column("compared_title", sa.Text(), nullable=False, server_default=""))
    papers = sa.table(
        "papers", sa.column("id", sa.Text), sa.column("title", sa.Text), sa.column("compared_title", sa.Text)
    )
    connection, last = op.get_bind(), ""
    own = sa.update(papers).where(papers.c.id == sa.bindparam("own_id"))
    while rows := connection.execute(
        sa.select(papers.c.id, papers.c.title)
        .where(papers.c.id > last)
        .order_by(papers.c.id)
        .limit(_ROWS_AT_A_TIME)
    ).all():
        connection.execute(
            own, [{"own_id": row.id, "compared_title": compared(row.title)} for row in rows]
        )
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("papers", "compared_title")
