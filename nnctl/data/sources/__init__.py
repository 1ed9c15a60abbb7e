"""The data sources, a file a family."""

from nnctl.data.sources import cifar, csv, fashion_mnist, idx, images, mnist, npz, scikit_learn, toys

_LISTED = (
    *(mnist.mnist, mnist.mnist_5k, cifar.cifar10, cifar.cifar100, csv.csv, fashion_mnist.fashion_mnist),
    *(idx.idx, images.images, npz.npz),
    *(scikit_learn.digits, scikit_learn.iris, scikit_learn.wine, scikit_learn.breast_cancer, scikit_learn.diabetes),
    *(toys.blobs, toys.moons, toys.circles, toys.xor, toys.spirals, toys.venn, toys.temporal_order),
    *(toys.line, toys.sine, toys.friedman),
)
SOURCES = {source.name: source for source in _LISTED}
"""Every source by its name, in the order in which lists show them."""
