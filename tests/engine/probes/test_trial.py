from collections.abc import Callable
from dataclasses import replace

from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.trial import Bout


def test_a_trial_takes_the_very_steps_of_the_training(training: Callable[..., Training]) -> None:
    made = training("model.layers.1={dropout: 0.5}", "train.batch_size=100", "train.epochs=3", "train.xla=false")
    bout = Bout(made.spec, replace(made.dataset, test=None), "as it is")
    bout.run(3 * made.steps.per_epoch)
    for epoch in range(3):
        made.steps.begin(make_order(made.spec.seed, epoch, made.steps.examples, made.spec.train.shuffle))
        made.steps.run(0, made.steps.per_epoch)
    assert made.steps.examples % made.steps.batch_size  # or no batch would be a partial one
    both = (bout.training.model.trainable_variables, made.model.trainable_variables)
    assert all((a.numpy() == b.numpy()).all() for a, b in zip(*both, strict=True))
    assert bout.step == 3 * made.steps.per_epoch
