from nnctl.spelling import find_nearest


def test_the_nearest_name_forgives_a_typo_and_case() -> None:
    assert find_nearest("kernal_size", ["kernel_size", "strides"]) == "kernel_size"
    assert find_nearest("SOFTMAX", ["softmax", "relu"]) == "softmax"
    assert find_nearest("zzz", ["softmax", "relu"]) is None
