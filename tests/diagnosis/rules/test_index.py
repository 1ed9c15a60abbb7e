"""What every rule keeps to: listed, silent on healthy networks, heard on broken ones, explained, and with a fix that mends.

A rule of a later stage joins by a broken case whose `parts` bring its facts.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

import nnctl.diagnosis.rules
from nnctl.data import peek
from nnctl.diagnosis import apply_rules, collect_facts
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.finding import Finding
from nnctl.diagnosis.rule import Rule
from nnctl.diagnosis.rules.index import RULES, is_proved
from nnctl.spec import DataFacts, load_spec
from nnctl.spec.edits import apply
from nnctl.spec.network.plan import make_plan

FOLDER = Path(nnctl.diagnosis.rules.__file__).parent
SECTIONS = ("What:", "Why:", "Confirm:", "Fix:", "Source:")
CONFIGS = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))
HIDDEN = "- dense: {units: 32, activation: relu}"


def text(head: str, loss: str, source: str = "digits", more: str = "", hidden: str = HIDDEN, data: str = "") -> str:
    """A small spec."""
    layers = "".join(f"    {line}\n" for line in f"- flatten\n{hidden}\n{head}".splitlines() if line.strip())
    train = "".join(f"  {line}\n" for line in more.splitlines())
    epochs = "" if "epochs:" in more else "  epochs: 40\n"
    return f"data:\n  source: {source}\n{data}model:\n  layers:\n{layers}train:\n  loss: {loss}\n{epochs}{train}"


SOFTMAX = "- dense: {units: 10, activation: softmax}"
CCE = "categorical_crossentropy"
ONE = "- dense: {units: 1, activation: sigmoid}"


def trained(more: str, hidden: str = HIDDEN, source: str = "digits", head: str = SOFTMAX, loss: str = CCE) -> str:
    return text(head, loss, source, more, hidden)


@dataclass(frozen=True)
class Broken:
    """A spec on which a rule speaks; the parts of facts that the spec alone does not tell; whether a fix mends it."""

    spec: str
    parts: Mapping[str, Any] = field(default_factory=dict)
    mended: bool = True


TWICE = "- dense: {units: 32, activation: relu}\n- relu"
SIGMOIDS = "\n".join(["- dense: {units: 16, activation: sigmoid}"] * 6)
MASKED = "- embedding: {input_dim: 17, output_dim: 4, mask_zero: true}"
BROKEN: dict[str, Broken] = {
    code: each if isinstance(each, Broken) else Broken(each)
    for code, each in {
        "H01": text("- dense: {units: 1, activation: softmax}", "binary_crossentropy", "breast_cancer"),
        "H02": text("- dense: 10", CCE),
        "H03": text(SOFTMAX, "{categorical_crossentropy: {from_logits: true}}"),
        "H04": text("- dense: {units: 10, activation: sigmoid}", CCE),
        "H05": trained("optimizer: sgd", loss="binary_crossentropy"),
        "H07": text(ONE, CCE, "breast_cancer"),
        "H11": trained("", loss="mae"),
        "H13": text("- dense: 1", "mse", "diabetes", "metrics: [accuracy]"),
        "H15": text(SOFTMAX, "{categorical_crossentropy: {label_smoothing: 0.9}}"),
        "H16": text(ONE, "hinge", "moons"),
        "A01": text(SOFTMAX, CCE, hidden="- dense: 32\n- dropout: 0.2\n- dense: 16"),
        "A02": trained("", TWICE),
        "A03": trained("", "- dense: {units: 32, activation: softmax}"),
        "A06": trained("", "- dense: {units: 32, activation: relu, kernel_initializer: zeros}"),
        "A07": trained(
            "", "- dense: {units: 32, activation: relu, kernel_initializer: {random_normal: {stddev: 2.0}}}"
        ),
        "A08": trained("", SIGMOIDS),
        "A09": trained(
            "", "- dense: {units: 32, activation: exponential}\n- dense: {units: 32, activation: exponential}"
        ),
        "A10": trained("", f"{HIDDEN}\n- dropout: 0.9"),
        "A11": trained("", "- dense: {units: 32, activation: relu, kernel_regularizer: {l2: 0.1}}"),
        "A12": trained("", f"{HIDDEN}\n- dense: {{units: 2, activation: relu}}"),
        "A13": trained("batch_size: 2", "- dense: {units: 32}\n- batch_normalization\n- relu"),
        "A14": text(SOFTMAX, CCE, hidden="- dense: {units: 2000, activation: relu}", data="  validation: 0.2\n"),
        "A15": Broken(trained("", "- dense: {units: 400000, activation: relu}"), mended=False),
        "A16": text(f"{SOFTMAX}\n- dropout: 0.3", CCE),
        "A17": text(
            "- dense: {units: 10, activation: softmax, trainable: false}",
            CCE,
            hidden="- dense: {units: 9, activation: relu, trainable: false}",
        ),
        "A18": trained("", "- dense: {units: 12, activation: relu, trainable: false}"),
        "A19": trained("", "- dense: {units: 32, activation: relu, kernel_constraint: {max_norm: 0.01}}"),
        "A20": Broken(
            trained("", f"{MASKED}\n- conv1d: {{filters: 4, kernel_size: 3}}\n- global_average_pooling1d"), mended=False
        ),
        "C01": trained("learning_rate: 2"),
        "C02": trained("epochs: 1\nbatch_size: 128"),
        "C03": trained("batch_size: 1000"),
        "C05": text(SOFTMAX, CCE, more="early_stopping: 3", data="  validation: none\n"),
        "C06": trained("early_stopping: 1"),
        "C07": trained("optimizer: {sgd: {clipnorm: 0.001}}"),
        "C08": trained("learning_rate: {step_decay: {initial_learning_rate: 0.01, factor: 0.1, every: 3}}"),
        "C09": trained("optimizer: {adam: {epsilon: 1.0}}"),
        "C10": trained("optimizer: {sgd: {momentum: 1.0}}"),
        "C11": trained("class_weight: {0: 0}"),
        "C12": trained("monitor: loss\nmode: max"),
        "C14": trained("optimizer: adafactor"),
    }.items()
}
BROKEN["A21"] = Broken(
    trained("", "- conv2d: {filters: 4, kernel_size: 1}\n- flatten").replace("    - flatten\n", "", 1),
    {"known": DataFacts(shape=(3, 32, 32), dtype="uint8", task="multiclass", outputs=10, train=1000)},
)
# No built-in source has several labels an example, and a look at a table does not tell.
BROKEN["H06"] = Broken(
    text("- dense: {units: 10, activation: softmax}", CCE),
    {"known": DataFacts(shape=(8, 8), dtype="uint8", task="multilabel", outputs=10, train=1000)},
)

# No built-in source has dates.
BROKEN["X19"] = Broken(
    text(SOFTMAX, CCE),
    {"known": DataFacts(shape=(8, 8), dtype="uint8", task="multiclass", outputs=10, train=1000, dates=("day",))},
    mended=False,
)

CONV = "- conv2d: {filters: 8, kernel_size: 3, padding: same}\n- batch_normalization\n- relu\n- flatten"
HEALTHY = {
    "plain": trained(""),
    "sgd at 0.5": trained("optimizer: sgd\nlearning_rate: 0.5"),
    "sgd at 0.1": trained("optimizer: sgd\nlearning_rate: 0.1"),
    "sgd with momentum": trained("optimizer: {sgd: {momentum: 0.9, nesterov: true}}\nlearning_rate: 0.01"),
    "resnet's sgd": trained("optimizer: {sgd: {momentum: 0.9, weight_decay: 5e-4}}\nlearning_rate: 0.1"),
    "adadelta at 1": trained("optimizer: adadelta\nlearning_rate: 1.0"),
    "adam at 0.01": trained("learning_rate: 0.01"),
    "adam at 0.1 on a few units": text(
        ONE, "binary_crossentropy", "circles", "learning_rate: 0.1", hidden="- dense: 16\n- relu"
    ),
    "adamw with decay": trained("optimizer: {adamw: {weight_decay: 0.1}}"),
    "logits": text("- dense: 10", "{sparse_categorical_crossentropy: {from_logits: true}}"),
    "binary logits": text("- dense: 1", "{binary_crossentropy: {from_logits: true}}", "moons"),
    "softmax layer": text("- dense: 10\n- softmax", CCE),
    "activation layer": text("- dense: 10\n- activation: softmax", CCE),
    "two outputs for two classes": text("- dense: {units: 2, activation: softmax}", CCE, "moons"),
    "softmax and binary over two": text("- dense: {units: 2, activation: softmax}", "binary_crossentropy", "moons"),
    "logistic regression": text(SOFTMAX, CCE, hidden=""),
    "squared error on classes": trained("", loss="mse"),
    "squared error on sigmoids": text("- dense: {units: 10, activation: sigmoid}", "mse"),
    "binary over ten with adam": text("- dense: {units: 10, activation: sigmoid}", "binary_crossentropy"),
    "divergence": trained("", loss="kl_divergence"),
    "hinge": text("- dense: {units: 1, activation: tanh}", "hinge", "moons"),
    "regression": text("- dense: 1\n- rescaling: {scale: 77, offset: 152}", "mse", "diabetes"),
    "regression with small steps": text("- dense: 1", "mse", "diabetes", "optimizer: sgd\nlearning_rate: 1e-5"),
    "batch normalisation": text(SOFTMAX, CCE, hidden="- reshape: [8, 8, 1]\n" + CONV),
    "separable": text(
        SOFTMAX,
        CCE,
        hidden="- reshape: [8, 8, 1]\n- depthwise_conv2d: 3\n- conv2d: {filters: 8, kernel_size: 1}\n- batch_normalization\n"
        "- relu\n- flatten",
    ),
    "linear bottleneck": text(
        SOFTMAX,
        CCE,
        hidden="- reshape: [8, 8, 1]\n- conv2d: {filters: 16, kernel_size: 3, activation: relu}\n"
        "- conv2d: {filters: 4, kernel_size: 1}\n"
        "- batch_normalization\n- conv2d: {filters: 16, kernel_size: 1, activation: relu}\n- flatten",
    ),
    "activation after pooling": text(
        SOFTMAX,
        CCE,
        hidden="- reshape: [8, 8, 1]\n- conv2d: {filters: 8, kernel_size: 3}\n- max_pooling2d\n- relu\n- flatten",
    ),
    "head of filters": text(
        "- conv2d: {filters: 10, kernel_size: 1}\n- global_average_pooling2d\n- softmax",
        CCE,
        hidden="- reshape: [8, 8, 1]\n- conv2d: {filters: 8, kernel_size: 3, activation: relu}",
    ).replace("    - flatten\n", ""),
    "deep tanh with normalisation": trained(
        "", "\n".join(["- dense: {units: 16, activation: tanh}\n- batch_normalization"] * 10)
    ),
    "deep relu": trained("", "\n".join(["- dense: {units: 32, activation: relu, kernel_initializer: he_normal}"] * 8)),
    "three sigmoids": trained("", "\n".join(["- dense: {units: 32, activation: sigmoid}"] * 3)),
    "dropout of 0.7 after many units": trained("", "- dense: {units: 512, activation: relu}\n- dropout: 0.7"),
    "dropout of a half": trained("", f"{HIDDEN}\n- dropout: 0.5\n{HIDDEN}\n- dropout: 0.5"),
    "max-norm": trained("", "- dense: {units: 64, activation: relu, kernel_constraint: {max_norm: 3}}\n- dropout: 0.5"),
    "unit norm": trained("", "- dense: {units: 32, activation: relu, kernel_constraint: unit_norm}"),
    "biases of the head that know the rare class": text(
        "- dense: {units: 1, activation: sigmoid, bias_initializer: {constant: -4.6}}", "binary_crossentropy", "moons"
    ),
    "biases at the mean of the targets": text(
        "- dense: {units: 1, bias_initializer: {constant: 152}}", "mse", "diabetes"
    ),
    "weights of a class in a thousand": trained("class_weight: {3: 60}"),
    "keras's own l2": trained("", "- dense: {units: 32, activation: relu, kernel_regularizer: l2}"),
    "all in one batch": text(
        "- dense: {units: 3, activation: softmax}", CCE, "iris", "batch_size: 200\nepochs: 300\nlearning_rate: 0.05"
    ),
    "few classes, narrow": text(
        "- dense: {units: 3, activation: softmax}", CCE, "iris", hidden="- dense: {units: 4, activation: relu}"
    ),
    "xor": text(ONE, "binary_crossentropy", "xor", hidden="- dense: {units: 4, activation: tanh}"),
    "two units": text(ONE, "binary_crossentropy", "xor", hidden="- dense: {units: 2, activation: tanh}"),
    "lstm": text(SOFTMAX, CCE, hidden="- reshape: [8, 8]\n- bidirectional: {lstm: 16}"),
    "frozen filters": trained("", "- dense: {units: 32, kernel_initializer: ones, trainable: false}\n" + HIDDEN),
    "cosine decay": trained("learning_rate: {cosine_decay: {initial_learning_rate: 0.01}}"),
    "step decay": trained("learning_rate: {step_decay: {initial_learning_rate: 0.01, every: 10}}"),
    "one cycle": trained("learning_rate: {one_cycle: {max_learning_rate: 0.01}}"),
    "one cycle of sgd": trained("optimizer: sgd\nlearning_rate: {one_cycle: {max_learning_rate: 0.4}}"),
    "one cycle with momentum": trained(
        "optimizer: {sgd: {momentum: 0.9}}\nlearning_rate: {one_cycle: {max_learning_rate: 0.5}}"
    ),
    "early stopping": trained("early_stopping: 5"),
    "smoothing": text(SOFTMAX, "{categorical_crossentropy: {label_smoothing: 0.1}}"),
}


@pytest.fixture
def facts(tmp_path: Path) -> Callable[..., Facts]:
    """The facts of a spec's text, with parts that its spec does not tell."""

    def facts(text: str, parts: Mapping[str, Any] | None = None) -> Facts:
        path = tmp_path / "spec.yaml"
        path.write_text(text)
        spec = load_spec(path, (), peek, trained=True)  # rules also tell of runs whose spec is refused today
        return replace(collect_facts(make_plan(spec, peek(spec.data))), **(parts or {}))

    return facts


