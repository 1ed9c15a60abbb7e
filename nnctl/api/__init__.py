"""nnctl from Python: every verb of the command line as a function, which the command line itself calls.

`load_spec` reads a spec, `check`, `show`, `debug` and `trace` look at it, `train` trains it; `load_run` finds what was
trained, which `evaluate`, `predict`, `debug`, `trace` and `resume` take. They return values and print nothing; what goes wrong
is an error of `nnctl.errors`. Importing this package loads nothing; each name is imported when it is first asked for, and
TensorFlow, which takes seconds, when something is first trained, scored, timed, traced or debugged.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnctl.api.answers import Answers
    from nnctl.api.checking import check, parse_selection
    from nnctl.api.datasets import summarise_data
    from nnctl.api.debugging import Debugged, Standing, debug, find_rate, write_fixed, write_rate
    from nnctl.api.doctor import examine
    from nnctl.api.fixing import MendedSpec, Mending, mend, write_mended
    from nnctl.api.reference import explain, find_shelf, list_shelves
    from nnctl.api.runs import PredictedFiles, Run, evaluate, list_runs, load_run, predict
    from nnctl.api.showing import Shown, show
    from nnctl.api.specs import Overrides, Written, load_spec
    from nnctl.api.starting import SCHEMA_LINE, init, spec_schema, write_schema
    from nnctl.api.tracing import trace
    from nnctl.api.training import Loaded, load_data, resume, train
    from nnctl.data import SOURCES, Report, fetch, stock
    from nnctl.diagnosis.rule import spell_code
    from nnctl.engine.loop.observer import Observer, Progress
    from nnctl.engine.loop.timing import Timing
    from nnctl.engine.loop.training import Training
    from nnctl.engine.scoring import Evaluation
    from nnctl.engine.tracing.values import (
        Difference,
        Forward,
        Traced,
        TracedExample,
        TracedLayer,
        TracedLoss,
        TracedSlope,
        TracedUnit,
        TracedUpdate,
    )
    from nnctl.predicting.naming import Predicted
    from nnctl.runs import STATUSES, RunDirectory, find_root
    from nnctl.spec import Spec
    from nnctl.starters import TEMPLATES

__all__ = [
    "SCHEMA_LINE", "SOURCES", "STATUSES", "TEMPLATES", "Answers", "Debugged", "Difference", "Evaluation", "Forward",
    "Loaded", "MendedSpec", "Mending", "Observer", "Overrides", "Predicted", "PredictedFiles", "Progress", "Report", "Run",
    "RunDirectory", "Shown", "Spec", "Standing", "Timing", "Traced", "TracedExample", "TracedLayer", "TracedLoss",
    "TracedSlope", "TracedUnit", "TracedUpdate", "Training", "Written", "check", "debug", "evaluate", "examine", "explain",
    "fetch", "find_rate", "find_root", "find_shelf", "init", "list_runs", "list_shelves", "load_data", "load_run",
    "load_spec", "mend", "parse_selection", "predict", "resume", "show", "spec_schema", "spell_code", "stock",
    "summarise_data", "trace", "train", "write_fixed", "write_mended", "write_rate", "write_schema",
]  # fmt: skip

_HOMES = {
    "api.answers": "Answers", "api.checking": "check parse_selection", "api.datasets": "summarise_data", "api.doctor": "examine",
    "api.debugging": "Debugged Standing debug find_rate write_fixed write_rate",
    "api.fixing": "MendedSpec Mending mend write_mended",
    "api.reference": "explain find_shelf list_shelves", "api.showing": "Shown show", "api.specs": "Overrides Written load_spec",
    "api.runs": "PredictedFiles Run evaluate list_runs load_run predict",
    "api.starting": "SCHEMA_LINE init spec_schema write_schema", "api.tracing": "trace",
    "api.training": "Loaded load_data resume train",
    "data": "SOURCES Report fetch stock", "diagnosis.rule": "spell_code", "runs": "STATUSES RunDirectory find_root",
    "engine.loop.observer": "Observer Progress", "engine.loop.timing": "Timing", "engine.loop.training": "Training",
    "engine.scoring": "Evaluation",
    "engine.tracing.values": "Difference Forward Traced TracedExample TracedLayer TracedLoss TracedSlope TracedUnit TracedUpdate",
    "predicting.naming": "Predicted", "spec": "Spec", "starters": "TEMPLATES",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names.split()), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"nnctl.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
