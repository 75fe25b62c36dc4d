"""The databases, for every test: `database` runs a test on SQLite and on PostgreSQL."""

from tests.databases import (
    _postgres_template,
    _sqlite_template,
    database,
    database_url,
    fresh_postgres_url,
    fresh_sqlite_url,
    postgres_url,
    server_url,
)

__all__ = [
    "_postgres_template",
    "_sqlite_template",
    "database",
    "database_url",
    "fresh_postgres_url",
    "fresh_sqlite_url",
    "postgres_url",
    "server_url",
]
