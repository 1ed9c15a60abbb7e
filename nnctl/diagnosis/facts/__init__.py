"""What rules read: what is known of a network, its data, its probes and its training."""