def codes(facts: Facts, loud: bool = False) -> set[str]:
    return {finding.code for finding in apply_rules(facts) if finding.loud or not loud}


def test_every_rule_is_listed_once_and_by_its_own_code() -> None:
    modules = [
        import_module(found.name) for found in walk_packages([str(FOLDER)], f"{nnctl.diagnosis.rules.__name__}.")
    ]
    made = [each for module in modules for each in vars(module).values() if isinstance(each, Rule)]
    assert sorted(rule.code for rule in made) == sorted(RULES)
    assert [rule.code for rule in made if RULES[rule.code] is not rule] == []
    assert [code for code, rule in RULES.items() if rule.code != code or not re.fullmatch("[A-Z][0-9]{2}", code)] == []


def test_only_an_error_of_a_rule_that_is_sure_is_proved() -> None:
    sure, unsure = (next(each for each in RULES.values() if each.sure is wanted) for wanted in (True, False))
    assert is_proved(Finding("f", "e", level="error", code=sure.code))
    assert not is_proved(Finding("f", "e", level="warning", code=sure.code))
    assert not is_proved(Finding("f", "e", level="error", code=unsure.code))


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_held_against_a_healthy_network(name: str, facts: Callable[..., Facts]) -> None:
    assert codes(facts(HEALTHY[name]), loud=True) == set()


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_nothing_is_held_against_the_configs(config: Path) -> None:
    for overriding in (
        [],
        [("--set", "data.source=mnist_5k"), ("--set", "data.offline=null")] if "mnist" in config.stem else [],
    ):
        spec = load_spec(config, overriding, peek)
        assert [one.code for one in apply_rules(collect_facts(make_plan(spec, peek(spec.data)))) if one.loud] == []


