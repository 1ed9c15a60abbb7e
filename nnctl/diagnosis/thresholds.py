"""Every number that a rule compares with, and where it comes from.

`proposed` is nnctl's own: chosen on the open half of the suite in tests/bench/debugging, and measured on the rest, as the guide
`debugging` tells. Papers and tools that a name stands for are in topics/prose/reference.yaml.
"""

# --- Heads, losses and labels -------------------------------------------------------------------------------------------
# From here on a loss that is a mean over the outputs has a gradient too small for plain SGD (proposed).
MANY_CLASSES = 10
SMOOTHING = 0.1  # of labels: Szegedy et al. 2016
SMOOTHED = 0.5  # of label smoothing: half of the target says nothing

# --- Architecture -------------------------------------------------------------------------------------------------------
DEEP_SIGMOID = 4  # sigmoid layers in a row (proposed)
# A sigmoid's slope is 1/4 at most: 1/1024 is left of the gradient; AutoTrainer's corpus has 9 to 13.
TOO_DEEP_SIGMOID = 5
DEEP_TANH = 8  # tanh layers in a row (proposed)
WIDE = 32  # units to propose where there are too few: the starters of `nnctl init` have 32 for small tables
NARROW = 4  # units: a hidden layer narrower than the classes and than this holds them back (proposed)
# Deviation of the first weights over He's sqrt(2 / fan_in), either way (proposed; TheDeepChecker's 2.7, of variances, flags
# glorot_uniform before relu).
INITIAL_RATIO = 5.0
UNIFORM_VARIANCE = 12.0  # the variance of a uniform distribution is its width squared over 12
FAR_BIAS, FARTHEST_BIAS = 3.0, 10.0  # deviations of inputs of 1 that a first bias outweighs (proposed)
# Of a unit's weights: he_normal has 1.4, Srivastava et al. 2014 bound it by 3 and 4 (proposed).
SMALL_NORM, TINY_NORM = 0.5, 0.1
LOST_SIGNAL = 1e-4  # of the input's deviation that reaches the head (proposed)
WEIGHTS_PER_EXAMPLE = 50  # weights over training examples (proposed)
LARGE_DENSE = 20_000_000  # weights of one dense layer (proposed)

# --- Regularisation -----------------------------------------------------------------------------------------------------
CLASSIC_DROPOUT = 0.5  # Srivastava et al. 2014
MILD_DROPOUT, SLIGHT_DROPOUT = 0.3, 0.2  # what to propose
HIGH_DROPOUT = 0.7  # UMLAUT warns above 0.5, which is classic (proposed)
EXTREME_DROPOUT = 0.9  # one unit in ten is left (proposed)
KEPT = 0.15  # product of the shares that several dropouts keep (proposed)
FEW_KEPT = 0.07  # four dropouts of 0.5
MANY_UNITS = 100  # units that a dropout leaves on average: so many carry a signal, whatever the rate (proposed)
KEPT_UNITS = 2.0  # units that a dropout leaves on average: below, the network often has nothing to go by (proposed)
SOUGHT = 2.0  # a squared error's gradient, over the deviations of input and target: its derivative's factor
L2, LARGE_L2 = 1e-2, 3e-2  # TheDeepChecker plants 0.1; Keras's own default of 0.01 costs a few points at most
L1, LARGE_L1 = 1e-3, 5e-3  # the gradient of l1 does not fade as weights get small
MILD_L2 = 1e-4  # what to propose: TheDeepChecker's clean networks
USUAL_BATCH = 32  # Masters and Luschi 2018
QUICK_MOMENTUM = 0.9  # of the moving averages: a tenth of what is new in each step
SMALL_BATCH, TINY_BATCH = 8, 4  # under batch normalisation: Wu and He 2018, Group Normalization, figure 1

# --- Learning rate, epochs, batches, optimizer --------------------------------------------------------------------------
# The rates of each optimizer stand in the catalogue: `nnctl.spec.catalogue.traits.Rates`.

