"""Figures become the rows that they mean."""

from pathlib import Path

from tests.bench import chart, tables

EPOCHS = {"nnctl": [1.0, 2.0, 1.0], "keras": [2.0, 2.0, 3.0], "jax": [1.0, 1.0, 1.0], "products": [0.5, 0.5, 0.5]}
NETWORKS = {
    "mlp": {
        name: {
            "epoch": epoch,
            "first_step": [None] * 3,
            "process": [9.0, 8.0, 7.0],
            "peak": [2**30] * 3,
            "test": [0.9] * 3,
        }
        for name, epoch in EPOCHS.items()
    }
}
MACHINE = {"processor": "a processor", "cores": 2, "memory": 2**34}
PARTS = {
    "networks": {
        "date": "2026-11-27",
        "machine": MACHINE,
        "versions": {"keras": "3", "torch": None},
        "figures": NETWORKS,
    }
}


def test_a_ratio_is_the_median_of_the_rounds_with_its_range() -> None:
    assert tables.times([2.0, 2.0, 3.0], [1.0, 2.0, 1.0]) == "2.00 (1.00–3.00)"
    assert tables.times([2.0], [1.0]) == "2.00"
    assert tables.times([None], [1.0]) == "–"


def test_speed_is_examples_a_second_and_what_others_take() -> None:
    (row,) = tables.speeds(NETWORKS)
    assert row == ["mlp", "54,000", "2.00 (1.00–3.00)", "–", "–", "1.00 (0.50–1.00)", "2.00 (2.00–4.00)"]


def test_a_row_a_program_tells_its_costs() -> None:
    own, keras, jax = tables.costs(NETWORKS)
    assert own == ["mlp", "nnctl", "1.00", "–", "8.00", "1,024 MB", "", "90.00 %"]
    assert keras == ["mlp", "plain Keras", "2.00", "–", "8.00", "1,024 MB", "1.00 (1.00–1.00)", "90.00 %"]
    assert jax[1] == "JAX, jitted scan"


def test_a_goal_that_is_not_reached_is_a_dash() -> None:
    told = {"cnn": {"nnctl": {"97%": [2.0], "99%": [None], "epochs": [3]}, "keras": {"97%": [5.0], "99%": [9.0]}}}
    assert tables.goals(told) == [
        ["cnn", "97 %", "2.00", "2.50", "–", "–", "–"],
        ["cnn", "99 %", "–", "–", "–", "–", "–"],
    ]


def test_commands_are_told_beside_what_they_are_measured_by() -> None:
    told = {"help": [0.3], "imports": [0.2], "train": [4.0], "plain train": [5.0]}
    assert tables.starts(told) == [
        ["nnctl help", "imports", "0.300", "0.200", "1.50"],
        ["nnctl train", "plain train", "4.00", "5.00", "0.80"],
    ]


def test_a_document_tells_where_figures_are_from() -> None:
    text = tables.document(PARTS)
    assert "**networks**, 2026-11-27, a processor, 2 cores, 16 GB; keras 3\n\n| network |" in text
    assert "torch" not in text.split("\n")[0]
    assert tables.table("starts", PARTS) == ""


def test_the_pages_say_the_least_and_the_greatest_ratio_to_keras_and_link_the_chart(tmp_path: Path) -> None:
    told = {
        "a": {"nnctl": {"epoch": [1.0]}, "keras": {"epoch": [1.26]}},
        "b": {"nnctl": {"epoch": [2.0]}, "keras": {"epoch": [9.0]}},
    }
    line = tables.line({"networks": {"figures": told, "machine": {"cores": 2}}})
    assert "1.3 to 4.5 times" in line
    assert "2 networks and 2 cores" in line
    assert (tmp_path / tables.chart(tmp_path).split("(")[1].rstrip(")\n")).resolve() == tables.PICTURE


def test_the_chart_shows_multiples_of_keras(tmp_path: Path) -> None:
    assert chart.speed(NETWORKS["mlp"], "nnctl") == 2.0
    assert chart.speed(NETWORKS["mlp"], "torch") is None
    chart.draw(PARTS, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    chart.draw({}, tmp_path / "none.png")
    assert not (tmp_path / "none.png").exists()
