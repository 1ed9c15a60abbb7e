from collections.abc import Callable

import pytest

from nnctl.topics import find_shelf, find_topics, list_shelves
from nnctl.topics.prose import read_prose

from .test_guides import test_every_command_can_be_typed

TERMS = find_shelf("terms")
# What belongs to an example of its own data: files that are not there, and heads that do not fit the MNIST around the piece.
AWAY = {"unreadable-data", "outputs", "output-shape", "loss-and-labels", "bad-shape", "empty-spec"}


@pytest.mark.parametrize("name", TERMS.names())
def test_a_term_says_what_it_is_in_both_languages_where_from_and_what_to_try(name: str) -> None:
    topic = TERMS.topic(name)
    assert topic is not None
    assert [heading for heading, _ in topic.sections] == ["In nnctl", "中文"]
    assert topic.source
    assert topic.see
    assert topic.example or topic.commands
    assert "：" in topic.sections[1][1]


@pytest.mark.parametrize("name", [name for name in TERMS.names() if TERMS.topic(name).example])  # type: ignore[union-attr]
def test_every_example_is_a_piece_of_a_spec(name: str, refused: Callable[[str], set[str]]) -> None:
    topic = TERMS.topic(name)
    assert topic is not None
    assert {said.split(":")[0] for said in refused(topic.example)} <= (AWAY if "path:" in topic.example else set())


@pytest.mark.parametrize("line", sorted({line for name in TERMS.names() for line in TERMS.topic(name).commands}))  # type: ignore[union-attr]
def test_every_command_of_a_term_can_be_typed(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    test_every_command_can_be_typed(line, monkeypatch)


def test_no_other_name_means_two_things() -> None:
    """Losses and metrics share names, in Chinese as in English; those of guides, terms and layers are their own."""
    other = [
        (each, shelf.noun)
        for shelf in list_shelves()
        for name in shelf.names()
        for each in dict.fromkeys((name, *shelf.others(name)))
        if shelf.noun in ("guide", "term", "layer")
    ]
    names = [each for each, _ in other]
    assert sorted({each for each in names if names.count(each) > 1}) == []


@pytest.mark.parametrize(
    ("word", "found"),
    [
        *[(word, "term neuron") for word in ("unit", "units", "neurons", "神经元")],
        ("隐藏层", "term hidden-layer"),
        ("权重", "term weight"),
        ("偏置", "term bias"),
        ("激活函数", "guide activations"),
        ("损失函数", "guide losses"),
        ("前向传播", "guide forward-and-backward"),
        ("后向传播", "guide forward-and-backward"),
        ("反向传播", "guide forward-and-backward"),
        ("梯度下降", "guide gradient-descent"),
        ("过拟合", "guide overfitting"),
        ("欠拟合", "term underfitting"),
        ("学习率", "guide learning-rate"),
        ("优化器", "guide optimizers"),
        ("准确率", "metric accuracy"),
        ("精确率", "metric precision"),
        ("召回率", "metric recall"),
        ("F1", "metric f1_score"),
        ("混淆矩阵", "term confusion-matrix"),
        ("全连接层", "layer dense"),
        ("卷积层", "layer conv2d"),
        ("池化", "term pooling"),
        ("批大小", "term batch"),
        ("轮次", "term epoch"),
        ("正则化", "term regularization"),
        ("早停", "term early-stopping"),
        ("交叉熵", "term cross-entropy"),
        ("均方误差", "loss mean_squared_error"),
        ("resume", "guide resuming"),
        ("debug", "guide debugging"),
        ("backpropagation", "guide forward-and-backward"),
        ("gradient descent", "guide gradient-descent"),
        ("softmax vs sigmoid", "term softmax-or-sigmoid"),
        ("sklearn", "term scikit-learn"),
    ],
)
def test_words_of_the_field_are_known(word: str, found: str) -> None:
    topic = find_topics(word.split())[0]
    assert f"{topic.kind} {topic.name}" == found


def test_the_words_stand_in_groups() -> None:
    groups = list(dict.fromkeys(TERMS.group(name) for name in TERMS.names()))
    assert groups == list(read_prose("term"))
    assert [name for name in TERMS.names() if TERMS.group(name) == "other libraries"] == [
        "keras",
        "tensorflow",
        "pytorch",
        "scikit-learn",
    ]


def test_a_step_is_counted_as_is_said() -> None:
    """60,000 digits less a tenth for validation, in batches of 128."""
    assert "54,000 examples in batches of 128 are 422 steps" in read_prose("term")["training"]["step"]["here"]
    assert -(-54_000 // 128) == 422
