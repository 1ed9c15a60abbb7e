"""The networks that are tortured: small, and each with another kind of state that a resumed training may forget."""

_SOFTMAX = "{dense: {units: 10, activation: softmax}}"
_CONVOLUTION = f"[{{conv2d: {{filters: 4, kernel_size: 3}}}}, batch_normalization, relu, flatten, {_SOFTMAX}]"
_DROPOUT = f"[flatten, {{dense: {{units: 24, activation: relu}}}}, {{dropout: 0.4}}, {_SOFTMAX}]"
_MLP = f"[flatten, {{dense: {{units: 32, activation: relu}}}}, batch_normalization, {_SOFTMAX}]"

KINDS = {
    "xla": ("seed: 1", _MLP, "optimizer: adam, xla: true, batch_size: 50"),
    "xla-ema": ("seed: 2", _MLP, "optimizer: {sgd: {momentum: 0.9, use_ema: true, ema_momentum: 0.9}}, xla: true"),
    "xla-plateau": (
        "seed: 3", _MLP,
        "optimizer: sgd, xla: true, learning_rate: {reduce_lr_on_plateau: {initial_learning_rate: 1.0, patience: 1, "
        "factor: 0.5, warmup_epochs: 1.5}}",
    ),
    "xla-random": (
        "seed: 10",
        f"[{{gru: {{units: 6, dropout: 0.2}}}}, {{dropout: 0.3}}, {{gaussian_noise: 0.1}}, {_SOFTMAX}]",
        "optimizer: adam, xla: true",
    ),
    "dropout": ("seed: 4", _DROPOUT, "optimizer: {adam: {amsgrad: true}}, metrics: [accuracy, auc], monitor: val_auc"),
    "augmentation": (
        "seed: 5", _CONVOLUTION,
        "optimizer: nadam, augment: [{random_rotation: 0.1}, {random_zoom: 0.1}]",
    ),
    "accumulation": ("seed: 6", _CONVOLUTION, "optimizer: {adam: {gradient_accumulation_steps: 3, use_ema: true}}"),
    "early-stopping": ("seed: 7", _DROPOUT, "optimizer: rmsprop, learning_rate: 0.1, early_stopping: 3, xla: update"),
    "one-cycle": (
        "seed: 8", f"[{{lstm: {{units: 8, dropout: 0.2}}}}, {_SOFTMAX}]",
        "optimizer: adam, learning_rate: {one_cycle: {max_learning_rate: 0.02}}, class_weight: balanced",
    ),
    "float16": ("seed: 9", _DROPOUT, "optimizer: sgd, precision: mixed_float16, learning_rate: 0.1"),
}  # fmt: skip


def spec_of(kind: str) -> str:
    """The spec of a kind, with a checkpoint after each call."""
    seed, layers, train = KINDS[kind]
    epochs = 30 if "early" in kind else 8
    return (
        f"name: {kind}\n{seed}\ndata: {{source: digits, validation: 0.2}}\nmodel: {{layers: {layers}}}\n"
        f"train: {{loss: categorical_crossentropy, epochs: {epochs}, checkpoint: {{every_seconds: 0}}, {train}}}\n"
    )