MEASURED = [code for code, rule in RULES.items() if rule.stage != "static"]


@pytest.mark.parametrize("code", MEASURED)
def test_a_rule_over_measurements_is_tested_beside_its_facts(code: str) -> None:
    tests = Path(__file__).parent.rglob("test_*.py")
    assert any(f'"{code}"' in path.read_text() for path in tests)


@pytest.mark.parametrize("code", [code for code in RULES if code not in MEASURED])
def test_a_broken_spec_is_heard(code: str, facts: Callable[..., Facts]) -> None:
    broken = BROKEN[code]
    heard = [finding for finding in apply_rules(facts(broken.spec, broken.parts)) if finding.code == code]
    assert heard
    for finding in heard:
        assert finding.level in ("error", "warning", "info")
        assert finding.found
        assert finding.effect
        assert not finding.path or finding.place is not None


@pytest.mark.parametrize("code", [code for code, broken in BROKEN.items() if broken.mended])
def test_a_fix_mends_what_was_found_and_breaks_nothing(code: str, facts: Callable[..., Facts]) -> None:
    broken = BROKEN[code]
    seen = facts(broken.spec, broken.parts)
    before = codes(seen, loud=True)
    fixes = [finding.fix for finding in apply_rules(seen) if finding.code == code]
    assert fixes
    assert fixes[0] is not None
    after = facts(apply(broken.spec, fixes[0].edits), broken.parts)
    assert code not in codes(after)
    assert codes(after, loud=True) <= before


@pytest.mark.parametrize("code", RULES)
def test_a_rule_explains_itself(code: str) -> None:
    lines = RULES[code].text.splitlines()
    assert [line.partition(" ")[0] for line in lines if line.startswith(SECTIONS)] == list(SECTIONS)
    assert lines[0].endswith(".")


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_rule_compares_with_named_thresholds_only(path: Path) -> None:
    tree = ast.parse(path.read_text())
    confidences = {id(node.args[-1]) for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 7}
    confidences |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "confidence"
    }
    numbers = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) in (int, float)]
    assert [
        (node.lineno, node.value) for node in numbers if node.value not in (0, 1, 2) and id(node) not in confidences
    ] == []
