"""What fits into memory, and what stays on the disk."""
