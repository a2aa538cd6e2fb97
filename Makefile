# Subgrants. `make` alone lists the commands.
.DEFAULT_GOAL := help
.PHONY: help run test walk drills mutants lint format bench screenshots lock clean

BIN := .venv/bin
PYTEST_FLAGS ?= -q -n auto

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: .venv/runtime.stamp ## Start everything here: database, example programme, web and worker (PORT=8000)
	@exec $(BIN)/python -m entrypoints.cli run

test: .venv/development.stamp ## Run every test, the ones in a real browser included
	@chromium=$$($(BIN)/python tools/chromium.py) && \
	SUBGRANTS_CHROMIUM="$$chromium" $(BIN)/python -m pytest $(PYTEST_FLAGS)

walk: .venv/development.stamp ## Of the tests, only those that open every page and form of the example in a real browser
	@chromium=$$($(BIN)/python tools/chromium.py) && \
	SUBGRANTS_CHROMIUM="$$chromium" $(BIN)/python -m pytest $(PYTEST_FLAGS) -m walk

drills: .venv/development.stamp ## The tests that take too long for every change: docs/adding.md carried out, more people sending nonsense
	@$(BIN)/python -m pytest $(PYTEST_FLAGS) -m drill

mutants: .venv/development.stamp ## Take guards away and write faults in, one at a time: does a test notice? (ONLY=part-of-a-name: minutes)
	@exec $(BIN)/python -m tools.mutants $(ONLY)

lint: .venv/development.stamp ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/development.stamp ## Put the code in the agreed format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: .venv/development.stamp ## Measure speed beside a bare route of the same framework (VOLUME=2000 applications; 100000 takes long)
	@exec $(BIN)/python -m tools.bench --applications $(or $(VOLUME),2000)

screenshots: .venv/development.stamp ## Make the README's pictures anew from the example
	@chromium=$$($(BIN)/python tools/chromium.py) && \
	SUBGRANTS_CHROMIUM="$$chromium" $(BIN)/python -m tools.screenshots

# The larger file first; the smaller one then starts from its pins, so both always agree.
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
lock: .venv/development.stamp ## Choose newer dependencies and pin them by hash
	$(COMPILE) --upgrade --extra test --extra dev --output-file requirements-dev.lock pyproject.toml
	cp requirements-dev.lock requirements.lock
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(BIN)/python -m tools.locking
	@! grep -nE '://|index-url|find-links|trusted-host' requirements.lock requirements-dev.lock

clean: ## Remove the virtual environment and caches; data under var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The newest Python that can make a virtual environment. Data, ports and settings play no part here.
.venv/bin/python:
	@for name in python3.14 python3.13 python3.12 python3.11 python3; do \
		if $$name -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; \
		then echo "Making .venv with $$($$name --version)"; exec $$name -m venv --clear .venv; fi; \
	done; \
	echo 'Python 3.11, 3.12, 3.13 or 3.14 with its venv module is needed. On Debian and Ubuntu: apt install python3-venv'; \
	exit 1

.venv/runtime.stamp: requirements.lock tools/link.py | .venv/bin/python
	@echo 'Installing the dependencies; this happens once.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python tools/link.py
	@touch $@

.venv/development.stamp: requirements-dev.lock .venv/runtime.stamp
	@echo 'Installing the tools for tests; this happens once.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
