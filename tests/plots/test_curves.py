import math

import pytest

from nnctl.plots import draw_curves

SIDE = 720, 615  # pixels of one panel with what stands above and below it


def history(epochs, **columns):
    rows = []
    for i in range(epochs):
        row = {"epoch": i + 1, "step": 10 * (i + 1), "seconds": 1.5, "learning_rate": 0.01}
        row |= {"loss": 1 / (i + 1), "accuracy": 0.9, "val_loss": 1 + abs(i - 2), "val_accuracy": 0.8}
        rows.append(row | {name: values[i] for name, values in columns.items()})
    return rows


@pytest.fixture
def drawn(tmp_path, pixels, texts):
    """A function that draws a history and returns the picture's width and height, and its texts."""

    def draw(rows, title="A title", **options):
        draw_curves(rows, tmp_path / "curves.png", title, **options)
        height, width, _ = pixels(tmp_path / "curves.png").shape
        return (width, height), texts

    return draw


def test_a_panel_for_the_loss_and_one_for_each_metric(drawn):
    size, words = drawn(history(5))
    assert size == (2 * SIDE[0], SIDE[1])
    assert {"A title", "Epoch", "Loss", "Accuracy", "training", "validation"} <= set(words)
    assert not any(word.startswith("Learning rate") for word in words)


def test_the_best_epoch_is_that_of_the_lowest_validation_loss(drawn):
    assert "best epoch (3)" in drawn(history(5))[1]


def test_the_best_epoch_can_be_told(drawn):
    assert "best epoch (5)" in drawn(history(5), best=5)[1]
    assert "kept epoch (5)" in drawn(history(5), best=5, label="kept epoch")[1]


def test_without_validation_the_loss_tells_the_best_epoch(drawn):
    _, words = drawn([{"epoch": 4, "loss": 0.3}, {"epoch": 5, "loss": 0.2}, {"epoch": 6, "loss": 0.25}])
    assert "best epoch (5)" in words
    assert "validation" not in words


def test_one_epoch_is_drawn_without_a_best_one(drawn, tmp_path, pixels):
    _, words = drawn(history(1))
    assert not any(word.startswith("best epoch") for word in words)
    blue = (pixels(tmp_path / "curves.png") == (0x00, 0x72, 0xB2, 255)).all(axis=-1)
    assert blue[:500, :720].any()
    assert blue[:500, 720:].any()


def test_a_learning_rate_that_changes_has_a_logarithmic_panel(drawn):
    size, words = drawn(history(3, learning_rate=[0.1, 0.01, 0.001]))
    assert size == (3 * SIDE[0], SIDE[1])
    assert {"Learning rate (log scale)", "0.1", "0.01", "0.001"} <= set(words)


@pytest.mark.parametrize(
    ("rates", "style"),
    [
        ([0.1, 0.1, 0.1, 0.05, 0.05, 0.05], "steps-mid"),
        ([0.1, 0.1, 0.1, 0.1, 0.1, 0.01], "steps-mid"),
        ([0.1, 0.09, 0.07, 0.04, 0.02, 0.01], "default"),
    ],
)
def test_a_rate_that_stays_for_epochs_is_drawn_in_steps(rates, style, tmp_path, monkeypatch):
    from matplotlib.figure import Figure

    seen, save = [], Figure.savefig

    def spy(figure, *arguments, **options):
        seen.extend(line.get_drawstyle() for line in figure.axes[-1].lines if line.get_label() == "_rate")
        save(figure, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", spy)
    draw_curves(history(6, learning_rate=rates), tmp_path / "p.png", "A title")
    assert seen == [style]


def test_a_learning_rate_that_falls_to_nothing_has_a_plain_one(drawn):
    assert "Learning rate" in drawn(history(3, learning_rate=[0.1, 0.01, 0.0]))[1]


def test_a_loss_over_many_powers_of_ten_is_logarithmic(drawn):
    _, words = drawn(history(3, loss=[1.0, 1e4, 1e9]))
    assert {"Loss (log scale)", "1e+08"} <= set(words)


def test_epochs_without_a_finite_number_are_gaps(drawn):
    _, words = drawn(history(4, loss=[1, math.nan, math.inf, 1], val_loss=[3.0, 2.0, math.nan, math.nan]))
    assert "best epoch (2)" in words
    assert "no finite value" not in words


def test_nothing_finite_is_said(drawn):
    rows = [{"epoch": i, "loss": math.nan, "val_loss": math.inf} for i in (1, 2)]
    size, words = drawn(rows)
    assert size == SIDE
    assert "no finite value" in words


def test_metrics_that_come_late_or_stand_alone(drawn):
    rows = [{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0, "val_loss": 1.5, "val_auc": 0.7}]
    size, words = drawn(rows)
    assert size == (2 * SIDE[0], SIDE[1])
    assert "Auc" in words


@pytest.mark.parametrize(("metrics", "columns", "rows"), [(3, 2, 2), (5, 3, 2), (6, 3, 3)])
def test_many_metrics_fill_rows_of_three(metrics, columns, rows, drawn):
    table = [{"epoch": i, "loss": 1.0, **{f"metric_{j}": i + j for j in range(metrics)}} for i in (1, 2)]
    size, words = drawn(table)
    assert size == pytest.approx((720 * columns, 510 * rows + 105), abs=1)
    assert {f"Metric {j}" for j in range(metrics)} <= set(words)


def test_a_name_that_looks_like_a_formula_is_drawn_as_it_stands(drawn):
    _, words = drawn([{"epoch": 1, "loss": 1.0, r"$\frac{x$": 2.0}], title=r"$\badly")
    assert r"$\frac{x$" in words
    assert r"$\badly" in words


def test_the_same_numbers_give_the_same_bytes(tmp_path):
    for name in ("a.png", "b.png"):
        draw_curves(history(4, learning_rate=[1, 0.1, 0.1, 0.01]), tmp_path / name, "A title")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_no_epochs_have_no_curves(tmp_path):
    with pytest.raises(ValueError, match="no epochs"):
        draw_curves([], tmp_path / "p.png", "A title")
