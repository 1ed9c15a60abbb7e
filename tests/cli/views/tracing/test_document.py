import json
from dataclasses import replace

import numpy as np

from nnctl.cli.views.tracing.document import document, list_numbers
from nnctl.engine.tracing.values import Traced

from .test_forward import FORWARD, LAYER, LOSS


def test_it_is_json_with_every_number_of_a_small_network() -> None:
    told = json.loads(json.dumps(document(Traced("and", False, FORWARD)), allow_nan=False))
    assert told["subject"] == "and"
    assert told["forward"]["units"][0]["weights"] == [0.5, -0.25]
    assert told["forward"]["layers"][0]["values"] == [0.62245933]
    assert told["forward"]["loss"]["steps"] == ["-log(1 - 0.6224593)", "0.97408"]


def test_what_is_not_finite_is_null_and_a_large_array_is_left_out() -> None:
    assert list_numbers(np.array([1.0, np.nan, np.inf])) == [1.0, None, None]
    assert list_numbers(np.zeros(1001)) is None
    lost = replace(FORWARD, layers=(replace(LAYER, output=np.array([np.nan])),), loss=replace(LOSS, value=float("nan")))
    json.dumps(document(Traced("and", False, lost)), allow_nan=False)