# Rate / (1 - momentum): 0.3 and 0.5 with momentum 0.9 (proposed).
MOMENTUM_MOST, MOMENTUM_HIGHEST = 3.0, 5.0
FEW_UNITS = 32  # inputs of a unit from which on these bounds hold: the width of the starters (proposed)
WARMED = 3.0  # times the rate that steps bear after a warm-up: Smith and Topin 2018, figure 1, and Goyal et al. 2017 have more
# Squared gradients that Adagrad begins with; Keras has 0.1, and steps are divided by its root (proposed).
ACCUMULATED = 10.0
GREAT_MOMENTUM = 0.99  # Sutskever et al. 2013, section 3: 0.9 to 0.99 for stochastic gradients
FEW_STEPS = 100  # of a whole training (proposed)
STEPS_AN_EPOCH = 5  # fewer are a batch too large for the data (proposed)
MANY_EXAMPLES = 1000  # for a batch of one (proposed)
SOME_EXAMPLES = 200  # for a batch of nearly all: what is smaller may well be one batch (proposed)
FEW_STEPS_TRAVEL = 10.0  # times the least travel: few steps are enough if each goes far (proposed)
CLIP_VALUE = 1e-3  # (proposed)
CLIP_NORM = 1e-2  # 1.0 is usual (Pascanu et al. 2013)
TINY_EPSILON = 1e-10  # TheDeepChecker plants 1e-16
LARGE_EPSILON = 0.1  # Keras's Adam says that 0.1 or 1.0 suited Inception: the optimizer is plain momentum then
SGD_DECAY = 0.05  # of weights, each step times the rate; 5e-4 is usual (He et al. 2016)
ADAPTIVE_DECAY = 1.0  # AdamW's is up to 0.3 in practice (Dosovitskiy et al. 2021)
DECAYED = 1e-3  # of the base rate, reached before half of the training is over (proposed)
HALF_LIFE = 0.5  # a moving average that still holds half of its first value says little of the weights
PATIENCE = 5  # epochs: nnctl's own default
HELD_OUT = 0.1  # of the training examples: nnctl's own starters
STOPPING_DELTA = 0.1  # of a loss or an accuracy: most epochs gain less
CLASS_WEIGHTS = 1000.0  # largest over least factor; balanced factors of one in a thousand have it
UNLIKE_WEIGHTS = 100.0  # the same, where a trial must tell (proposed)
# The same, where they leave what the classes count for less even than their examples do (proposed).
UNEVEN_WEIGHTS = 20.0

# Of pictures: grey, colour, with transparency; and no picture that is worth reading is narrower (proposed).
CHANNELS, LEAST_SIDE = (1, 3, 4), 8
PADDED = 0.33  # of a sequence, at its end (proposed)
SMOOTHER = 1.2  # times the correlation of neighbouring pixels, once they are read in the right order (proposed)
USUAL_KERNEL = 3  # Simonyan and Zisserman 2015
CHANNELS_LAST = (2, 3, 1)  # the axes of such an example, from 1, in the order in which layers for images take them

# --- The data ---------------------------------------------------------------------------------------------------------
# Largest input of an image network; DeepDiagnosis asks for [-1, 1], which standardised images break.
LARGE_PIXELS = 10.0
LARGE_INPUT = 50.0  # largest input of a table: far outside what standardising leaves of heavy tails (proposed)
# Largest over least deviation of a feature: the condition number of the problem is its square (proposed).
FEATURE_RATIO = 100.0
# |mean| / deviation of a feature: LeCun et al. 1998, Efficient BackProp, 4.3, asks for means near 0.
FEATURE_OFFSET = 10.0
# Of all inputs: divided by 255 twice, pixels have 0.0012 (TheDeepChecker's "double normalisation").
TINY_DEVIATION = 0.02
# Deviation of test's inputs over train's, either way: deepchecks' drift of several deviations (proposed).
SPLIT_RATIO = 3.0
TARGET_DEVIATION = 100.0  # of numbers to predict; StackOverflow 52800582 has 1e8 (proposed)
TARGET_OFFSET = 10.0  # |mean| / deviation of numbers to predict
RARE_SHARE = 0.1  # rarest over commonest class: deepchecks' class imbalance
VERY_RARE_SHARE = 0.02  # a class that a majority vote hardly notices (proposed)
TEST_ROWS = 30  # of fewer test rows, chance tells too much to compare them with train (proposed)
SHIFTED = 0.2  # total variation of the classes' shares in train and test, beyond chance (proposed)
REPEATED_SHARE = 0.05  # of rows that stand twice: deepchecks
MOSTLY_REPEATED = 0.5  # of rows: there are less than half as many examples as it seems (proposed)
LEAKED_SHARE = 0.05  # of test rows that stand in train: deepchecks
LEAKED_ROWS = 5  # at least: one of iris's thirty test rows equals a training row by nature
TOLD = 0.7  # of a feature's variance by the labels in train: deepchecks' predictive power
TOLD_LESS = 0.3  # by how much less in test: deepchecks has 0.2, which few test rows miss by chance
CONFLICTING_SHARE = 0.01  # of rows of which an equal one has another label: deepchecks has 0, and rounding makes some
PURE_SHARE = 0.8  # of the way from random batches to batches of one class each (proposed)
FEW_OF_A_CLASS, FEWEST_EXAMPLES = 10, 20  # training examples: fewer tell what a class looks like by luck (proposed)
FEW_EXAMPLES = 50  # training examples, below which splits are a lottery (spaCy warns below 100)
CHANCE_SIGMAS = 2.0  # a score within two standard errors of the trivial one is no better

