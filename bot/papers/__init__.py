"""Finding, fetching and reading papers."""
