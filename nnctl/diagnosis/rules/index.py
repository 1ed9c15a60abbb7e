"""Every rule by its code."""

from nnctl.diagnosis.finding import Finding
from nnctl.diagnosis.rule import Rule
from nnctl.diagnosis.rules.data import classes, columns, examples, labels, scales
from nnctl.diagnosis.rules.head import heads, losses, targets
from nnctl.diagnosis.rules.network import architecture, inputs, regularisation, size, weights
from nnctl.diagnosis.rules.probes import gradients, trials, units
from nnctl.diagnosis.rules.remedies import ablations, layers, mixing, reach, settings
from nnctl.diagnosis.rules.run import courses, fit, outcome, recorded
from nnctl.diagnosis.rules.training import learning_rate, optimizers, steps, validation

# In the order in which rules are asked: of two findings that weigh the same, the earlier one is told first.
RULES: dict[str, Rule] = {rule.code: rule for rule in (
    architecture.missing_activation, architecture.activation_twice, architecture.softmax_inside,
    architecture.deep_saturating, architecture.exponential_inside, architecture.bottleneck,
    inputs.mask_lost, inputs.channels_first, inputs.padding_read,
    courses.not_finite, courses.diverging_loss, courses.flat_loss, courses.slow_loss, courses.oscillation,
    courses.plateau,
    steps.not_converged,
    courses.disagreement,
    targets.one_class,
    classes.rare_class, classes.class_weighed_out, classes.other_shares_in_test, examples.repeated_examples,
    examples.rounded_inputs,
    examples.test_in_train, examples.told_in_train_only, labels.unrelated_labels, labels.wrong_labels,
    classes.classes_in_another_order, classes.one_class_twice,
    labels.labels_moved, labels.labels_of_another_row, labels.reshaped_and_not_transposed, labels.channels_called_last,
    labels.conflicting_labels, examples.few_examples,
    examples.dates_cut_by_chance,
    steps.sorted_and_not_shuffled,
    heads.softmax_on_one_unit, heads.no_probabilities, heads.squashed_twice, heads.sigmoid_for_one_of_many,
    heads.hinge_without_signs, losses.binary_loss_for_one_of_many, losses.one_of_many_for_several,
    losses.outputs_and_classes, losses.distance_between_classes, losses.accuracy_of_numbers, losses.smoothed_away,
    optimizers.clipped_to_nothing, optimizers.optimizer_out_of_range, optimizers.never_forgets,
    optimizers.class_without_weight, optimizers.rare_class_weighs_less, optimizers.zeros_under_a_factored_optimizer,
    trials.initial_loss, trials.cannot_learn_one_batch, trials.learning_rate_out_of_range, gradients.vanishing_gradient,
    gradients.exploding_gradient, units.dead_units, trials.inputs_ignored, trials.inference_gap, units.saturated_units,
    units.information_lost,
    gradients.update_ratio,
    recorded.recorded_gradient, recorded.dying_units, recorded.saturating_units,
    regularisation.much_dropout, regularisation.dropout_on_the_output, regularisation.large_penalty,
    regularisation.batch_normalization_misused,
    settings.inputs_not_standardised, layers.another_head, layers.another_activation, layers.too_narrow,
    settings.another_optimizer, layers.regularised_away, settings.too_few_steps, settings.batches_too_large,
    ablations.augmented_away, ablations.drowned_in_noise, ablations.normalised_away, ablations.averaged_away,
    ablations.lowered_too_soon, ablations.stopped_too_soon,
    settings.steps_too_large, settings.ended_too_soon, layers.free_to_memorise,
    mixing.order_lost, mixing.steps_and_channels_exchanged, mixing.kernels_of_one,
    reach.sees_too_little, reach.cut_away, reach.squeezed,
    fit.overfit, fit.underfit, outcome.one_answer, outcome.validation_better, outcome.test_unlike_validation,
    fit.far_better_on_train, outcome.penalties_dominate, outcome.no_better,
    scales.unscaled_inputs, scales.scaled_twice, scales.splits_scaled_differently, scales.unscaled_targets,
    columns.sentinel_values, columns.codes_read_as_numbers, columns.two_units, columns.far_values,
    columns.far_targets, columns.column_told_in_steps,
    size.large_for_the_data, size.huge_dense,
    targets.output_out_of_reach, targets.crossentropy_for_numbers, targets.median_is_one_number,
    trials.one_answer, trials.test_unlike_train, trials.memorised,
    learning_rate.learning_rate_out_of_range, steps.few_steps, steps.batch_out_of_range,
    learning_rate.schedule_without_effect, validation.no_held_out_examples, validation.stops_too_early,
    validation.watched_the_wrong_way,
    weights.equal_weights, weights.first_weights_out_of_scale, weights.nothing_to_train, weights.frozen_at_random,
    weights.constrained_to_nothing,
)}  # fmt: skip


def is_proved(finding: Finding) -> bool:
    """Whether the facts prove a finding to be an error: no trial is needed to tell it."""
    return RULES[finding.code].sure and finding.level == "error"