# Labels that are wrong in part. Of two models that agree beyond chance, in the surest third of what both say: on the data sets of
# scikit-learn and MNIST the share of labels that say otherwise is at most 0.07 (0.13 where the classes overlap), and nearly that
# of the doubtful third where labels were shuffled (proposed).
LOST = 0.15  # of the answers of neighbours, by what a layer is fed and by what it gives (proposed)
TOLD_APART = 0.95  # of a model's answers: nearly all labels are right
NO_MORE = 0.1  # of what there is to tell: a model that tells no more tells nothing (proposed)
MODELS_AGREE, WRONG_LABELS, AS_SURE = 0.6, 0.2, 0.6
SLIPPED_SIGMAS = 5.0  # of a mean over a stretch, of which there are hundreds to choose from, a hundred times (proposed)
WRONG_STRETCH = 0.3  # of the labels of a tenth of the file, beyond the usual (proposed)

# Words for what was not measured: of SPSS, R, ArcGIS, and of those who type them (proposed).
SENTINELS = (
    99,
    999,
    9999,
    99999,
    999999,
    9999999,
    77,
    777,
    88,
    888,
    8888,
    7777,
    998,
    9998,
    1e10,
    1e30,
    32767,
    32768,
    2147483647,
)
NAMED = 3  # columns, or classes, that a sentence names
FEW_COLUMNS = 100  # of a table: of wider ones no single column says much (proposed)
STEPS = 24  # groups of as many examples, into which a column is cut: the hours of a day, twice the months (proposed)
CODES = 50  # different whole numbers that may be names (proposed)
# By how much units of one quantity differ, the commonest first: powers of ten; inches, pounds, miles, feet, months, hours,
# minutes, bytes, joules.
UNIT_FACTORS = (10, 100, 1_000, 10_000, 1e6, 2.54, 25.4, 2.2046, 1.6093, 3.2808, 12, 24, 60, 3_600, 1_024, 4.184)
UNIT_ROWS, UNIT_NEAR, UNIT_CHANCE = (
    20,
    0.1,
    0.01,
)  # of a group; of the logarithm of the factor; of a difference by chance
FEW_VALUES, BLURRED_SHARE = 7, 0.1  # of all inputs; of examples that equal one with another label (proposed)
# Widths of the middle half: of a thousand normal numbers the farthest is 2.4 away, of lognormal ones of deviation 1 about 17.
FAR_HALVES, FEW_FAR = 30.0, 0.05  # and of the examples (proposed)
FAR_DEVIATIONS = (
    10.0  # of a column: of a thousand normal numbers the farthest is 3.3 away, of exponential ones 6 (proposed)
)
SENTINEL_ROWS = 5  # examples that have one, and other values that there are at least
SENTINEL_FAR = 1.0  # times the range of all other values, from the nearest of these
EXPLAINED = 3.0  # by how much a difference of two splits shrinks once what explains it is undone (proposed)
SEEN_OFTEN = 20  # times on average that each index occurs in both splits, so that both ends of the range are seen
RELATED = 0.3  # a correlation: "medium", Cohen 1988
DRIFTED = 0.3  # of the statistic of Kolmogorov and Smirnov; deepchecks warns from 0.2 on

TWINS = 20  # held-out examples of two classes, at least, to say that nothing tells them apart
TWINS_APART = 0.75  # of what has one of two classes and of what is answered as one: as much is both (proposed)
EXCHANGED, EXCHANGED_GAIN = 0.6, 0.2  # right answers in the order that explains them best; what that adds (proposed)
EXCHANGED_KAPPA = 0.4  # their agreement beyond chance: "moderate" begins here (Landis and Koch 1977)
TWINS_KAPPA, AGREEMENT = 0.2, 0.6  # "slight" up to, "substantial" from: Landis and Koch 1977

# --- The outcome ------------------------------------------------------------------------------------------------------
HALFWAY = 0.5  # of the way from the trivial score to the best baseline (proposed)
POINTS = 0.05  # of a share: what a planted fault must cost to count, and so what a fix must win back
LOSS_FACTOR = 1.5  # of unexplained variance: the same for numbers

