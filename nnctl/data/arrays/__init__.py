"""Files of arrays: npz, IDX, pickles of CIFAR."""
