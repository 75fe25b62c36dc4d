"""A week's digest: which week, which papers, what it covers."""
