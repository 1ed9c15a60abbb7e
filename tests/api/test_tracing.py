import pytest

from nnctl.api.tracing import trace
from nnctl.errors import SpecError, UsageError

DIGITS = {
    "name": "first",
    "data": {"source": "digits", "validation": 0.2},
    "model": {"layers": ["flatten", {"dense": {"units": 10, "activation": "softmax"}}]},
    "train": {"loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 0.1, "epochs": 1},
}


def test_a_map_is_traced_and_silently(capfd: pytest.CaptureFixture[str]) -> None:
    traced = trace(DIGITS, example=5, unit="1:3")
    assert [layer.where for layer in traced.forward.layers] == ["layers[0] flatten", "layers[1] dense"]
    assert (traced.forward.units[0].layer, traced.forward.units[0].unit) == (1, 3)
    assert traced.forward.loss.steps[0] == f"-log p[{traced.forward.example.label}]"
    assert capfd.readouterr() == ("", "")


def test_what_is_wrong_is_an_error() -> None:
    with pytest.raises(UsageError, match="no example 5000"):
        trace(DIGITS, example=5000)
    with pytest.raises(SpecError):
        trace({**DIGITS, "train": {"loss": "no_such"}})
