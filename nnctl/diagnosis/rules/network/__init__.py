"""A: the layers and their weights."""
