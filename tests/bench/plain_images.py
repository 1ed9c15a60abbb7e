"""What a user would write by hand for a folder of images: Keras's own reader and `fit`, timed beside nnctl.

usage: python plain_images.py FOLDER EPOCHS

Trains on nine tenths of the images, validates on the others after each epoch, and prints a line an epoch:
`epoch N seconds S accuracy A V`.
"""

import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import tensorflow as tf
from keras import layers

folder, epochs = sys.argv[1], int(sys.argv[2])
keras.utils.set_random_seed(0)
train, held = keras.utils.image_dataset_from_directory(
    folder, label_mode="categorical", batch_size=128, image_size=(64, 64), validation_split=0.1, subset="both", seed=0,
    verbose=False,
)  # fmt: skip
train, held = train.prefetch(tf.data.AUTOTUNE), held.prefetch(tf.data.AUTOTUNE)
model = keras.Sequential([
    keras.Input((64, 64, 3)),
    layers.Rescaling(1 / 255),
    layers.Conv2D(16, 3, strides=2, activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation="relu"),
    layers.GlobalMaxPooling2D(),
    layers.Dense(10, activation="softmax"),
])  # fmt: skip
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        took = time.perf_counter() - self.start
        scores = f"accuracy {logs['accuracy']:.4f} {logs['val_accuracy']:.4f}"
        print(f"epoch {epoch + 1} seconds {took:.4f} {scores}", flush=True)


model.fit(train, validation_data=held, epochs=epochs, verbose=0, callbacks=[Clock()])
