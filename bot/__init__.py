"""Broadsheet: a Discord bot that reads arXiv for a community."""
