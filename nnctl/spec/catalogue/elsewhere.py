"""What keys and arguments of a spec are called in Keras, PyTorch and scikit-learn, and what is said of those it has not."""

from collections.abc import Mapping

from nnctl.spec.catalogue.calls import SHAPES
from nnctl.spec.catalogue.foreign import fold_foreign

NO_SHAPE = "leave it out: the shape comes from the data"
# Keys of other programs, by what is said of them; a single path says where the value goes.
ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(
        ("validationsplit", "valsplit", "validationdata", "val", "validationsize", "valsize"), "data.validation"
    ),
    **dict.fromkeys(("testsplit", "testsize", "testdata"), "data.test"),
    **dict.fromkeys(("lr", "rate", "stepsize", "eta", "learningrateinit"), "train.learning_rate"),
    **dict.fromkeys(("epoch", "nbepoch", "nepochs", "numepochs", "maxepochs", "maxiter", "iterations"), "train.epochs"),
    **dict.fromkeys(("batch", "bs", "batches", "minibatch"), "train.batch_size"),
    **dict.fromkeys(("optim", "solver", "optimiser"), "train.optimizer"),
    **dict.fromkeys(("lossfn", "lossfunction", "criterion", "objective", "cost"), "train.loss"),
    **dict.fromkeys(("scheduler", "lrscheduler", "schedule", "learningrateschedule"), "train.learning_rate"),
    **dict.fromkeys(("augmentation", "augmentations", "dataaugmentation"), "train.augment"),
    **dict.fromkeys(("metric",), "train.metrics"),
    **dict.fromkeys(("classweights",), "train.class_weight"),
    **dict.fromkeys(("earlystop", "earlystopping"), "train.early_stopping"),
    **dict.fromkeys(("pretrained", "weights", "initialweights"), "train.init_from"),
    **dict.fromkeys(("randomstate", "randomseed"), "seed"),
    **dict.fromkeys(("network", "net", "architecture"), "model"),
    **dict.fromkeys(("training", "compile", "fit"), "train"),
    **dict.fromkeys(("sequential", "layer", "stack", "modules", "layerlist"), "model.layers"),
    **dict.fromkeys(("dataset", "datasource", "file", "filename", "csv", "trainset"), "data.source"),
    **dict.fromkeys(("normalize", "normalise", "normalization", "standardize", "rescale"), "data.scale"),
    **dict.fromkeys(("samples", "limit", "nsamples"), "data.subset"),
}
SAID: Mapping[str, str] = {
    **{fold_foreign(name): NO_SHAPE for name in SHAPES},
    **dict.fromkeys(("inputs", "input", "inputlayer"), NO_SHAPE),
    **dict.fromkeys(
        ("outputs", "output", "classes", "numclasses"), "the last layer's `units` say how many outputs there are"
    ),
    "callbacks": "early stopping is `early_stopping: {patience: 3}` in `train`, a rate that falls is "
    "`learning_rate: reduce_lr_on_plateau`; checkpoints and a log are always written",
    "verbose": "leave it out: `nnctl train -q` shows less",
    "decay": "a rate that falls is `learning_rate: {exponential_decay: {...}}` in `train`; decay of weights is "
    "`optimizer: {adamw: {weight_decay: 0.004}}`",
    "device": "leave it out: a GPU is used where TensorFlow finds one",
    "gpu": "leave it out: a GPU is used where TensorFlow finds one",
    **dict.fromkeys(("workers", "numworkers", "njobs", "usemultiprocessing"), "leave it out: nnctl chooses it"),
    **dict.fromkeys(
        ("hiddenlayersizes", "hiddenlayers", "hiddenunits", "hiddensizes"),
        "each hidden layer is one of `layers`: `- dense: {units: 100, activation: relu}`",
    ),
    **dict.fromkeys(("compile", "fit"), "put what it takes under `train:`"),
    "alpha": "scikit-learn's `alpha` is a layer's `kernel_regularizer: {l2: 0.0001}`",
    "type": "leave it out: a model is its `layers`, in order",
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "units": (
        "neurons",
        "nodes",
        "hiddenunits",
        "numunits",
        "outfeatures",
        "hiddensize",
        "size",
        "n",
        "unit",
        "outputdim",
    ),
    "activation": ("act", "activationfunction", "nonlinearity", "func"),
    "kernel_size": ("kernel", "filtersize", "ksize", "size"),
    "filters": ("channels", "outchannels", "features", "numfilters", "filter", "units"),
    "strides": ("stride", "step"),
    "pool_size": ("pool", "kernelsize", "size", "kernel"),
    "rate": ("p", "prob", "probability", "ratio", "dropout", "dropoutrate", "keepprob"),
    "use_bias": ("bias",),
    "kernel_initializer": ("init", "initializer", "kernelinit", "weightinit"),
    "kernel_regularizer": ("reg", "regularizer", "weightregularizer", "regularization"),
    "epsilon": ("eps",),
    "input_dim": ("numembeddings", "vocabsize", "vocab", "inputsize"),
    "output_dim": ("embeddingdim", "embedding", "units", "dim"),
    "target_shape": ("shape", "size"),
    "beta_1": ("beta1",),
    "beta_2": ("beta2",),
}
