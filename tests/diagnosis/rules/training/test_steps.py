import numpy as np

from nnctl.diagnosis.rules.index import RULES

from ...conftest import made
from ..conftest import CLASSES, LOW, Course, X, rows, told


def test_gradients_that_are_gathered_for_too_long(facts):
    setting = "train.optimizer={adam: {gradient_accumulation_steps: 100}}"
    (one,) = RULES["C02"].apply(facts(setting, "train.epochs=5", "train.learning_rate=0.001"))
    assert one.level == "warning"
    assert "each of the gradients of 100 steps" in one.found
    assert [(edit.kind, edit.path[-1]) for edit in one.fix.edits] == [("remove", "gradient_accumulation_steps")]


def test_sorted_and_not_shuffled(facts):
    def speaks(*settings, data):
        return bool(list(RULES["C04"].apply(facts(*settings, data=data))))

    order = np.argsort(CLASSES, kind="stable")
    data = made(X[order], CLASSES[order])
    assert not speaks(data=data)
    assert speaks("train.shuffle=false", "train.batch_size=10", data=data)
    assert not speaks("train.shuffle=false", "train.batch_size=10", data=made(X, CLASSES))


def test_a_training_that_ended_while_the_loss_fell(course: Course) -> None:
    history = rows([2.3 * 0.9**i for i in range(20)], LOW)
    assert "C13" in told(course(history))
    reached = [{**row, "accuracy": 0.95} for row in history]
    assert told(course(reached, scores={"accuracy": 0.94})) == set()
