"""C: how a network is trained."""
