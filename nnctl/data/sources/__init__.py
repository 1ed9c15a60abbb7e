"""The data sources, one file a family, in the order in which lists show them. Importing one registers it."""

from nnctl.data.sources import mnist  # isort: skip
from nnctl.data.sources import fashion_mnist, npz, scikit_learn

__all__ = ["fashion_mnist", "mnist", "npz", "scikit_learn"]
