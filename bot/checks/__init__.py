"""Whether a text says what a paper says: its numbers, quotes, names and statements (pure)."""
