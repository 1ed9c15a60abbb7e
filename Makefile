# Two commands do all the set-up on a fresh machine: `make train` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PYTHONUNBUFFERED = 1

.PHONY: help train test fast smoke lint fmt catalogue bench bench-debug fuzz torture bits readme lock audit clean
help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
# Only wheels: to build a source archive pip would fetch build tools that have no hash here.
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes --only-binary :all: -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --no-build-isolation --editable .
# On all cores, which pip does not use; left out, each start would do it where PYTHONDONTWRITEBYTECODE is set. Not what
# neither nnctl nor its tests import.
	$(BIN)/python -m compileall -q -j 0 -x '/(tests|pip|setuptools|wheel|hatchling|tomlkit|pkg_resources|fontTools|lexers|mypy|mypyc)/' $(VENV)/lib nnctl
	@touch $(READY)

train: $(READY)  ## set up, then train configs/mnist_mlp.yaml
	$(BIN)/nnctl train configs/mnist_mlp.yaml

test: $(READY)  ## set up, then run all tests
	$(BIN)/pytest -n 2 --durations 30

fast: $(READY)  ## the tests that need no TensorFlow
	$(BIN)/pytest --ignore tests/engine

smoke: $(READY)  ## train every spec of configs/ for one epoch on 200 examples; ARGS="mine.yaml" for others
	$(BIN)/python -m tests.smoke $(ARGS)

fuzz: $(READY)  ## the property-based tests with other and many more examples ($$NNCTL_FUZZ of each, 20,000), every schedule
	NNCTL_FUZZ=$${NNCTL_FUZZ:-20000} $(BIN)/pytest -n 2 tests/corpus tests/models tests/spec/text/test_document.py \
		tests/engine/network/test_schedules.py tests/engine/network/test_watching.py tests/engine/test_recomputed.py

lint: $(READY)  ## ruff, import-linter, mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

fmt: $(READY)  ## format, and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogue: $(READY)  ## write nnctl/spec/catalogue/catalogue.json anew from Keras and the reviewed table
	$(BIN)/python -m nnctl.engine.catalogue

bench: $(READY)  ## nnctl beside hand-written Keras, PyTorch and JAX, in turns; ARGS="networks --only mlp" for a part
	$(BIN)/python -m tests.bench $(ARGS)

torture: $(READY)  ## kill, starve and damage runs for up to 45 minutes; each must end with the same bits
	$(BIN)/python -m tests.torture $(ARGS)

bench-debug: $(READY)  ## the debugger on planted faults and healthy specs; ARGS="--sample 24" for a sample
	$(BIN)/python -m tests.bench.debugging $(ARGS)

bits: $(READY)  ## whether ten networks are trained to the same bits as by the code of another commit; ARGS=COMMIT
	$(BIN)/python -m tests.bits $(ARGS)

readme: $(READY)  ## write the README's generated blocks anew
	$(BIN)/python -m tests.readme

lock:  ## write constraints.txt anew: all versions with the hashes of their files; ARGS=--upgrade for the newest ones
	$(PYTHON) -m tests.lock $(ARGS)

audit:  ## ask pip-audit's database for known vulnerabilities of what constraints.txt names; fails where it cannot tell
	@$(PYTHON) -m tests.lock audit

clean:  ## remove the environment and what tools left behind
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
