"""The tests of Broadsheet; `python -m pytest` runs them all."""
