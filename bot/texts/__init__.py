"""Titles, abstracts and words as people type them, made fit to show (`latex`) and to compare (`folding`)."""
