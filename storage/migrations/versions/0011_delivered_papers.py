"""Record which paper a delivery is about.

Of messages planned before, one with a button to a paper's PDF is about that paper.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PDF_BUTTON = re.compile(r'"https://arxiv\.org/pdf/([\w./-]+)"')
_ROWS_AT_A_TIME = 200
"""A message has some ten thousand characters."""


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("paper_key", sa.Text(), nullable=True))
    deliveries = sa.table(
        "deliveries", sa.column("key", sa.Text), sa.column("payload", sa.Text), sa.column("paper_key", sa.Text)
    )
    connection, last = op.get_bind(), ""
    while rows := connection.execute(
        sa.select(deliveries.c.key, deliveries.c.payload)
        .where(deliveries.c.key > last)
        .order_by(deliveries.c.key)
        .limit(_ROWS_AT_A_TIME)
    ).all():
        for key, payload in rows:
            if found := _PDF_BUTTON.search(payload):
                own = sa.update(deliveries).where(deliveries.c.key == key)
                connection.execute(own.values(paper_key=found[1]))
        last = rows[-1].key


def downgrade() -> None:
    op.drop_column("deliveries", "paper_key")
