"""Why a network does not learn: facts are observed, rules read them, findings name the cause and the edit that mends it."""

from nnctl.diagnosis.diagnose import Diagnosis, check, diagnose, find, static_facts
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.selection import Selection, selection, told

__all__ = [
    "Diagnosis",
    "Edit",
    "Facts",
    "Finding",
    "Fix",
    "Selection",
    "check",
    "diagnose",
    "find",
    "selection",
    "static_facts",
    "told",
]
