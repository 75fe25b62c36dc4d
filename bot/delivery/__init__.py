"""Posting a digest exactly once."""
