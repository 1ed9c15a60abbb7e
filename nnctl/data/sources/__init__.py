"""The data sources, one file a family, in the order in which lists show them. Importing one registers it."""

from nnctl.data.sources import mnist  # isort: skip
from nnctl.data.sources import cifar, csv, fashion_mnist, idx, images, npz, scikit_learn, toys

__all__ = ["cifar", "csv", "fashion_mnist", "idx", "images", "mnist", "npz", "scikit_learn", "toys"]
