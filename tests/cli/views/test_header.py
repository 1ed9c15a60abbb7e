"""The lines in front of a training; tests/engine/test_commands.py trains."""

from nnctl.cli.views.header import Line


def test_the_detail_is_told_where_there_is_room() -> None:
    line = Line("device", "CPU:0, 2 threads, compiled as graph", "(27 steps are too few to pay for compiling)")
    assert line.fit(100).plain == f"device   {line.text} {line.detail}"
    assert line.fit(80).plain == f"device   {line.text}"
    assert max(map(len, line.fit(40).plain.split("\n"))) <= 40


def test_a_chain_of_layers_that_is_too_long_is_counted() -> None:
    line = Line("deep  ", " > ".join(["dense 32 relu"] * 9), " 9,001 weights", "9 layers, 9,001 weights")
    assert line.fit(80).plain == "deep     9 layers, 9,001 weights"
    assert line.fit(500).plain.endswith("dense 32 relu  9,001 weights")


def test_a_path_is_never_folded() -> None:
    assert Line("run", "runs/" + "x" * 60, whole=True).fit(40).plain == "run      runs/" + "x" * 60
