"""One step of learning made visible: the forward pass, the backward pass and the update of one example, in numbers."""
