"""P: what a network shows in short trials."""
