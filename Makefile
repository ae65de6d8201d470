# Everything on a fresh machine with Python 3.11 to 3.13, make and git: `make run`, `make test`.
# PORT, HAITANG_HOME and DATABASE_URL are honoured throughout; VENV names another environment.

SHELL := /bin/bash
.DELETE_ON_ERROR:
VENV ?= .venv
BIN := $(VENV)/bin
HAITANG := $(BIN)/python -m haitang
MODULES ?= node_modules
LOCK := requirements.lock
NPM_OPTIONS := --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: help run demo setup test check fix journeys nightly fuzz pictures bench chaos ha lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run static/vendor/.copied  ## install what is missing, and run it all: site, worker, live messages
	@exec $(HAITANG) run

demo: $(VENV)/.run static/vendor/.copied  ## load the demo city into an empty database, without starting anything
	@exec $(HAITANG) prepare

setup: $(VENV)/.dev static/vendor/.copied  ## install everything that development needs

test: setup  ## all tests but the journeys
	@$(BIN)/pytest -n auto --maxprocesses 4

journeys: setup  ## stories in a real browser
	@$(BIN)/pytest -m "journey and not nightly" -rs -n 2 --dist loadgroup

nightly: setup  ## what takes too long for every commit: every role at every page, 20,000 hostile requests, 50 kills
	@$(BIN)/pytest -m nightly -rs
	@$(MAKE) fuzz REQUESTS=20000
	@$(MAKE) chaos

fuzz: setup  ## hostile input for pages and API: REQUESTS=20000 SEED=1
	@VENV=$(VENV) scripts/fuzz --requests $(or $(REQUESTS),2000) $(if $(SEED),--fuzz-seed $(SEED))

pictures: setup  ## the journeys again, taking the pictures of the documents
	@$(BIN)/pytest -m journey -rs tests/journeys --pictures

bench: $(VENV)/.run static/vendor/.copied  ## measure: BENCH="--only NAME --json FILE"
	@$(HAITANG) bench $(BENCH)

chaos: $(VENV)/.run  ## kill everything while clients work, then look for what is lost: CHAOS="--kills 6 --clients 4"
	@$(HAITANG) chaos $(CHAOS)

ha: $(VENV)/.run  ## several machines on loopback, their leading database killed under load: HA="--kills 5"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$($(BIN)/python -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["ha"][0])')"
	@$(HAITANG) ha-trial $(HA)

check: setup  ## what must hold before a commit; writes nothing
	@scripts/check

fix: setup  ## let the tools mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## resolve the locks anew from pyproject.toml
	scripts/lock

clean:  ## remove what set-up has made; the instance in HAITANG_HOME stays
	rm -rf $(VENV) $(MODULES) static/vendor

# --- installation -------------------------------------------------------------------------------------------

$(VENV)/bin/python:
	@scripts/make-venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "· installing Python packages (one to two minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --progress-bar on --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "· installing development packages …"
	@$(BIN)/python -m pip install --quiet --progress-bar on --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(MODULES)/.installed: package.json package-lock.json | $(VENV)/bin/python
	@echo "· fetching front-end packages …"
	@scripts/npm $(BIN) ci $(NPM_OPTIONS)
	@touch $@

static/vendor/.copied: $(MODULES)/.installed src/haitang/core/ui/icons.txt src/haitang/runtime/vendor.py
	@PYTHONPATH=src $(BIN)/python -m haitang.runtime.vendor $(MODULES) static/vendor
	@touch $@
