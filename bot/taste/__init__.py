"""Choosing papers: from candidates, interests and votes to scored picks, each with its reason."""
