"""Model files, read with distrust and without Keras: what passes is plain values, checked, that nnctl builds from itself.

Keras rebuilds whatever objects a file names, and its record of flaws is long. So no `.keras` is handed to it: the archive is
checked byte by byte (`archive`), its layers become components of the catalogue (`config`, `components`), their memory is
estimated before anything is built (`estimate`), and the weights are taken as arrays (`weights`) from a process of its own that
reads the HDF5 (`confined`, `reader`).
"""

from nnctl.models.admission import ModelFile, admit
from nnctl.models.graph import Graph, Step
from nnctl.models.weights import Weights

__all__ = ["Graph", "ModelFile", "Step", "Weights", "admit"]
