"""Language models and embedders, behind ports."""
