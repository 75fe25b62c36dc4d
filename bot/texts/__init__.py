"""Titles, abstracts and words as people type them, made fit to be shown and to be compared."""
