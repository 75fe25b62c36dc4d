"""What Broadsheet keeps: records, tables, queries, and the passage index."""
