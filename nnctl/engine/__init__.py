"""The heavy room: the only package that imports Keras and TensorFlow. Importing it takes seconds, once."""

from nnctl.engine import backend as backend  # first: it sets what TensorFlow reads while it is imported
