"""How the tables came to be: one Alembic revision for each change, run when the database is opened."""
