# Everything sets itself up: from nothing but Python 3.11+ and make. A second run skips what is done.
.PHONY: run test test-all bench crash simulate pictures fuzz mutants corpora audit check lock
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11 python,$(if $(shell $(p) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(p))))
VENV := .venv
BIN := $(VENV)/bin

run: $(VENV)/.run
	@$(BIN)/python -m bot

# One test after the other goes to whichever worker is free: some take minutes.
PYTEST := $(BIN)/python -m pytest -n auto --maxschedchunk 1

# Many tests start processes; what each of them would compile anew is compiled once.
test test-all: export PYTHONDONTWRITEBYTECODE :=

# Else each worker compiles in a fresh clone what all of them import.
COMPILE := $(BIN)/python -m compileall -q -j 0 bot storage tests/helpers

MORE := postgres or browser or mail or node or promtool or root or slow

test: $(VENV)/.dev
	@$(COMPILE)
	$(PYTEST) -m "not ($(MORE))"

# In one run: each worker imports and collects only once, and what waits is filled up by what does not.
test-all: $(VENV)/.dev
	@$(COMPILE)
	$(PYTEST)

# `make bench abuse`: only these rows.
BENCH_PARTS := status messages reminders records bulk fairness abuse growth

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench $(filter $(BENCH_PARTS),$(MAKECMDGOALS)) $(if $(JSON),--json $(JSON))

.PHONY: $(BENCH_PARTS)
$(BENCH_PARTS): bench ;

KILLS ?= 500
SEED ?=
PROCESSES ?= 1

crash: $(VENV)/.dev
	$(BIN)/python -m tests.crash --kills $(KILLS) --processes $(PROCESSES) $(if $(SEED),--seed $(SEED)) $(if $(SABOTAGE),--sabotage $(SABOTAGE))

simulate: $(VENV)/.dev
	$(BIN)/python -m tests.simulation

# Needs chromium, and fonts with Japanese letters and emoji: apt install chromium fonts-noto-cjk fonts-noto-color-emoji
pictures: $(VENV)/.dev
	$(BIN)/python -m tests.pictures

FUZZ_MINUTES ?= 10

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz --minutes $(FUZZ_MINUTES)

# The first run notes which tests reach which lines; the notes stay in .mutants. `make mutants SEED=1 ARGUMENTS='--only 4 7'` repeats two changes.
MUTANTS ?= 100

mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutants --count $(MUTANTS) $(if $(SEED),--seed $(SEED)) $(ARGUMENTS)

# The tables, then random lines. With ARGUMENTS=--needless also what is asked without need; with ARGUMENTS='--kind several' one kind.
RANDOM_LINES ?= 100000

corpora: $(VENV)/.dev
	$(BIN)/python -m tests.corpora.measure --random $(RANDOM_LINES) $(ARGUMENTS)

# Asks a vulnerability service on the network about every package of the lock.
audit: $(VENV)/.dev
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict --progress-spinner off

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs uv. The locks hold for Python 3.11 to 3.14 on Linux and macOS, with hashes and without any index's address.
lock:
	uv pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Nintei needs Python 3.11 or newer. Install it, for example: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python has no venv or no pip. Install them, for example: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@test -e $(VENV)/.dev -a $(VENV)/.dev -nt requirements.lock || { echo "Installing (only this once) ..." && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; }
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing (only this once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
