# 共备: every door a person or a machine uses. `make help` lists them.
# Prerequisites on a bare Debian 12: apt install python3-venv make git

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
ENGINE ?= tantivy
DB ?= sqlite
SCALE ?= 1
LAW ?=
TESTS ?= tests
JOBS ?= 2

BIN := .venv/bin
BASE := .venv/.base
DEV := .venv/.dev
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate
PYTEST := $(BIN)/python -m pytest

.PHONY: help install dev run test check proof mutants screenshots elasticsearch bench lock

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 15

# The environment. Nothing here ever removes a package.
$(BIN)/uv: requirements/tools.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "A venv could not be made. On Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.lock
	@touch $@

$(BASE): requirements/base.lock $(BIN)/uv
	@echo "Installing what the site needs into .venv …"
	@$(UV_INSTALL) -r requirements/base.lock
	@touch $@

$(DEV): requirements/dev.lock $(BASE)
	@echo "Installing what development needs into .venv …"
	@$(UV_INSTALL) -r requirements/dev.lock
	@touch $@

install: $(BASE) ## make .venv from requirements/base.lock
dev: $(DEV) ## add what tests and checks need

run: $(BASE) ## the site with demo content (PORT=8000 ENGINE=tantivy|elasticsearch)
	@PORT=$(PORT) ENGINE=$(ENGINE) exec $(BIN)/python -m ops.run

test: $(DEV) ## the whole suite (DB=sqlite|postgres TESTS=tests/groups)
	@bash ops/machine.sh || true
	@$(BIN)/python -m ops.databases $(DB) -- $(PYTEST) -n $(JOBS) --dist loadgroup $(TESTS)

proof: $(DEV) ## the long laws (LAW=run_survives SCALE=0.1)
	@bash ops/machine.sh || true
	@SCALE=$(SCALE) $(PYTEST) -m proof $(if $(LAW),tests/proof/test_$(LAW).py,tests/proof)

mutants: $(DEV) ## every seeded breakage must turn a test red
	@$(BIN)/python -m ops.mutants --jobs $(JOBS)

screenshots: $(DEV) ## each role on each page into var/screenshots/index.html
	@bash ops/machine.sh || true
	@$(BIN)/python -m tests.browser.screenshots

elasticsearch: $(BASE) ## a real Elasticsearch server in the foreground (ES_PORT=9200)
	@bash ops/machine.sh maven java || true
	@exec $(BIN)/python manage.py elasticsearch_server --fetch --port $(or $(ES_PORT),9200)

bench: $(DEV) ## the measurements of benchmarks/
	@$(BIN)/python -m benchmarks

check: $(DEV) ## style, types, layers, deploy settings, front end
	@bash ops/check.sh

lock: $(BIN)/uv ## write the lock files again from pyproject.toml
	@$(UV_COMPILE) -o requirements/base.lock
	@$(UV_COMPILE) --all-extras -c requirements/base.lock -o requirements/extras.lock
	@$(UV_COMPILE) --group dev -c requirements/base.lock -o requirements/dev.lock
	@echo 'uv' | $(BIN)/uv pip compile - --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -o requirements/tools.lock
