from nnctl.data.images.walk import Walk, format_paths, list_names, make_natural_key


def test_natural_order():
    assert sorted(["b", "a10", "a9", "10", "9", "a"], key=make_natural_key) == ["9", "10", "a", "a9", "a10", "b"]


def test_names_in_two_forms_are_one_but_for_a_run_of_before(tmp_path):
    assert Walk(tmp_path, None).compose("e\u0301") == "\u00e9"
    assert Walk(tmp_path, None, older=True).compose("e\u0301") == "e\u0301"


def test_what_lies_in_a_folder(tree):
    root = tree("a/1.png", "b/2.png", "notes.txt", ".git/x", "Thumbs.db")
    assert list_names(str(root), folders=True) == {"a", "b"}
    assert list_names(str(root), folders=False) == {"notes.txt"}
    assert list_names(str(root / "none"), folders=True) == set()


def test_images_beside_folders_are_refused_and_other_files_named(tree):
    root = tree("b10/1.png", "b9/1.png", "stray.png", "notes.txt")
    walk = Walk(root, None)
    assert [entry.name for entry in walk.list_folders(str(root))] == ["b9", "b10"]
    assert [problem.code for problem in walk.problems] == ["image-without-class"]
    assert walk.notes == ["files beside the class folders are not read: notes.txt"]


def test_a_few_of_many_paths():
    assert format_paths(["a", "b"]) == "a, b"
    assert format_paths([str(i) for i in range(1007)]) == "0, 1, 2, 3, 4 and 1,002 more"
