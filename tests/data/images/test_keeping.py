from pathlib import Path

import numpy as np
import pytest

from nnctl.data.dataset import Split, compute_fingerprint
from nnctl.data.images import keeping as module
from nnctl.data.images.decoding import Conversion
from nnctl.data.images.keeping import keep_images
from nnctl.data.images.pictures import Pictures
from nnctl.data.images.stored import Stored
from nnctl.errors import DataError

CONVERSION = Conversion(4, 5, 3, resize=False)
KINDS = {"hold": np.ndarray, "store": Stored, "stream": Pictures}


def split(x):
    return Split(x, np.zeros(len(x), np.int32), np.arange(len(x)))


def silent(label, share):
    pass


@pytest.mark.parametrize(("memory", "free", "disk", "kept"), [
    ("auto", 4 * 3000, 0, "hold"), ("auto", None, 0, "hold"), ("hold", 4001, 0, "hold"),
    ("auto", 4 * 3000 - 1, 3000, "store"), ("store", 1 << 30, 0, "store"),
    ("auto", 4 * 3000 - 1, 2999, "stream"), ("stream", 1 << 30, 1 << 30, "stream"),
])  # fmt: skip
def test_a_quarter_of_the_free_memory_is_held_and_one_of_the_disk_is_used(
    drawn_files, drawn, monkeypatch, memory, free, disk, kept
):
    monkeypatch.setattr(module, "measure_available", lambda: free)
    monkeypatch.setattr(module, "measure_room", lambda: disk)
    monkeypatch.setattr("nnctl.data.memory.available.measure_available", lambda: free)
    found = keep_images({"train": split(Pictures(drawn_files, CONVERSION, memory)), "test": None}, silent)
    assert type(found["train"].x) is KINDS[kept]
    assert np.array_equal(found["train"].x[:], drawn)
    assert found["test"] is None


@pytest.mark.parametrize("memory", KINDS)
def test_however_they_are_kept_they_have_one_fingerprint_and_are_decoded_once(drawn_files, drawn, monkeypatch, memory):
    monkeypatch.setattr("nnctl.data.memory.on_disk._BLOCK", 10 * drawn[0].nbytes)
    told = []
    report = lambda label, share: told.append((label, share))  # noqa: E731
    pictures = {"train": drawn_files, "test": drawn_files[:10]}
    both = {name: split(Pictures(files, CONVERSION, memory)) for name, files in pictures.items()}
    found = compute_fingerprint(keep_images(both, report), report)
    assert found == compute_fingerprint({"train": split(drawn), "test": split(drawn[:10])})
    assert [round(share * 60) for _, share in told] == [10, 20, 30, 40, 50, 60]
    assert {label for label, _ in told} == {"decoding 60 images"}


def test_the_splits_count_together(drawn_files, monkeypatch):
    monkeypatch.setattr(module, "measure_available", lambda: 4 * 3000)
    both = {"train": split(Pictures(drawn_files, CONVERSION)), "test": split(Pictures(drawn_files[:1], CONVERSION))}
    assert isinstance(keep_images(both, silent)["test"].x, Pictures)


def test_splits_that_are_held_already_stay_as_they_are(drawn_files, drawn):
    both = {"train": split(Pictures(drawn_files, CONVERSION, "store")), "test": split(drawn)}
    found = keep_images(both, silent)
    assert isinstance(found["train"].x, Stored)
    assert found["test"].x is drawn


def test_more_than_there_is_cannot_be_held(drawn_files, monkeypatch, refused):
    monkeypatch.setattr("nnctl.data.memory.available.measure_available", lambda: 3000)
    refused("out-of-memory", keep_images, {"train": split(Pictures(drawn_files, CONVERSION, "hold"))}, silent)


@pytest.mark.parametrize("memory", KINDS)
def test_every_broken_image_is_named(drawn_files, memory):
    for index in (3, 48):
        with Path(drawn_files[index]).open("r+b") as opened:
            opened.truncate(60)
    with pytest.raises(DataError) as caught:
        compute_fingerprint(keep_images({"train": split(Pictures(drawn_files, CONVERSION, memory))}, silent))
    named = [problem.message.split(" ")[0] for problem in caught.value.problems]
    assert named == [drawn_files[3], drawn_files[48]]
