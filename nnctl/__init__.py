"""nnctl: a neural network from a YAML file, trained, evaluated and explained."""

__version__ = "0.1.0"
