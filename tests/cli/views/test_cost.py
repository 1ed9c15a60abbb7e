import io
from dataclasses import replace

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.cost import document, show
from nnctl.errors import Source
from nnctl.spec.network.compilation import Compilation
from nnctl.spec.network.plan import make_plan
from nnctl.spec.sections import Component, Data, DataFacts, Spec, Train

LAYERS = tuple(Component("layer", "dense", {"units": units}) for units in (3, 1))
TRAIN = Train(Component("loss", "mean_squared_error", {}), Component("optimizer", "sgd", {}), batch_size=2)
SPEC = Spec("x", 0, Data("csv", {}), LAYERS, TRAIN, Source("s.yaml", ""))


def drawn(facts: DataFacts, examples: int | None, mode: Compilation | None) -> list[str]:
    console = make_console(io.StringIO(), width=100)
    show(replace(make_plan(SPEC, facts, examples), compilation=mode), None, console)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_layers_memory_and_mode() -> None:
    lines = drawn(DataFacts(shape=(4,), dtype="float32"), 10, Compilation(True, "because"))
    assert "layers[0] dense 3 15 24 B 12" in lines
    assert "all 19 32 B 15" in lines
    assert "epoch 660 FLOP 5 steps of 2; 10 epochs" in lines  # 2 x 10 x (2 x 12 + 3 x 3)
    assert "memory 344 B parameters 76 B, gradients 76 B, activations 32 B, data 160 B" in lines
    assert "mode XLA because" in lines
    assert "mode graph, its update by XLA so" in drawn(
        DataFacts(shape=(4,), dtype="float32"), 10, Compilation("update", "so")
    )


def test_what_is_not_known_shows_as_such() -> None:
    lines = drawn(DataFacts(), None, None)
    assert "all ? ? ?" in lines
    assert "epoch ? operations unknown; 10 epochs" in lines
    assert any(line.startswith("mode XLA or graph") for line in lines)


def test_for_json_what_is_not_known_is_null() -> None:
    told = document(make_plan(SPEC, DataFacts()), None)
    assert (told["cost"]["products"], told["compilation"], told["layers"]) == (None, None, [])
