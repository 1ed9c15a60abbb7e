import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.exceptions import TyperException
from typer.main import get_command

from nnctl.cli.main import app
from nnctl.data import peek
from nnctl.spec import load_spec
from nnctl.topics import find_shelf, find_topics, list_shelves
from nnctl.topics.guides import list_pages
from nnctl.topics.topic import Topic

ROOT = Path(__file__).parents[2]
GUIDES = find_shelf("guides").names()
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
COMMANDS = sorted({line for name in GUIDES for line in find_shelf("guides").topic(name).commands})
QUESTIONS = ("activations", "overfitting", "optimizers", "learning-rate", "metrics")


def blocks(language: str) -> list[tuple[str, str]]:
    """The blocks of code of a language, and the guide that each stands in."""
    return [
        (page.stem, body)
        for page in list_pages()
        for kind, body in BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind == language
    ]


def everything() -> list[Topic]:
    return [topic for each in list_shelves() for name in each.names() if (topic := each.topic(name)) is not None]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_can_be_typed(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its flags are the verb's, its spec with its settings passes check, what it lists or explains is there."""
    monkeypatch.chdir(ROOT)
    head, verb, *arguments = shlex.split(line)
    assert head == "nnctl"
    with get_command(app).commands[verb].make_context(verb, arguments) as context:  # type: ignore[attr-defined]
        given = context.params
    for path in [given["spec"]] if given.get("spec") else given.get("specs", ()):
        load_spec(Path(path), [("--set", text) for text in given.get("settings") or ()], peek)
    if verb == "list" and given["kind"]:
        find_shelf(given["kind"])


def test_the_questions_of_the_field_have_their_guides_which_end_in_something_to_try() -> None:
    for name in QUESTIONS:
        (topic,) = find_topics([name])
        assert (topic.kind, topic.name) == ("guide", name)
        assert sum("configs/" in line for line in topic.commands) >= 1
        assert len(topic.sections) >= 4


def test_what_each_question_is_about_is_in_its_guide() -> None:
    asked = {
        "activations": ("ReLU", "Sigmoid", "Tanh", "Softmax"),
        "overfitting": ("L1", "L2", "Dropout"),
        "optimizers": ("SGD", "Adam", "RMSprop"),
        "learning-rate": ("By hand", "Step decay", "ReduceLROnPlateau"),
        "metrics": ("Accuracy", "Precision", "Recall", "F1", "MSE"),
    }
    for name, headings in asked.items():
        assert set(headings) <= {heading for heading, _ in find_shelf("guides").topic(name).sections}


def test_every_config_is_tried_somewhere_or_named_so() -> None:
    tried = {Path(part).stem for line in COMMANDS for part in line.split() if part.startswith("configs/")}
    assert {path.stem for path in (ROOT / "configs").glob("mnist_*.yaml")} - tried <= {"mnist_cnn", "mnist_best"}


@pytest.mark.parametrize("word", ["backprop", "labels", "exit code", "lr", "run directory", "SGD"])
def test_other_words_lead_there(word: str) -> None:
    assert find_topics(word.split())


def test_nothing_points_into_the_void() -> None:
    """What a page says to see, and each `nnctl explain X` or `nnctl list X` in a text, is there."""
    for topic in everything():
        for other in topic.see:
            assert find_topics([other]), f"{topic.name} -> {other}"
        for _, text in topic.sections:
            for verb, name in re.findall(r"`nnctl (explain|list) ([a-z][a-z_.-]*)`", text):
                assert find_topics([name]) if verb == "explain" else find_shelf(name)


@pytest.mark.parametrize(("guide", "body"), blocks("yaml"))
def test_every_piece_of_a_spec_in_a_guide_is_one(
    guide: str, body: str, refused: Callable[[str], set[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if all(line.lstrip().startswith("#") for line in body.splitlines()):
        pass  # the comment that names the schema
    elif "base:" in body:
        (tmp_path / "configs").symlink_to(ROOT / "configs")
        (tmp_path / "whole.yaml").write_text(body)
        load_spec(tmp_path / "whole.yaml", peek=peek)
    elif body.lstrip().startswith("- "):  # lines of a list of layers
        assert refused("model:\n  layers:\n" + body) == set()
    else:
        # Files of one's own are not there, and the network around it fits MNIST.
        away = {"unreadable-data", "outputs", "output-shape", "loss-and-labels", "bad-shape", "empty-spec"}
        assert {said.split(":")[0] for said in refused(body)} <= away


@pytest.mark.parametrize(
    "line",
    sorted(
        {
            line.removeprefix("$ ").partition(" #")[0].partition(" > ")[0].partition(" < ")[0].strip()
            for language in ("sh", "console", "")
            for _, body in blocks(language)
            for line in body.splitlines()
            if line.removeprefix("$ ").startswith("nnctl ")
        }
    ),
)
def test_every_command_in_a_block_can_be_typed(line: str) -> None:
    _, verb, *arguments = shlex.split(line)
    with get_command(app).commands[verb].make_context(verb, arguments, resilient_parsing="/" in line):  # type: ignore[attr-defined]
        pass


def test_a_guide_is_read_as_its_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments and pictures are for the forge; code keeps its lines; a link to a guide becomes the command that prints it."""
    topic = find_shelf("guides").topic("predict")
    assert topic is not None
    assert topic.name == "predicting"
    assert [heading for heading, _ in topic.sections] == ["Files", "Drawings"]
    files = dict(topic.sections)["Files"]
    assert files.startswith("```console\n$ nnctl predict latest photo.jpg")
    assert not any("<!--" in text or "](" in text for each in everything() for _, text in each.sections)
    assert "(`nnctl explain safety`)" in " ".join(text for _, text in find_shelf("guides").topic("resuming").sections)


def test_a_typer_command_is_what_is_parsed() -> None:
    """The check above bites: a flag that is not there is refused."""
    with pytest.raises(TyperException, match="tempo"):
        get_command(app).commands["train"].make_context("train", ["a.yaml", "--tempo", "3"])  # type: ignore[attr-defined]
