"""From what a source read to what is trained on: labels, splits, scales, and what is wrong with them."""
