# Everything that a developer does here. `make help` lists it.
# Each target sets up .venv by itself, once; `make clean` undoes all of it.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH_STAMP := $(VENV)/.installed-bench
ADAPTERS := .venv-adapters

# The first Python 3.11 or later that really runs (a pyenv shim may exist and not run), by its real path,
# so that an active .venv is not asked to replace itself.
ifndef PYTHON
PYTHON := $(shell for python in python3.12 python3.13 python3.11 python3 python; do \
    $$python -c 'import os, sys; print(os.path.realpath(sys.executable)); sys.exit(sys.version_info < (3, 11))' \
    2>/dev/null && break; done | tail -n 1)
endif
UV := $(shell command -v uv 2>/dev/null)

# dbt and muster are found in the environment, whoever starts them; nothing is reported to anyone.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help install demo test test-engines test-faults test-adapters lint bench clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 18

install: $(STAMP) ## set up .venv (every other target does it too)

demo: $(STAMP) ## the whole path on real data: specs, dbt, delivery, a week later, what changed
	@$(BIN)/python -m tests.end_to_end.demo

test: $(STAMP) ## run every test
	@$(BIN)/python -m pytest -n auto --dist loadscope

test-engines: $(STAMP) ## ask every engine every case and 1,000 random criteria (takes half an hour)
	@MUSTER_RANDOM_CRITERIA=1000 $(BIN)/python -m pytest -n auto --dist loadscope tests/engines tests/unit/models

test-faults: $(STAMP) ## kill syncs and let platforms fail, two hundred times, and compare (takes minutes)
	@MUSTER_FAULT_RUNS=200 $(BIN)/python -m pytest -s tests/faults tests/end_to_end/test_kill.py

test-adapters: $(ADAPTERS)/.installed ## compare each warehouse's own dbt adapter with the renderer (installs them in .venv-adapters)
	@PATH="$(CURDIR)/$(ADAPTERS)/bin:$$PATH" MUSTER_ADAPTERS=1 $(ADAPTERS)/bin/python -m pytest tests/adapters

lint: $(STAMP) ## ruff, mypy --strict, and that the stubs are those of the specs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/muster compile --check

bench: $(BENCH_STAMP) ## measure, against hand-written SQL and the platforms' own SDKs (takes half an hour)
	@$(BIN)/python -m tests.benchmarks

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) $(ADAPTERS) target logs dbt_packages dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(STAMP): pyproject.toml constraints.txt
ifeq ($(PYTHON)$(UV),)
	@echo "muster needs Python 3.11 or later, and none was found." >&2
	@echo "Install one, or say where it is: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2
	@exit 1
endif
	@echo "Setting up $(VENV) (once; a minute or two) ..."
ifneq ($(UV),)
	@$(UV) venv --quiet --clear --python "$(or $(PYTHON),3.12)" $(VENV)
	@$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'
else
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
endif
	@touch $@

$(BENCH_STAMP): $(STAMP)
ifneq ($(UV),)
	@$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[dev,bench]'
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
endif
	@touch $@

# Some adapters want other versions of what they share with muster's tests, so they have an environment of their own.
$(ADAPTERS)/.installed: pyproject.toml | $(STAMP)
	@echo "Setting up $(ADAPTERS) (once; a few minutes) ..."
	@$(BIN)/python -m venv --clear $(ADAPTERS)
	@$(ADAPTERS)/bin/python -m pip install --quiet --disable-pip-version-check --editable . 'dbt-core>=1.11,<1.12' \
	    dbt-bigquery dbt-databricks dbt-postgres dbt-redshift dbt-snowflake dbt-trino duckdb hypothesis jsonschema pytest pytest-xdist
	@touch $@
