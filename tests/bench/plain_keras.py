"""What a user would write by hand: the networks of configs/ in plain Keras, timed beside nnctl.

usage: python plain_keras.py mlp|cnn EPOCHS MNIST.npz

Trains on 54,000 images, validates on the other 6,000 after each epoch, and prints the seconds of each epoch.
"""

import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers

network, epochs, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
keras.utils.set_random_seed(0)
with np.load(path) as arrays:
    x, y = arrays["x_train"].astype("float32")[..., None] / 255, keras.utils.to_categorical(arrays["y_train"])

NETWORKS = {
    "mlp": [layers.Flatten(), layers.Dense(512, activation="relu"), layers.Dense(256, activation="relu")],
    "cnn": [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
    ],
}
model = keras.Sequential([keras.Input(x.shape[1:]), *NETWORKS[network], layers.Dense(10, activation="softmax")])
optimizer = keras.optimizers.SGD(0.01) if network == "mlp" else keras.optimizers.Adam()
model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        print(f"seconds {time.perf_counter() - self.start:.4f}", flush=True)


held = (x[54000:], y[54000:])
model.fit(x[:54000], y[:54000], validation_data=held, epochs=epochs, batch_size=128, verbose=0, callbacks=[Clock()])
