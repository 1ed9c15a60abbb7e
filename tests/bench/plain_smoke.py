"""The smoke run of specs/smoke.yaml as a user would write it by hand: train on a few examples, score, save.

usage: python plain_smoke.py MNIST.npz MODEL.keras
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers

EXAMPLES = 512

keras.utils.set_random_seed(0)
with np.load(sys.argv[1]) as arrays:
    x_train, y_train, x_test, y_test = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
x_train, y_train, x_test, y_test = x_train[:EXAMPLES], y_train[:EXAMPLES], x_test[:EXAMPLES], y_test[:EXAMPLES]
x_train, x_test = x_train.astype("float32") / 255, x_test.astype("float32") / 255
y_train, y_test = keras.utils.to_categorical(y_train, 10), keras.utils.to_categorical(y_test, 10)

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dense(256, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, validation_split=0.1, epochs=2, batch_size=128)
print(model.evaluate(x_test, y_test, verbose=0))
model.save(sys.argv[2])
