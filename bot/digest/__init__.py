"""A week's digest: its candidates, its plan, its receipt, its messages."""
