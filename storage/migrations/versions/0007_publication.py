"""Public pages, and digests that were read aloud."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("publication", sa.Text(), nullable=True))
    op.create_table(
        "audios",
        sa.Column("digest_id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_audios_digest_id_digests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_audios")),
    )


def downgrade() -> None:
    op.drop_table("audios")
    op.drop_column("subscriptions", "publication")
