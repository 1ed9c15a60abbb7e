"""What is read from outside, and how much of it at most.

Everything that somebody else may have written has a bound here, and is refused by its size, or as soon as it proves to be more,
before memory or a disk is full of it; the message names the bound. What fills the memory by design (arrays, pictures, tables)
is compared with what is free (`nnctl.data.memory.available`) by what its header declares, after it was compared with what the
file can hold. How large a model may be is said where models are let in (`nnctl.models`).
"""

KIB, MIB, GIB = 2**10, 2**20, 2**30

# A spec is a page or two. What is larger is a mistake or an attack (a megabyte of YAML takes PyYAML 13 s).
SPEC = 256 * KIB
REFERENCES = 64  # variables whose values refer to one another in a row

# A run's files.
MANIFEST = 4 * MIB  # a run that is scored often has a few thousand bytes
HISTORY = 64 * MIB  # a row of 20 numbers for each of 300,000 epochs
HISTORY_COLUMNS = 1_000  # numbers of an epoch
DIAGNOSTICS = 64 * MIB  # 50 layers, ten thousand times
TABLE_COLUMNS = 64 * MIB  # how the columns of a table became numbers
INPUTS = 16 * MIB  # a name for each of many thousand classes
SCALING = 256 * MIB  # a mean and a variance for each number of a large picture
SCORES = 64 * MIB
PREDICTIONS = 256 * MIB  # ten numbers for each of two million examples
STATE = 64 * MIB  # a SHA256SUMS or a JSON file of a checkpoint: a history of 200,000 epochs
MODEL_MEMBERS = 64 * KIB  # bytes of a model file's list of members: Keras's three take 200
RUN_FILE = 64 * GIB  # a file of a run whose checksum is compared; more weights than one machine trains
FOLDERS, DEEP = 10_000, 32  # folders of one run, and in each other: checkpoints and scores are a few dozen

# What predictions are asked for. A million rows of 60 characters, or MNIST's test images as float64: the temporary folder may
# lie in memory, and what comes out of a pipe may have no end.
STREAM = 64 * MIB
STDIN_FILE = GIB  # of a regular file that is redirected to the standard input: it has an end, and a name to be read by

# A table.
LINE = 1 << 24  # characters: a file without line ends would be read as a whole
COLUMNS = 100_000  # twice what the genes of a human are
WORDS = 1 << 28  # characters of the different texts of all columns: categories have names, not contents

# What `check` reads of the labels, beside a second: a label each for eight million examples as int64.
LABELS = 64 * MIB

# Pictures.
IMAGE_SIDE = 65_535  # pixels: JPEG has no more (ITU-T T.81, B.2.2), and 1 x 89,000,000 is no picture
IMAGE_TABLE = 128 * MIB  # paths and labels of two million images
IMAGE_COLUMNS = 1_000  # of such a table
IMAGE_FOLDERS = 64  # in each other

# Arrays.
ARRAYS = 10_000  # in one npz file
CIFAR_FILE = 1 << 28  # bytes: CIFAR-100's largest has 155 million
CIFAR = GIB  # bytes of an archive, unpacked
PICKLE = 4_000_000  # instructions: CIFAR-100's have half a million

# Downloads have their own sizes: `nnctl.data.download.Remote`.
