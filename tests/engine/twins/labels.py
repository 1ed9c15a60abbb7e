"""A network with several labels an example, by hand."""

import keras
from keras import layers
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import StandardScaler


def made():
    layer = {"activation": "leaky_relu", "kernel_initializer": "he_normal"}
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(32, **layer),
            layers.Dense(32, **layer),
            layers.Dense(3, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.AdamW(0.01, weight_decay=0.01), loss="binary_crossentropy")
    return model


def score(model, data):
    (x, y), validation, test = data["train"], data["validation"], data["test"]
    scaler = StandardScaler().fit(x)
    watched = (scaler.transform(validation[0]), validation[1])
    best = keras.callbacks.EarlyStopping(patience=100, restore_best_weights=True)
    model.fit(scaler.transform(x), y, 32, 15, verbose=0, validation_data=watched, callbacks=[best])
    told = model.predict(scaler.transform(test[0]), verbose=0) > 0.5
    return accuracy_score(test[1], told)
