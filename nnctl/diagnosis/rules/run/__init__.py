"""D: what a training left behind."""
