"""Conditions for several rows by keys of more than one column.

SQLite uses no index for pairs and triples (50 ms instead of 0.5 with 100,000 passages): the paper ids are
matched first.
"""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, tuple_

from storage.tables import PaperCategoryRow, PassageRow, PassageVectorRow

PassageTable: TypeAlias = type[PassageRow] | type[PassageVectorRow]


def of_versions(
    table: PassageTable | type[PaperCategoryRow], versions: Sequence[tuple[str, int]]
) -> ColumnElement[bool]:
    """The rows of these paper versions."""
    ids = {paper_id for paper_id, _ in versions}
    return and_(table.paper_id.in_(ids), tuple_(table.paper_id, table.version).in_(versions))


def at_places(table: PassageTable, places: Sequence[tuple[str, int, int]]) -> ColumnElement[bool]:
    """The rows of these passages."""
    ids = {paper_id for paper_id, *_ in places}
    return and_(table.paper_id.in_(ids), tuple_(table.paper_id, table.version, table.ordinal).in_(places))
