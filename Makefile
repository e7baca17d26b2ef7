# 一号通. `make run` serves it, `make test` proves it; both set up everything they need.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8080
DEMO ?= 1
JOBS ?= 2

.PHONY: run test faults bench screens pictures check lint types contracts catalogs lock setup setup-dev clean

run: setup catalogs
	PORT=$(PORT) DEMO=$(DEMO) $(BIN)/flask --app run yht serve

# Files in their order: the long walks come early, and no worker waits for the other's last one.
test: setup-dev catalogs
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder

# What is killed, starved or hurried on purpose, by itself.
faults: setup-dev catalogs
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder -m fault

# The console against the bare framework; how to read it stands in tests/bench/__main__.py.
bench: setup-dev catalogs
	$(BIN)/python -W ignore -m tests.bench

# Pictures of every page, by role, language and width, into screens/.
screens: setup-dev catalogs
	$(BIN)/python -m tests.browser.screens $(WHO)

# The eight pictures of README and docs, taken anew.
pictures: setup-dev catalogs
	$(BIN)/python -m tests.browser.pictures

check: lint types contracts test

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

contracts: setup-dev
	$(BIN)/lint-imports

setup: .venv/.runtime
setup-dev: .venv/.development

.venv/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("一号通 needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Message catalogues are compiled from the committed .po files.
CATALOGS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
catalogs: setup $(CATALOGS)
%.mo: %.po
	$(BIN)/pybabel --quiet compile -i $< -o $@

# New messages from the sources into both .po files, in one order and without dates: a diff shows sentences only.
.PHONY: messages
messages: setup
	$(BIN)/pybabel --quiet extract -F translations/babel.cfg -k N_ -k say -k lazy_gettext --no-location --sort-output \
	  -o translations/messages.pot app models views reports
	for l in zh en; do \
	  $(BIN)/pybabel --quiet update -N --ignore-obsolete --width 110 -i translations/messages.pot -d translations -l $$l; \
	  sed -i -E '/^"(POT-Creation-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team)/d' \
	    translations/$$l/LC_MESSAGES/messages.po; \
	done

# Pins with hashes; names no index.
lock: setup-dev
	$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --output-file requirements-dev.txt requirements-dev.in

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache
