"""What a user would write by hand: four networks in plain Keras, to be timed beside nnctl.

usage: python plain_keras.py mlp|deep|wide|cnn EPOCHS MNIST.npz [--precision POLICY] [--held validation|test]
       [--seed N]

Trains on the first 54,000 images and scores the other 6,000 after each epoch, and the 10,000 of test at the end. With
`--held test` it trains on all 60,000 and scores test after each epoch. Says `step` after the first step, and a line an epoch.
"""

import argparse
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers

parser = argparse.ArgumentParser()
parser.add_argument("network")
parser.add_argument("epochs", type=int)
parser.add_argument("path")
parser.add_argument("--precision", default="float32")
parser.add_argument("--held", default="validation")
parser.add_argument("--seed", type=int, default=0)
asked = parser.parse_args()

keras.utils.set_random_seed(asked.seed)
keras.mixed_precision.set_global_policy(asked.precision)
with np.load(asked.path) as arrays:
    x_train, y_train, x_test, y_test = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
x_train = x_train.reshape(-1, 28, 28, 1).astype("float32") / 255
x_test = x_test.reshape(-1, 28, 28, 1).astype("float32") / 255
y_train, y_test = keras.utils.to_categorical(y_train), keras.utils.to_categorical(y_test)

batch_size, optimizer = 128, keras.optimizers.Adam()
if asked.network == "mlp":
    optimizer = keras.optimizers.SGD(learning_rate=0.01)
    body = [layers.Flatten(), layers.Dense(512, activation="relu"), layers.Dense(256, activation="relu")]
elif asked.network == "deep":
    batch_size = 32
    body = [layers.Flatten(), *(layers.Dense(64, activation="relu") for _ in range(8))]
elif asked.network == "wide":
    batch_size = 1024
    body = [layers.Flatten(), layers.Dense(2048, activation="relu"), layers.Dense(2048, activation="relu")]
else:
    body = [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
    ]
head = layers.Dense(10, activation="softmax", dtype="float32")
model = keras.Sequential([keras.Input((28, 28, 1)), *body, head])
model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])


class Teller(keras.callbacks.Callback):
    async_safe = True  # or Keras would wait for each step's numbers, which nobody asked for
    begun = False

    def on_train_batch_end(self, batch, logs=None):
        if not self.begun:
            self.begun = True
            print("step", flush=True)

    def on_epoch_end(self, epoch, logs=None):
        print(f"epoch {epoch + 1} accuracy {logs['accuracy']:.4f} {logs['val_accuracy']:.4f}", flush=True)


rows = 54_000 if asked.held == "validation" else 60_000
held = (x_train[rows:], y_train[rows:]) if asked.held == "validation" else (x_test, y_test)
model.fit(
    x_train[:rows],
    y_train[:rows],
    validation_data=held,
    epochs=asked.epochs,
    batch_size=batch_size,
    verbose=0,
    callbacks=[Teller()],
)
print(f"test accuracy {model.evaluate(x_test, y_test, batch_size=128, verbose=0)[1]:.4f}")
