from pathlib import Path

import pytest

from nnctl.data import SOURCES
from nnctl.errors import UsageError
from nnctl.spec import load_spec
from nnctl.spec.dump import resolve_spec
from nnctl.starters import make_starter, write_starter
from nnctl.starters.templates import TEMPLATES, find_template, make_profile


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_known_of_its_data_is_what_the_source_says(name: str) -> None:
    found = make_profile(TEMPLATES[name])
    facts = SOURCES[TEMPLATES[name].source].facts
    assert (found.shape, found.task, found.outputs) == (facts.shape, facts.task, facts.outputs)
    assert len(found.facts) == 2


def test_a_source_that_says_nothing_is_a_bug() -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="npz"):
        make_profile(replace(TEMPLATES["mlp"], source="npz"))


@pytest.mark.parametrize(
    ("wrong", "hint"), [("tabulr", "did you mean 'tabular'?"), ("gan", "mlp, cnn, mnist_mlp, regression")]
)
def test_an_unknown_name_gets_the_nearest_or_all(wrong: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_template(wrong)
    assert caught.value.problems[0].code == "unknown-template"
    assert hint in str(caught.value.problems[0].hint)


def test_the_articles_network_is_that_of_the_configs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Flatten, 512, 256, a softmax of 10; SGD at 0.01, batches of 128, ten epochs: written and read as a whole."""
    configs = Path(__file__).parents[2] / "configs"
    monkeypatch.chdir(tmp_path)
    starter = make_starter(None, "mnist_mlp", None, False, lambda _: None)
    write_starter(starter)
    written, meant = (resolve_spec(load_spec(path)) for path in (starter.path, configs / "mnist_mlp.yaml"))
    assert written.pop("name") == "mnist_mlp"
    assert meant.pop("name") == "mnist-mlp"
    assert written.pop("data").items() <= {**meant.pop("data"), "scale": "unit"}.items()
    assert written == meant
