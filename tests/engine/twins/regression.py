"""A regression: Friedman's function of ten features, by hand."""

import keras
from keras import layers
from sklearn.metrics import r2_score
from sklearn.preprocessing import StandardScaler


def made():
    model = keras.Sequential(
        [
            keras.Input((10,)),
            layers.Dense(32, activation="tanh", kernel_regularizer=keras.regularizers.L2(1e-3)),
            layers.Dense(1),
        ]
    )
    optimizer = keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True)
    model.compile(optimizer=optimizer, loss="mse")
    return model


def score(model, data):
    (x, y), validation, test = data["train"], data["validation"], data["test"]
    scaler = StandardScaler().fit(x)
    watched = (scaler.transform(validation[0]), validation[1])
    best = keras.callbacks.EarlyStopping(patience=100, restore_best_weights=True)
    model.fit(scaler.transform(x), y, 32, 15, verbose=0, validation_data=watched, callbacks=[best])
    return r2_score(test[1], model.predict(scaler.transform(test[0]), verbose=0)[:, 0])
