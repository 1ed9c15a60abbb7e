"""The JSON Schema of those values whose form no kind says: a name, a duration, weights by class, augmentations."""

from typing import Any

from nnctl.spec import catalogue
from nnctl.spec.load import NAME
from nnctl.spec.network.augmentation import augments
from nnctl.spec.train_section import DURATION

Schema = dict[str, Any]


def special() -> dict[str, Schema]:
    """The schema of each such key, by its path."""
    return {
        "vars": {"type": ["object", "null"]},
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$", "not": {"const": "latest"}},
        "train.max_time": {"anyOf": [{"type": "null"}, {"type": "number", "exclusiveMinimum": 0}, _duration()]},
        "train.class_weight": {"anyOf": [{"enum": [None, "balanced"]}, _weights()]},
        "train.augment": {"anyOf": [{"type": "null"}, _augmentations()]},
    }


def _duration() -> Schema:
    return {"type": "string", "pattern": rf"^(?![0.]+[smh]?$){DURATION.pattern}$"}


def _weights() -> Schema:
    """A factor for each class; a map's keys are texts in JSON, whole numbers among them."""
    names = {"not": {"pattern": "^(-[0-9]+|true|false)$"}}
    return {"type": "object", "propertyNames": names, "additionalProperties": {"type": "number", "minimum": 0}}


def _augmentations() -> Schema:
    """A list of layers, none of them one that changes nothing at random."""
    idle = [name for name in catalogue.names("layer") if not augments(name)]
    spelled = [spelling for name in idle for spelling in catalogue.spelled(catalogue.named("layer", name))]
    unfit = {"anyOf": [{"enum": spelled}, {"type": "object", "propertyNames": {"enum": spelled}, "minProperties": 1}]}
    layer: Schema = {"allOf": [{"$ref": "#/definitions/layer"}, {"not": unfit}]}
    return {"type": "array", "items": layer, "maxItems": 50}
