from nnctl.spelling import find_nearest, format_names


def test_the_nearest_name_forgives_a_typo_and_case() -> None:
    assert find_nearest("kernal_size", ["kernel_size", "strides"]) == "kernel_size"
    assert find_nearest("SOFTMAX", ["softmax", "relu"]) == "softmax"
    assert find_nearest("zzz", ["softmax", "relu"]) is None


def test_long_lists_are_cut() -> None:
    assert format_names(["a", "b"]) == "'a', 'b'"
    assert format_names([str(index) for index in range(2000)], 2) == "'0', '1' and 1,998 more"
