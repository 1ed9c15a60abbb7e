from nnctl import api, topics


def test_names_are_explained_and_shelves_hold_them() -> None:
    (dense,) = api.explain(["dense"])
    assert (dense.name, dense.kind) == ("dense", "layer")
    assert "dense" in api.find_shelf("layers").names()
    assert api.list_shelves() == topics.list_shelves()
