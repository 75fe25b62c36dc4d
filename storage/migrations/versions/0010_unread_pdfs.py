"""Delete abstracts kept in place of a PDF for a reason that may have passed: the PDF is tried again.

Until now they stood for the paper's text for good. Their passages go too, as a text that is kept never
changes. Those for which there is no PDF to read stay: none at arXiv, too large, locked, or a scan.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_PASSING = """
    SELECT paper_id, version FROM paper_texts
    WHERE substr(record, 1, 200) LIKE '%"source":"abstract"%' AND (
        record LIKE '%"problem":"The PDF of % did not arrive.%'
        AND record NOT LIKE '%"problem":"The PDF of % is larger than %'
        OR record LIKE '%"problem":"arXiv did not give the PDF of %'
        OR record LIKE '%"problem":"The PDF could not be read within %'
        OR record LIKE '%"problem":"The PDF is broken: %'
    )
"""
"""The start of a record gives its source; the text of a whole PDF is long, and may contain any words."""


def upgrade() -> None:
    for table in ("passage_vectors", "passages", "paper_texts"):
        op.execute(f"DELETE FROM {table} WHERE (paper_id, version) IN ({_PASSING})")  # noqa: S608 - ours


def downgrade() -> None:
    """What was deleted is read again."""
