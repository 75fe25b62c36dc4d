"""Answers questions about papers from their passages, with citations that are checked."""
