"""X: examples and labels."""
