"""Every rule by its code."""

from nnctl.diagnosis.finding import Finding
from nnctl.diagnosis.rule import Rule
from nnctl.diagnosis.rules import (
    architecture,
    courses,
    examples,
    heads,
    losses,
    optimizers,
    probes,
    recorded,
    regularisation,
    remedies,
    runs,
    scales,
    size,
    targets,
    training,
    validation,
    weights,
)

# In the order in which rules are asked: of two findings that weigh the same, the earlier one is told first.
RULES: dict[str, Rule] = {rule.code: rule for rule in (
    architecture.missing_activation, architecture.activation_twice, architecture.softmax_inside,
    architecture.deep_saturating, architecture.exponential_inside, architecture.bottleneck,
    courses.not_finite, courses.diverging_loss, courses.flat_loss, courses.slow_loss, courses.oscillation,
    courses.plateau, courses.not_converged, courses.disagreement,
    examples.one_class, examples.rare_class, examples.other_shares_in_test, examples.repeated_examples,
    examples.test_in_train, examples.told_in_train_only, examples.unrelated_labels, examples.conflicting_labels,
    examples.few_examples, examples.sorted_and_not_shuffled,
    heads.softmax_on_one_unit, heads.no_probabilities, heads.squashed_twice, heads.sigmoid_for_one_of_many,
    heads.hinge_without_signs,
    losses.binary_loss_for_one_of_many, losses.one_of_many_for_several, losses.outputs_and_classes,
    losses.distance_between_classes, losses.accuracy_of_numbers, losses.smoothed_away,
    optimizers.clipped_to_nothing, optimizers.optimizer_out_of_range, optimizers.never_forgets,
    optimizers.class_without_weight,
    probes.initial_loss, probes.cannot_learn_one_batch, probes.learning_rate_out_of_range, probes.vanishing_gradient,
    probes.exploding_gradient, probes.dead_units, probes.inputs_ignored, probes.inference_gap, probes.saturated_units,
    probes.update_ratio,
    recorded.recorded_gradient, recorded.dying_units, recorded.saturating_units,
    regularisation.much_dropout, regularisation.dropout_on_the_output, regularisation.large_penalty,
    regularisation.batch_normalization_misused,
    remedies.inputs_not_standardised, remedies.another_head, remedies.another_activation, remedies.too_narrow,
    remedies.another_optimizer, remedies.regularised_away, remedies.too_few_steps, remedies.batches_too_large,
    runs.overfit, runs.underfit, runs.one_answer, runs.validation_better, runs.test_unlike_validation,
    runs.penalties_dominate, runs.no_better,
    scales.unscaled_inputs, scales.scaled_twice, scales.splits_scaled_differently, scales.unscaled_targets,
    size.large_for_the_data, size.huge_dense,
    targets.output_out_of_reach, targets.crossentropy_for_numbers, targets.one_answer,
    training.learning_rate_out_of_range, training.few_steps, training.batch_out_of_range,
    training.schedule_without_effect,
    validation.no_held_out_examples, validation.stops_too_early, validation.watched_the_wrong_way,
    weights.equal_weights, weights.first_weights_out_of_scale, weights.nothing_to_train, weights.frozen_at_random,
    weights.constrained_to_nothing,
)}  # fmt: skip


def proved(finding: Finding) -> bool:
    """Whether the facts prove a finding to be an error: no trial is needed to tell it."""
    return RULES[finding.code].sure and finding.level == "error"
