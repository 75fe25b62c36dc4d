"""What Alembic runs: the revisions, in the transaction that `storage.database` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from storage.tables import Base


def _in_plain_types(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write new revisions with SQLAlchemy's types: ours may change, a revision must not."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_in_plain_types,
    render_as_batch=True,  # SQLite cannot alter most of a table: Alembic copies it
)
with context.begin_transaction():
    context.run_migrations()
