"""What components and keys are called elsewhere: in PyTorch, scikit-learn, JAX and Flax, in Keras's Python, and in short.

The one table of such names: what a misspelt name may mean, `nnctl explain` and the reader of Python calls go by it. `{n}` stands
for the number of axes that the data have: 2 for images, 1 for sequences.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nnctl.spec.catalogue.entries import find_entry


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a name of another library means here.

    Attributes:
        name: the component's name, as YAML has it.
        takes: the arguments here that its positional ones there are, in their order; an empty text for one that is not needed
            here, as the number of inputs, which the layer in front tells.
        words: arguments here by their names there.
    """

    name: str
    takes: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


# https://pytorch.org/docs/stable/nn.html, https://pytorch.org/docs/stable/optim.html
_CONV = Foreign(
    "conv{n}d",
    ("", "filters", "kernel_size", "strides"),
    (("in_channels", ""), ("out_channels", "filters"), ("stride", "strides"), ("bias", "use_bias")),
)
_LINEAR = Foreign("dense", ("", "units"), (("in_features", ""), ("out_features", "units"), ("bias", "use_bias")))
_POOL = (("stride", "strides"), ("kernel_size", "pool_size"))
_NORM = Foreign("batch_normalization", ("",), (("num_features", ""), ("eps", "epsilon")))


def _recur(name: str) -> Foreign:
    return Foreign(name, ("", "units"), (("input_size", ""), ("hidden_size", "units")))


