"""Keep what arXiv's feeds say of papers that are not stored yet, too.

Days kept before are not carried over as first days: some are those of replacements.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_announcements")),
    )
    op.execute(
        "INSERT INTO announcements (paper_id, last_day, licence)"
        " SELECT id, announced, licence FROM papers WHERE announced IS NOT NULL"
    )
    op.drop_column("papers", "announced")
    op.drop_column("papers", "licence")


def downgrade() -> None:
    op.add_column("papers", sa.Column("licence", sa.Text(), nullable=True))
    op.add_column("papers", sa.Column("announced", sa.Date(), nullable=True))
    for column, told in (("licence", "licence"), ("announced", "first_day")):
        op.execute(
            f"UPDATE papers SET {column} ="
            f" (SELECT {told} FROM announcements WHERE announcements.paper_id = papers.id)"
        )
    op.drop_table("announcements")
