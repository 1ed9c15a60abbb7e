"""Why a network does not learn: facts are observed, rules read them, findings name the cause and the edit that mends it."""

from nnctl.diagnosis.diagnose import Diagnosis, apply_rules, check, collect_facts, make_diagnosis
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.selection import Selection, parse_selection, select_findings

__all__ = [
    "Diagnosis",
    "Edit",
    "Facts",
    "Finding",
    "Fix",
    "Selection",
    "apply_rules",
    "check",
    "collect_facts",
    "make_diagnosis",
    "parse_selection",
    "select_findings",
]
