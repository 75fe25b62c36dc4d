"""Choosing papers: candidates, interests and votes to scored, explained picks."""
