"""The same four networks as a hand-written PyTorch loop, on the same rows; says what plain_keras.py says.

usage: python plain_torch.py mlp|deep|wide|cnn EPOCHS MNIST.npz [--held validation|test] [--seed N]
"""

import argparse

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("network")
parser.add_argument("epochs", type=int)
parser.add_argument("path")
parser.add_argument("--held", default="validation")
parser.add_argument("--seed", type=int, default=0)
asked = parser.parse_args()

torch.manual_seed(asked.seed)
with np.load(asked.path) as arrays:
    x = torch.tensor(arrays["x_train"].astype("float32") / 255).reshape(-1, 1, 28, 28)
    y = torch.tensor(arrays["y_train"].astype("int64"))
    x_test = torch.tensor(arrays["x_test"].astype("float32") / 255).reshape(-1, 1, 28, 28)
    y_test = torch.tensor(arrays["y_test"].astype("int64"))


def dense(*units):
    parts = [nn.Flatten()]
    for before, after in zip((784, *units), units, strict=False):
        parts += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*parts, nn.Linear(units[-1], 10))


batch_size = {"deep": 32, "wide": 1024}.get(asked.network, 128)
if asked.network == "cnn":
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(1600, 10),
    )
else:
    model = dense(*{"mlp": (512, 256), "deep": (64,) * 8, "wide": (2048, 2048)}[asked.network])
adam = asked.network != "mlp"
optimizer = torch.optim.Adam(model.parameters()) if adam else torch.optim.SGD(model.parameters(), lr=0.01)
loss_of = nn.CrossEntropyLoss()


@torch.no_grad()
def accuracy(images, labels):
    model.eval()
    batches = zip(images.split(1000), labels.split(1000), strict=True)
    return sum((model(image).argmax(1) == label).sum().item() for image, label in batches) / len(labels)


rows = 54_000 if asked.held == "validation" else 60_000
held = (x[rows:], y[rows:]) if asked.held == "validation" else (x_test, y_test)
begun = False
for epoch in range(asked.epochs):
    right = 0
    model.train()
    for batch in torch.randperm(rows).split(batch_size):
        optimizer.zero_grad()
        logits = model(x[batch])
        loss_of(logits, y[batch]).backward()
        optimizer.step()
        right += (logits.detach().argmax(1) == y[batch]).sum().item()
        if not begun:
            begun = True
            print("step", flush=True)
    print(f"epoch {epoch + 1} accuracy {right / rows:.4f} {accuracy(*held):.4f}", flush=True)
print(f"test accuracy {accuracy(x_test, y_test):.4f}")