# --- The probes -------------------------------------------------------------------------------------------------------
INITIAL_LOSS = 1.0  # how much higher than expected, as a share: TheDeepChecker's "dev_ratio"
# Between the rate asked for and the one that learns fastest: a range test cannot tell closer (proposed).
RATE_RATIO = 3.0
VANISHING = 1e-3  # first over last gradient: AutoTrainer's beta_1
EXPLODING = 70.0  # the same: AutoTrainer's beta_2
DEAD_UNITS = 0.5  # of a layer: TheDeepChecker
SATURATED_UNITS = 0.5  # of a layer: TheDeepChecker
INFERENCE_GAP = 1.5  # of losses: TheDeepChecker has 0.5 more
INPUT_GAIN = 0.05  # share by which real labels must do better than shuffled ones: TheDeepChecker tests ranks (proposed)
UPDATE_LEAST, UPDATE_MOST = -5.0, -0.7  # decimal logarithm: TheDeepChecker has -4 and -1, which healthy networks leave
NARROW_LAYER = 64  # units from which on a dense layer is not what is missing (proposed)
LARGE_BATCH = 128  # examples: larger ones than the common 32 to 128
NEARLY = 0.8  # of the best gain: fixes that win this much are as good as each other within a short trial (proposed)
NARROWER = 8  # times fewer units, where there may be too many (proposed)
WIDER, LONGER = 4, 10  # times the units and the epochs, where there may be too few: enough to see whether they are
YARDSTICK_ROWS = 1_500  # that the baselines are measured on
TINY = 1e-12  # what is divided by in the place of 0
OUT_OF_REACH = 0.02  # of the range of the targets: a trifle beyond a bound costs a trifle (proposed)
UNEVEN = 0.2  # rarest over commonest class from which on one answer is a matter of their number (proposed)
NEARLY_ALL = 0.99  # of answers (proposed)

# --- Trainings --------------------------------------------------------------------------------------------------------
DIVERGING, DIVERGING_EPOCHS = 2.0, 5  # loss over its least so far, for so many epochs: TheDeepChecker
DIVERGED_START = 1.5  # loss over that of the first epoch (proposed)
FLAT, FLAT_EPOCHS, FLAT_STEPS = 0.01, 3, 200  # relative fall within that many epochs and steps (proposed)
SLOW = 0.2  # relative fall of the loss over a whole training that falls all the time (proposed)
STEADY = 0.9  # share of epochs in which the loss falls (proposed)
SWING, SWINGING = 0.03, 0.2  # of an accuracy, and in what share of epochs: AutoTrainer
SWING_SIGMAS = 3.0  # standard errors of a share that a swing must exceed (proposed)
SOME_EPOCHS = 10  # epochs from which on their course says something: AutoTrainer
PLATEAU = 1e-4  # relative fall of the least loss in the last third (proposed)
THIRD = 3
STILL_FALLING = 0.02  # relative fall of the loss in the last fifth of the epochs: what trials take for falling
FIFTH = 5
MORE_EPOCHS = 3  # times as many (proposed)
LOOKS = 3  # in a row (proposed)
EXPLODED = 1000.0  # gradient over its median (proposed)
OVERFIT_PATIENCE = 5  # epochs after the best one (proposed)
OVERFIT_EXAMPLES = 200  # held out (proposed)
OVERFIT_SHARE, OVERFIT_LOSS, OVERFIT_FALL = 0.7, 1.2, 0.2  # best epoch, growth of val_loss, fall of loss: D10
OVERFIT_GAP, HIGH_GAP, HIGH = 0.10, 0.07, 0.9  # of accuracies; above 0.9 the smaller: AutoTrainer
SMALL_GAP = 0.05  # of accuracies: train and validation say the same (proposed)
ONE_ANSWER, MAJORITY = 0.95, 0.8  # shares (proposed)
BETTER_HELD = 0.05  # of accuracies, after epoch 3 (proposed)
UNLIKE = 0.2  # of accuracies: test after validation (proposed)
UNLIKE_SIGMAS = 3.0  # standard errors of their difference (proposed)
DISAGREEING = 0.5  # correlation of loss and metric: TheDeepChecker
PENALTY = 5.0  # penalties over loss (proposed)
NO_BETTER = 0.01  # of an accuracy above the commonest answer (proposed)
LESS = 10.0  # by which a rate is divided that overshoots, or multiplied where it crawls
