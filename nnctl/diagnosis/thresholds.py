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

# --- The outcome ------------------------------------------------------------------------------------------------------
HALFWAY = 0.5  # of the way from the trivial score to the best baseline: the gate of the debugging record
POINTS = 0.05  # of a share: what a planted fault must cost to count, and so what a fix must win back
LOSS_FACTOR = 1.5  # of unexplained variance: the same for numbers

# --- The probes -------------------------------------------------------------------------------------------------------
INITIAL_LOSS = 1.0  # how much higher than expected, as a share: TheDeepChecker's "dev_ratio"
RATE_RATIO = (
    3.0  # between the rate asked for and the one that learns fastest: a range test cannot tell closer (proposed)
)
VANISHING = 1e-3  # first over last gradient: AutoTrainer's beta_1
EXPLODING = 70.0  # the same: AutoTrainer's beta_2
DEAD_UNITS = 0.5  # of a layer: TheDeepChecker
SATURATED_UNITS = 0.5  # of a layer: TheDeepChecker
INFERENCE_GAP = 1.5  # of losses: TheDeepChecker has 0.5 more
INPUT_GAIN = 0.05  # share by which real labels must do better than shuffled ones: TheDeepChecker tests ranks (proposed)
UPDATE_LEAST, UPDATE_MOST = -5.0, -0.7  # decimal logarithm: TheDeepChecker has -4 and -1, which healthy networks leave
WIDE = 64  # units from which on a dense layer is not what is missing (proposed)
USUAL_BATCH = 128  # examples: larger ones than the common 32 to 128
NEARLY = 0.8  # of the best gain: fixes that win this much are as good as each other within a short trial (proposed)
