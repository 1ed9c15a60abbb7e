import pytest

from nnctl.spec.network.class_keys import match_keys

PLAIN, PETS, ONES, GRADES = ("0", "1", "2"), ("cat", "dog", "owl"), ("1", "2", "3"), ("3", "4", "5", "6", "7", "8")


@pytest.mark.parametrize(
    ("keys", "names", "indices"),
    [
        ([0, 2], PLAIN, [0, 2]),
        (["2", 0], PLAIN, [2, 0]),
        (["cat", 1], PETS, [0, 1]),
        ([2, "cat"], PETS, [2, 0]),
        ([0, 1, 2], ONES, [0, 1, 2]),  # as Keras has them: no class is called 0
        ([1, 2, 3], ONES, [0, 1, 2]),  # by name: none has the index 3
        ([3], ONES, [2]),
        ([0], ONES, [0]),
        (["1", "2"], ONES, [0, 1]),
        ([6, 7], GRADES, [3, 4]),
        ([0, 1, 2, 3, 4, 5], GRADES, [0, 1, 2, 3, 4, 5]),
        (["caf\u00e9"], ("bar", "cafe\u0301"), [1]),
        (["cafe\u0301"], ("bar", "caf\u00e9"), [1]),
        ([900719925474099301], ("900719925474099301", "900719925474099302"), [0]),
        ([], PETS, []),
    ],
)
def test_a_key_means_one_class(keys: list[int | str], names: tuple[str, ...], indices: list[int]) -> None:
    found = match_keys(keys, names)
    assert ([found.indices[key] for key in keys], found.faults) == (indices, ())


@pytest.mark.parametrize(
    ("keys", "names", "said"),
    [
        ([3], PLAIN, "there is no class 3 to weigh"),
        ([-1], PLAIN, "there is no class -1"),
        (["1"], PETS, "there is no class '1'"),
        (["cot"], PETS, "there is no class 'cot'"),
        ([1], ONES, "the key 1 is the name of a class, and the index of the class called '2'"),
        ([1, 2], ONES, "the key 2 is the name of a class, and the index of the class called '3'"),
        ([3, 4], GRADES, "the key 3 is the name of a class, and the index of the class called '6'"),
        ([0, 3], ONES, "the key 0 can be an index alone, and 3 a name alone"),
        ([0, 8], GRADES, "the key 0 can be an index alone, and 8 a name alone"),
        (["dog", 1], PETS, "the keys 1 and 'dog' both mean class 'dog'"),
        (["caf\u00e9", "cafe\u0301"], ("bar", "caf\u00e9"), "both mean class"),
    ],
)
def test_one_that_means_none_or_several_is_refused(keys: list[int | str], names: tuple[str, ...], said: str) -> None:
    faults = match_keys(keys, names).faults
    assert any(said in fault.message for fault in faults)
    assert all(fault.key in keys and fault.hint for fault in faults)


def test_hints_lead_out() -> None:
    (both,) = match_keys([1], ONES).faults
    assert both.hint == "in quotes it is a name: `'1'` for the one, `'2'` for the other"
    assert match_keys(["cot"], PETS).faults[0].hint == "did you mean 'cat'?"
    assert match_keys(["1"], PETS).faults[0].hint.endswith("in quotes a key is a name, without them an index")
    many = tuple(f"class{index}" for index in range(30))
    assert match_keys([99], many).faults[0].hint.endswith("class19 and 10 more")


def test_an_earlier_version_took_a_number_for_a_name_first() -> None:
    found = match_keys([0, 1], ("1", "2"), older=True)
    assert (dict(found.indices), found.faults) == ({0: 0, 1: 0}, ())
    assert match_keys([5], ("1", "2"), older=True).faults[0].key == 5
