"""Every key of a spec outside its components: what it may hold, and what it means.

The kinds are those of `kinds.py`; a default is its dataclass's in `sections.py`. This table is what `check` goes by and what
the documentation is made of.
"""

from typing import NamedTuple


class Key(NamedTuple):
    """A key's kind and its meaning in one sentence."""

    kind: str
    doc: str


_SEED = "int>=0,<=4294967295"
TOP = {
    "base": Key("null|path", "The spec that this one begins from: maps merge, lists and values replace."),
    "vars": Key("", "Values of your own by name, for `${vars.name}` to stand in for anywhere."),
    "name": Key("str", "What the runs are called; the file's name if left out."),
    "seed": Key(_SEED, "Seeds the weights, the order of the examples and all that is drawn in training."),
    "data": Key("", "Which examples there are, and how they are split, scaled and labelled."),
    "model": Key("", "The network: `layers`, from the input to the output."),
    "train": Key("", "What is minimised, how, for how long, and what is watched."),
}
MODEL = {"layers": Key("list(layer;1..2000)", "The layers of the Sequential model, in order.")}
DATA = {
    "source": Key("", "The name of a data set, or of a kind of file: `mnist`, `npz`."),
    "path": Key("null|path", "The file or folder to read; relative to the spec's file."),
    "offline": Key("null|str", "The source to fall back on when `source` is neither on disk nor reachable."),
    "validation": Key(
        "null|float>0,<1|'none'|path", "A share of the training examples (stratified), a path, or `none`."
    ),
    "test": Key("null|float>0,<1|path", "A share of the training examples, a path, or null for the source's own."),
    "split": Key(
        "null",
        "What shares are cut by, in place of chance: a map of `time`, or of `group`, to the column that tells it.",
    ),
    "skip": Key("null", "Rows and pictures to leave out, in place of refusing them: a map of what they lack to true."),
    "split_seed": Key(_SEED, "The seed that shares are cut with, so that other seeds see the same split."),
    "scale": Key(
        "'auto'|'unit'|'standard'|'none'", "To [0, 1], to mean 0 and deviation 1, or not at all; saved in the model."
    ),
    "target_scale": Key(
        "'none'|'standard'",
        "`standard`: the loss compares numbers of mean 0 and deviation 1; the model still answers in the data's.",
    ),
    "labels": Key(
        "'auto'|'integer'|'one_hot'|'multilabel'|'raw'",
        "The form in which the loss gets the labels; `auto` follows the loss. `multilabel`: several labels an example.",
    ),
    "subset": Key("null|int>=2", "Train on this many examples, and test on at most as many."),
}
SPLIT = {
    "time": Key(
        "str|int>=1",
        "The last rows by this column are test, those before them validation; `rows`: as they stand in the file.",
    ),
    "group": Key("str|int>=1", "Rows that are alike in this column go to one split together."),
}
SKIP = {
    "unlabelled": Key("bool", "Leave out rows without a label; how many and which is said."),
    "unreadable": Key("bool", "Leave out pictures that cannot be read; how many and which is said."),
}
TRAIN = {
    "loss": Key("loss", "What is minimised."),
    "optimizer": Key("optimizer", "How it is minimised; `adam` if left out."),
    "learning_rate": Key("null|float>0|schedule", "A number or a schedule; the optimizer's own default if left out."),
    "batch_size": Key("int>=1", "Examples a step."),
    "epochs": Key("int>=1", "Passes over the training examples."),
    "shuffle": Key("bool", "Whether each epoch visits the examples in an order of its own."),
    "metrics": Key(
        "null|metric|list(metric)", "What is watched while training; `evaluate` computes the full table anyhow."
    ),
    "monitor": Key(
        "null|str", "The number that tells which epoch is best; `val_loss` if there is validation, else `loss`."
    ),
    "mode": Key("'auto'|'min'|'max'", "Whether a smaller or a larger monitored number is better."),
    "early_stopping": Key("null|int>=1", "A patience in epochs, or a map of keys: when to stop before the last epoch."),
    "augment": Key(
        "null|list(layer;0..50)",
        "Keras's augmentation layers: random changes to the training images only, and by `mix_up` and `cut_mix` to their labels.",
    ),
    "precision": Key(
        "'float32'|'mixed_bfloat16'|'mixed_float16'|'auto'",
        "The type of the products, weights stay float32; `auto` takes bfloat16 where that is known to be faster and safe.",
    ),
    "init_from": Key("null|path", "A run or a `.keras` file: its weights are where training begins."),
    "max_time": Key(
        "null|float>0|str", "Seconds, or `90s`, `10m`, `2h`: training ends at the first epoch or step after it."
    ),
    "checkpoint": Key(
        "float>=0", "A map of keys: how often the state that resumes is written, beside the ends of the epochs."
    ),
    "tensorboard": Key("bool", "Write scalars and histograms for TensorBoard into the run, each epoch."),
    "class_weight": Key(
        "null|'balanced'",
        "How much an example counts: `balanced`, n / (classes that occur x examples of its class); or a factor by class.",
    ),
    "xla": Key(
        "'auto'|'update'|bool",
        "Compile whole steps with XLA, the optimizer's `update` alone, or neither; `auto` goes by the layers and the work.",
    ),
}
CHECKPOINT = {
    "every_seconds": Key(
        "float>=0", "Seconds between two checkpoints, or longer where they would take 2 % of the time; 0: each call."
    ),
}
EARLY_STOPPING = {
    "patience": Key("int>=1", "Epochs without an improvement after which training ends."),
    "min_delta": Key("float>=0", "The least change that counts as an improvement."),
    "start_from_epoch": Key("int>=0", "Epochs to wait before the first comparison."),
    "baseline": Key("null|float", "What the first epochs must beat."),
    "monitor": Key("str", "The same as `train.monitor`."),
    "mode": Key("'auto'|'min'|'max'", "The same as `train.mode`."),
}
