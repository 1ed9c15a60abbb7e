"""Looks at a network with a few examples and a few seconds: short trainings, one batch to overfit, a range of rates."""
