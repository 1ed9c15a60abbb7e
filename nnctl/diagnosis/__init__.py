"""Why a network does not learn: facts are observed, rules read them, findings name the cause and the edit that mends it."""

from nnctl.diagnosis.diagnose import Diagnosis, diagnose
from nnctl.diagnosis.facts import Facts
from nnctl.diagnosis.finding import Edit, Finding, Fix

__all__ = ["Diagnosis", "Edit", "Facts", "Finding", "Fix", "diagnose"]
