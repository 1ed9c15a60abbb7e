"""Every number that a rule compares with, and where it comes from."""

# --- The data ---------------------------------------------------------------------------------------------------------
LARGE_PIXELS = (
    10.0  # largest input of an image network; DeepDiagnosis asks for [-1, 1], which standardised images break
)
LARGE_INPUT = 50.0  # largest input of a table: far outside what standardising leaves of heavy tails (proposed)
FEATURE_RATIO = (
    100.0  # largest over least deviation of a feature: the condition number of the problem is its square (proposed)
)
FEATURE_OFFSET = (
    10.0  # |mean| / deviation of a feature: LeCun et al. 1998, Efficient BackProp, 4.3, asks for means near 0
)
TINY_DEVIATION = (
    0.02  # of all inputs: divided by 255 twice, pixels have 0.0012 (TheDeepChecker's "double normalisation")
)
SPLIT_RATIO = (
    3.0  # deviation of test's inputs over train's, either way: deepchecks' drift of several deviations (proposed)
)
TARGET_DEVIATION = 100.0  # of numbers to predict; StackOverflow 52800582 has 1e8 (proposed)
TARGET_OFFSET = 10.0  # |mean| / deviation of numbers to predict
RARE_SHARE = 0.1  # rarest over commonest class: deepchecks' class imbalance
VERY_RARE_SHARE = 0.02  # a class that a majority vote hardly notices (proposed)
REPEATED_SHARE = 0.05  # of rows that stand twice: deepchecks
LEAKED_SHARE = 0.05  # of test rows that stand in train: deepchecks
LEAKED_ROWS = 5  # at least: one of iris's thirty test rows equals a training row by nature
CONFLICTING_SHARE = 0.01  # of rows of which an equal one has another label: deepchecks has 0, and rounding makes some
PURE_SHARE = 0.8  # of batches with one class only: the order is sorted (debugging record, C04)
FEW_EXAMPLES = 50  # training examples, below which splits are a lottery (spaCy warns below 100)
CHANCE_SIGMAS = 2.0  # a score within two standard errors of the trivial one is no better
