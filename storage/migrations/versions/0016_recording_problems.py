"""Delete the empty problems of recordings that were made, and when they were noted.

Nothing deleted them: each digest that was read aloud left two rows, and every look-up of a prefix reads them.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_EMPTY = "name LIKE 'no recording of %' AND value = ''"


def upgrade() -> None:
    op.execute(f"DELETE FROM state WHERE name IN (SELECT 'when ' || name FROM state WHERE {_EMPTY})")  # noqa: S608 - ours
    op.execute(f"DELETE FROM state WHERE {_EMPTY}")  # noqa: S608 - ours


def downgrade() -> None:
    """A problem that is not there is read as an empty one."""
