"""Summaries whose every number and quote is checked."""
