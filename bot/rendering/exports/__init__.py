"""A digest as files for other programs (pure)."""
