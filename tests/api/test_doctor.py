"""What `examine` says of a TensorFlow that is broken; tests/engine/test_doctor.py has one that is whole."""

import sys

import pytest

from nnctl.api.doctor import _examine_engine


def test_what_cannot_be_loaded_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("nnctl.engine")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nnctl.engine", None)  # type: ignore[arg-type]
    (found,) = _examine_engine()
    assert (found.name, found.told) == ("tensorflow", "cannot be loaded")
    assert (found.fault or "").endswith(": install nnctl anew")
    assert "nnctl.engine" in (found.fault or "")
