"""Model files made by hand, without Keras: a whole one, and what an attacker makes of it."""

import copy
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest


def layer(name: str, config: dict[str, Any], module: str = "keras.layers", **more: Any) -> dict[str, Any]:
    """A layer as Keras writes it."""
    return {"module": module, "class_name": name, "config": config, "registered_name": None, **more}


CONFIG = {
    "module": "keras",
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "trainable": True,
        "layers": [
            layer("InputLayer", {"batch_shape": [None, 4], "dtype": "float32", "sparse": False, "name": "input"}),
            layer("Dense", {"name": "dense", "units": 3, "activation": "relu", "use_bias": True}),
            layer("Dense", {"name": "out", "units": 2, "activation": "softmax", "use_bias": True}),
        ],
    },
    "registered_name": None,
    "build_config": {"input_shape": [None, 4]},
}
SHAPES = {"dense": [(4, 3), (3,)], "dense_1": [(3, 2), (2,)]}


def weights(change: Callable[[h5py.File], object] = lambda file: None) -> bytes:
    """The weights of the whole model, after a change."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, shapes in SHAPES.items():
            for index, shape in enumerate(shapes):
                file[f"layers/{name}/vars/{index}"] = np.ones(shape, np.float32)
        change(file)
    return content.getvalue()


def archive(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], kind: int = zipfile.ZIP_STORED) -> Path:
    """A zip of members."""
    with zipfile.ZipFile(path, "w", kind) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's about a name that stands twice, which is meant
        for name, content in members:
            made.writestr(name, content)
    return path


def model(path: Path, config: Any = CONFIG, held: bytes | None = None, kind: int = zipfile.ZIP_STORED) -> Path:
    """A model file; `config` is a configuration, or the bytes of one."""
    content = config if isinstance(config, bytes) else json.dumps(config).encode()
    members: list[tuple[str | zipfile.ZipInfo, bytes]] = [("metadata.json", b"{}"), ("config.json", content)]
    return archive(path, [*members, ("model.weights.h5", weights() if held is None else held)], kind)


def changed(change: Callable[[list[Any]], object]) -> dict[str, Any]:
    """The whole model's configuration, after a change of its list of layers."""
    config = copy.deepcopy(CONFIG)
    change(config["config"]["layers"])  # type: ignore[index]
    return config


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A model file that is as it should be."""
    return model(tmp_path / "whole.keras")
