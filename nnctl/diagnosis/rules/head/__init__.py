"""H: the last layer, the loss and the labels that it is compared with."""
