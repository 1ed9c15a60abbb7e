"""Scores a model on MNIST's test examples as a user would by hand: load, predict, score with scikit-learn.

usage: python plain_evaluate.py MODEL.keras MNIST.npz
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from sklearn.metrics import classification_report, confusion_matrix

with np.load(sys.argv[2]) as arrays:
    x, y = arrays["x_test"], arrays["y_test"]
predicted = keras.models.load_model(sys.argv[1]).predict(x, verbose=0).argmax(axis=1)
print(classification_report(y, predicted, digits=4))
print(confusion_matrix(y, predicted))
