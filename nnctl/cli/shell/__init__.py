"""The terminal, its signals, and what a shell completes."""
