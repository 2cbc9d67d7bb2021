# The verbs of this repo. `make` alone lists them; each sets up what it needs.
# A step that was done leaves a stamp, so a second run needs no network.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --constraint constraints.txt
PINS := pyproject.toml constraints.txt
# npm writes this file last.
NODE_MODULES := tests/node/node_modules/.package-lock.json
# What the runtime's tests call; it has an idlgen.toml of its own.
CONTRACT := $(addprefix tests/runtime/contract/,user.yaml feed.yaml guarded.yaml mill.yaml)
# More arguments for pytest: make test ARGS="tests/runtime -x"
ARGS ?=
SOAK_MINUTES ?= 10

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check regen bless bench soak
.PHONY: check-format check-lint check-types check-drift

help:
	@echo "make setup   put everything into $(VENV) and tests/node/node_modules"
	@echo "make demo    serve schemas/user.yaml in one process and call it from another"
	@echo "make test    run the tests (ARGS=... goes to pytest)"
	@echo "make check   formatting, lint, types, and that generated_examples/ is true"
	@echo "make regen   write generated_examples/ and the tables of docs/ anew"
	@echo "make bless   accept today's messages as the expected ones of tests/cases"
	@echo "make bench   time idlgen beside protoc, grpc.aio and other libraries"
	@echo "make soak    have 64 clients call for SOAK_MINUTES=10 while the server restarts; run the"
	@echo "             random tests for longer, from another seed, and 200 faults of each kind"

# --- set up ---------------------------------------------------------------------

$(STAMPS)/venv: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --upgrade pip
	@mkdir -p $(STAMPS) && touch $@

# `--no-build-isolation`: the build takes the pinned hatchling, and no other one is fetched.
# pip compiles what it installs, but not what it only links to.
$(STAMPS)/demo: $(STAMPS)/venv $(PINS)
	$(INSTALL) --group packaging
	$(INSTALL) --no-build-isolation --editable '.[all]'
	$(BIN)/python -m compileall -q idlgen
	@touch $@

$(STAMPS)/test: $(STAMPS)/demo $(PINS)
	$(INSTALL) --group test
	@touch $@

# What a fresh venv without network needs to install idlgen: see tests/packaging/.
$(STAMPS)/wheels: $(STAMPS)/demo $(PINS)
	rm -rf $(VENV)/wheels
	$(PIP) wheel --quiet --constraint constraints.txt --no-build-isolation \
		--wheel-dir $(VENV)/wheels '.[all]'
	rm $(VENV)/wheels/idlgen-*.whl
	@touch $@

$(STAMPS)/bench: $(STAMPS)/demo $(PINS)
	$(INSTALL) --group bench
	@touch $@

# Node is only for tests: where it is missing, they are skipped and say so.
$(NODE_MODULES): tests/node/package.json tests/node/package-lock.json
	if command -v npm >/dev/null; then \
		(cd tests/node && npm ci --no-audit --no-fund --loglevel=error) && touch $@; \
	else \
		echo "npm is missing: the tests that need node will be skipped"; \
	fi

setup: $(STAMPS)/test $(STAMPS)/wheels $(STAMPS)/bench $(NODE_MODULES)

# --- the verbs ------------------------------------------------------------------

demo: $(STAMPS)/demo
	$(BIN)/idlgen build schemas/user.yaml
	$(BIN)/python -m examples.demo

test: $(STAMPS)/test $(STAMPS)/wheels $(NODE_MODULES)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

# Parts, so that `make -k check` tells all that is wrong.
check: check-format check-lint check-types check-drift

check-format: $(STAMPS)/test
	$(BIN)/black --check idlgen examples generated_examples tests

check-lint: $(STAMPS)/test
	$(BIN)/ruff check

check-types: $(STAMPS)/test
	$(BIN)/mypy

check-drift: $(STAMPS)/test
	$(BIN)/idlgen check
	$(BIN)/idlgen check $(CONTRACT)

regen: $(STAMPS)/demo
	$(BIN)/idlgen build
	$(BIN)/idlgen build $(CONTRACT)
	$(BIN)/python -m tests.docs.template_views

bless: $(STAMPS)/test
	$(BIN)/python -m pytest tests/cases --bless

bench: $(STAMPS)/bench $(NODE_MODULES)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.idle

# Hypothesis marks its tests; the profile stands in tests/conftest.py. A run is repeated by
# `make soak SEED=...` with the number that it printed.
soak: SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
soak: $(STAMPS)/test $(NODE_MODULES)
	@echo "make soak SEED=$(SEED)"
	$(BIN)/python -m tests.e2e.soak $(SOAK_MINUTES) $(SEED)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m hypothesis \
		--hypothesis-profile=soak --hypothesis-seed=$(SEED) $(ARGS)
	$(BIN)/python -m tests.e2e.faults 200
