"""One table for the vectors of whole papers, whichever part of them was embedded."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _move("abstract_vectors", "paper_vectors")


def downgrade() -> None:
    _move("paper_vectors", "abstract_vectors")


def _move(old: str, new: str) -> None:
    """To a new table, not by renaming: constraints carry the table's name, and SQLite cannot rename them."""
    op.create_table(
        new,
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f(f"fk_{new}_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("embedder", "paper_id", name=op.f(f"pk_{new}")),
    )
    op.execute(f"INSERT INTO {new} SELECT embedder, paper_id, vector FROM {old}")  # noqa: S608 - ours
    op.drop_table(old)
