import pytest

from nnctl.registry import Registry, nearest


def test_the_nearest_name_forgives_a_typo_and_case() -> None:
    assert nearest("kernal_size", ["kernel_size", "strides"]) == "kernel_size"
    assert nearest("SOFTMAX", ["softmax", "relu"]) == "softmax"
    assert nearest("zzz", ["softmax", "relu"]) is None


def test_a_registry_keeps_what_it_decorates_in_order() -> None:
    shapes: Registry[str] = Registry("shape")
    shapes.register("square")("four sides")
    shapes.register("circle")("no sides")
    assert dict(shapes) == {"square": "four sides", "circle": "no sides"}
    assert len(shapes) == 2


def test_a_name_taken_twice_is_a_bug() -> None:
    shapes: Registry[str] = Registry("shape")
    shapes.register("square")("one")
    with pytest.raises(ValueError, match="two shapes are called 'square'"):
        shapes.register("square")("other")
