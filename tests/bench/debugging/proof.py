"""Shows that every fault hurts and that every healthy spec trains well: `python -m tests.bench.debugging.proof`.

Five seeds each, of the fault and of its parent; three of the real programs, whose faults are known. A fault counts if its
median score lies at least five points below its parent's; a healthy spec counts if its median is above the majority baseline
by ten points and at most three points below the linear one. Scores are those of `training.quality`, on test. Writes
`proof.json`; what is there of the same text is kept.
"""

import hashlib
import json
import statistics
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.debugging.suite import HERE, Case, cases

SEEDS = {"fault": (1, 2, 3, 4, 5), "healthy": (1, 2, 3, 4, 5), "program": (1, 2, 3)}
HURT = 0.05
ABOVE_MAJORITY, BELOW_LINEAR = 0.10, 0.03
FILE = HERE / "proof.json"


def main(names: list[str]) -> int:
    proofs: dict[str, Any] = read()
    known = proofs.setdefault("scores", {})
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases():
            if names and case.name not in names and case.family not in names:
                continue
            proof = prove(case, known, Path(folder))
            proofs[case.name] = proof
            failed += [] if proof["holds"] else [case.name]
            print(f"{'ok  ' if proof['holds'] else 'FAIL'} {case.kind:8}{case.name:40}{told(proof)}", flush=True)
            FILE.write_text(document(proofs, known))
    if not names:
        FILE.write_text(_pruned(proofs))
    print(f"{len(failed)} do not hold: {', '.join(failed)}")
    return bool(failed)


def _pruned(proofs: dict[str, Any]) -> str:
    """The document without what an older suite has left."""
    suite = cases()
    used = {key_of(text) for case in suite for text in (case.text, case.parent) if text}
    known = {key: value for key, value in proofs["scores"].items() if key in used}
    return document({case.name: proofs[case.name] for case in suite if case.name in proofs}, known)


def read() -> dict[str, Any]:
    """The committed proofs by the name of their case; those of an older suite too."""
    return dict(json.loads(FILE.read_text())) if FILE.is_file() else {}


def prove(case: Case, known: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The scores of a case by seed, and whether they show what they should."""
    own = scores(case, case.text, known, folder)
    if case.kind == "healthy":
        baselines = baselines_of(case.write(folder))
        score = statistics.median(own["scores"])
        holds = score >= baselines["majority"] + ABOVE_MAJORITY and score >= baselines["linear"] - BELOW_LINEAR
        return {**own, **baselines, "holds": holds}
    parent = scores(case, case.parent, known, folder)
    lost = statistics.median(parent["scores"]) - statistics.median(own["scores"])
    return {**own, "parent": parent["scores"], "lost": round(lost, 4), "holds": lost >= HURT}


def scores(case: Case, text: str, known: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A text's scores, from memory if it was trained before."""
    from tests.bench.debugging.training import train

    key = key_of(text)
    if key not in known:
        path, results = case.write(folder, text), []
        for seed in SEEDS[case.kind]:
            results.append(train(path, seed))
            if results[-1].status == "refused":
                break
        status = max((result.status for result in results), key=[result.status for result in results].count)
        problems = list(results[0].problems)
        known[key] = {"status": status, "scores": [round(result.score, 4) for result in results]}
        known[key] |= {"problems": problems} if problems else {}
    return dict(known[key])


def key_of(text: str) -> str:
    """What a text's scores are kept under: twelve hex digits over all but its name."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("name:"))
    return hashlib.sha256(body.encode()).hexdigest()[:12]


def baselines_of(path: Path) -> dict[str, float]:
    """What the commonest class or the mean, and a linear model on standardised features, score on test."""
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.multioutput import MultiOutputClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from nnctl.data import load, peek
    from nnctl.spec import load_spec

    dataset = load(load_spec(path, [], peek).data, lambda label, share: None)
    numbers = dataset.task == "regression"
    dull: Any = DummyRegressor() if numbers else DummyClassifier()
    linear: Any = Ridge() if numbers else LogisticRegression(max_iter=500)
    if dataset.task == "multilabel":
        linear = MultiOutputClassifier(linear)
    train, test = dataset.train, dataset.test
    assert test is not None
    flat = [np.asarray(split.x, np.float32).reshape(len(split.x), -1) for split in (train, test)]
    answers = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, model in (("majority", dull), ("linear", make_pipeline(StandardScaler(), linear))):
            model.fit(flat[0], train.y)
            answers[name] = round(_quality(test.y, model.predict(flat[1]), dataset.task), 4)
    return answers


def _quality(true: Any, told: Any, task: str) -> float:
    from sklearn.metrics import balanced_accuracy_score, f1_score, r2_score

    if task == "regression":
        return float(r2_score(true, told))
    if task == "multilabel":
        return float(f1_score(true, told, average="macro", zero_division=0))
    return float(balanced_accuracy_score(true, told))


def told(proof: dict[str, Any]) -> str:
    median = statistics.median(proof["scores"])
    if "parent" in proof:
        return f"{statistics.median(proof['parent']):.3f} -> {median:.3f}  {proof['status']}"
    return f"{median:.3f}  majority {proof['majority']:.3f}  linear {proof['linear']:.3f}  {proof['status']}"


def document(proofs: dict[str, Any], known: dict[str, Any]) -> str:
    """JSON with a case a line, without what no case of the suite uses."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in proofs.items() if name != "scores"]
    inner = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in known.items())
    return "{\n" + ",\n".join([*lines, f'  "scores": {{\n{inner}\n  }}']) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