_LAYERS: Mapping[str, Foreign] = {
    "linear": _LINEAR,
    "lazylinear": Foreign("dense", ("units",)),
    **dict.fromkeys(("fc", "fullyconnected", "affine", "hidden", "denselayer"), Foreign("dense")),
    **{f"conv{n}d": _CONV for n in "123"},
    **dict.fromkeys(("conv", "convolution", "convolutional", "cnn"), Foreign("conv{n}d")),
    **dict.fromkeys(
        ("maxpool", "maxpooling", "pool", "pooling"), Foreign("max_pooling{n}d", ("pool_size", "strides"), _POOL)
    ),
    **{f"maxpool{n}d": Foreign("max_pooling{n}d", ("pool_size", "strides"), _POOL) for n in "123"},
    **dict.fromkeys(
        ("avgpool", "averagepool", "meanpool"), Foreign("average_pooling{n}d", ("pool_size", "strides"), _POOL)
    ),
    **{f"avgpool{n}d": Foreign("average_pooling{n}d", ("pool_size", "strides"), _POOL) for n in "123"},
    **dict.fromkeys(("gap", "globalavgpool", "globalaveragepooling"), Foreign("global_average_pooling{n}d")),
    **dict.fromkeys(("globalmaxpool", "globalmaxpooling"), Foreign("global_max_pooling{n}d")),
    **{f"adaptiveavgpool{n}d": Foreign("global_average_pooling{n}d", ("",)) for n in "123"},
    **{f"batchnorm{n}d": _NORM for n in "123"},
    **dict.fromkeys(("bn", "batchnorm"), Foreign("batch_normalization")),
    **dict.fromkeys(("ln", "layernorm"), Foreign("layer_normalization", ("",))),
    "groupnorm": Foreign("group_normalization", ("groups", "")),
    **{f"dropout{n}d": Foreign("spatial_dropout{n}d", ("rate",), (("p", "rate"),)) for n in "123"},
    **dict.fromkeys(("dropout", "drop", "do"), Foreign("dropout", ("rate",), (("p", "rate"),))),
    "rnn": _recur("simple_rnn"),
    "lstm": _recur("lstm"),
    "gru": _recur("gru"),
    **dict.fromkeys(("bilstm", "bidirectionallstm"), Foreign("bidirectional")),
    "embedding": Foreign(
        "embedding", ("input_dim", "output_dim"), (("num_embeddings", "input_dim"), ("embedding_dim", "output_dim"))
    ),
    "embed": Foreign("embedding", ("input_dim", "output_dim")),
    "convtranspose2d": Foreign("conv2d_transpose", _CONV.takes, _CONV.words),
    **dict.fromkeys(("upsample", "upsampling"), Foreign("up_sampling{n}d", ("size",), (("scale_factor", "size"),))),
    **dict.fromkeys(("zeropad", "zeropadding", "pad", "padding"), Foreign("zero_padding{n}d")),
    **dict.fromkeys(("rescale", "scale"), Foreign("rescaling")),
    **dict.fromkeys(("view", "unflatten"), Foreign("reshape")),
    **dict.fromkeys(("flat", "flattenlayer", "ravel"), Foreign("flatten")),
}
_OPTIMIZERS: Mapping[str, Foreign] = {
    **dict.fromkeys(("gd", "gradientdescent", "momentum", "stochasticgradientdescent"), Foreign("sgd")),
    "rms": Foreign("rmsprop"),
}
_LOSSES: Mapping[str, Foreign] = {
    **dict.fromkeys(
        (
            "crossentropyloss",
            "softmaxcrossentropy",
            "nllloss",
            "categoricalcrossentropyloss",
            "softmaxcrossentropywithlogits",
        ),
        Foreign("sparse_categorical_crossentropy"),
    ),
    **dict.fromkeys(("crossentropy", "logloss", "xent", "ce", "entropy"), Foreign("sparse_categorical_crossentropy")),
    **dict.fromkeys(("bceloss", "bcewithlogitsloss", "bce"), Foreign("binary_crossentropy")),
    **dict.fromkeys(("mseloss", "l2loss", "squarederror", "l2", "meansquareerror"), Foreign("mean_squared_error")),
    **dict.fromkeys(("l1loss", "l1", "absoluteerror"), Foreign("mean_absolute_error")),
    **dict.fromkeys(("smoothl1loss", "smoothl1", "huberloss"), Foreign("huber")),
    "kldivloss": Foreign("kl_divergence"),
}
_METRICS: Mapping[str, Foreign] = {
    **dict.fromkeys(("f1", "fscore", "f1measure"), Foreign("f1_score")),
    **dict.fromkeys(("accuracyscore", "correct"), Foreign("accuracy")),
    **dict.fromkeys(("rocauc", "rocaucscore", "auroc"), Foreign("auc")),
    **dict.fromkeys(("r2", "rsquared"), Foreign("r2_score")),
    "rmse": Foreign("root_mean_squared_error"),
    **dict.fromkeys(("sensitivity", "tpr"), Foreign("recall")),
    **dict.fromkeys(("top5", "top5accuracy", "topk"), Foreign("top_k_categorical_accuracy")),
    "l1": Foreign("mean_absolute_error"),
}
_SCHEDULES: Mapping[str, Foreign] = {
    **dict.fromkeys(("cosine", "cosineannealinglr", "cosineannealing"), Foreign("cosine_decay")),
    **dict.fromkeys(("exponential", "exponentiallr", "decay"), Foreign("exponential_decay")),
    **dict.fromkeys(("step", "steplr"), Foreign("step_decay")),
    **dict.fromkeys(("onecyclelr", "onecycle"), Foreign("one_cycle")),
    **dict.fromkeys(("plateau", "reducelronplateau"), Foreign("reduce_lr_on_plateau")),
    **dict.fromkeys(("multisteplr", "piecewise"), Foreign("piecewise_constant_decay")),
}
_ACTIVATIONS: Mapping[str, Foreign] = {
    **dict.fromkeys(("none", "identity", "null"), Foreign("linear")),
    "rectifier": Foreign("relu"),
    "logistic": Foreign("sigmoid"),
    "lrelu": Foreign("leaky_relu"),
    "swish": Foreign("silu"),
    "hyperbolictangent": Foreign("tanh"),
}
_REGULARIZERS: Mapping[str, Foreign] = {
    **dict.fromkeys(("ridge", "weightdecay"), Foreign("l2")),
    "lasso": Foreign("l1"),
    "elasticnet": Foreign("l1_l2"),
}
_INITIALIZERS: Mapping[str, Foreign] = {
    **dict.fromkeys(("xavier", "xavieruniform", "glorot"), Foreign("glorot_uniform")),
    "xaviernormal": Foreign("glorot_normal"),
    **dict.fromkeys(("he", "kaiming", "kaiminguniform"), Foreign("he_uniform")),
    "kaimingnormal": Foreign("he_normal"),
    **dict.fromkeys(("normal", "gaussian", "random"), Foreign("random_normal")),
}
FOREIGN: Mapping[str, Mapping[str, Foreign]] = {
    "layer": _LAYERS,
    "optimizer": _OPTIMIZERS,
    "loss": _LOSSES,
    "metric": _METRICS,
    "schedule": _SCHEDULES,
    "activation": _ACTIVATIONS,
    "regularizer": _REGULARIZERS,
    "initializer": _INITIALIZERS,
}
# Without Keras's `layers`, `losses` and so on: `layers.softmax` is a path of a spec as well.
_MODULES = frozenset(
    ("nn", "optim", "F", "torch", "jax", "flax", "linen", "optax", "sklearn", "tf", "tensorflow", "keras")
)
# The losses of these names go by the head: one output that says yes or no has the binary one.
ENTROPIES = frozenset(name for name, known in _LOSSES.items() if known.name == "sparse_categorical_crossentropy")


def find_foreign(family: str, written: str, axes: int = 2) -> Foreign | None:
    """What a name of another library means in a family; `axes`: how many the data have beside their channels."""
    name = fold_foreign(written)
    found = FOREIGN.get(family, {}).get(name)
    if found is None:
        return None
    digit = name[-2] if name[-1:] == "d" and name[-2:-1].isdecimal() else str(axes)
    return Foreign(found.name.format(n=digit), found.takes, found.words)


def find_foreign_names(written: str) -> list[tuple[str, str]]:
    """The family and the name here of the component that a name elsewhere means first; empty where there is none."""
    found = ((family, find_foreign(family, written)) for family in FOREIGN)
    return [(family, known.name) for family, known in found if known and find_entry(family, known.name)][:1]


def is_foreign(written: str) -> bool:
    """Whether a name is surely another library's: it begins with a module's, or is PyTorch's class and no spelling here."""
    if written.partition(".")[0] in _MODULES and "." in written:
        return True
    known = any(find_entry(family, written) is not None for family in FOREIGN)
    return written[:1].isupper() and not known and fold_foreign(written) in {**_LAYERS, **_LOSSES}


def fold_foreign(written: str) -> str:
    """A name without its module, its case and what joins its words: `torch.nn.BatchNorm2d` is `batchnorm2d`."""
    return "".join(each for each in written.rpartition(".")[2].lower() if each not in "_- ()")
