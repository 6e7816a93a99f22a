# `make run` starts the demo, `make test` runs everything. Both install what they need.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PYTHONPATH := src

.PHONY: run test check lint scripts fix bench prove fuzz privacy-mutants docs lint-eval shots setup setup-dev built

setup: .venv/.installed built

.venv/.installed: requirements.lock pyproject.toml
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

BUILT := src/secondstory/site/static/built/manifest.json
built: $(BUILT)

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): frontend/node_modules/.installed $(shell find frontend/src frontend/vite.config.ts -type f 2>/dev/null)
	cd frontend && npm run --silent build

setup-dev: setup .venv/.installed-dev

run: setup
	$(BIN)/secondstory demo

fix: setup-dev
	$(BIN)/ruff check --fix-only -q src tests tools
	$(BIN)/ruff format -q src tests tools

check: setup-dev lint
	$(BIN)/pytest -q -n 2 -m "not browser and not bench"

lint: setup-dev
	$(BIN)/ruff format --check -q src tests tools
	$(BIN)/ruff check -q src tests tools
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Most of these ask nothing of the database of the run: they need none, or start the product on an SQLite file of its own.
# A socket gives its connection back while it waits: on PostgreSQL that would end the transaction of the test around it.
ONCE_IS_ENOUGH := tests/architecture tests/language tests/evidence/test_killed.py tests/cli/test_serving.py \
  tests/live/test_door.py tests/live/test_socket.py tests/live/test_waiting.py tests/privacy/test_sockets.py

test:
	tools/install_for_tests.sh
	$(MAKE) setup-dev
	$(MAKE) -j 2 --output-sync=target lint scripts
	$(BIN)/pytest -q -n 2 -m "not browser and not bench"
	$(BIN)/python tools/with_postgres.py $(BIN)/pytest -q -n 2 -m "not browser and not bench" $(ONCE_IS_ENOUGH:%=--ignore=%)
	$(BIN)/pytest -q -n 2 --dist worksteal -m browser tests/browser

scripts: frontend/node_modules/.installed
	cd frontend && npm run --silent check

shots: setup-dev
	$(BIN)/python tools/shots.py shots

bench: setup-dev
	tools/bench.sh

# Leaks planted in a copy of the code, one at a time: the privacy walk must find each.
privacy-mutants: setup-dev
	$(BIN)/python tools/privacy_mutants.py

# Other tools to compare with; each that cannot be installed says so in its row.
.lint-eval/.installed:
	@mkdir -p .lint-eval
	-npm install --prefix .lint-eval --no-audit --no-fund --loglevel=error alex@11.0.1 write-good@1.0.8
	-$(PYTHON) -m venv .lint-eval/venv && .lint-eval/venv/bin/pip install -q proselint==0.16.0
	@touch $@

lint-eval: setup-dev .lint-eval/.installed
	PATH="$(CURDIR)/.lint-eval/node_modules/.bin:$(CURDIR)/.lint-eval/venv/bin:$$PATH" $(BIN)/python tools/lint_eval.py "$(FILE)"

# Some seconds of a coverage-guided fuzzer on the analyser. It is built for few machines, so it has a place of its own.
FUZZ ?= 600
.fuzz/.installed:
	@mkdir -p .fuzz
	$(PYTHON) -m venv .fuzz/venv
	.fuzz/venv/bin/pip install -q "atheris>=3,<4"
	@touch $@

fuzz: .fuzz/.installed
	PYTHONPATH=src:. .fuzz/venv/bin/python tests/bench/lint_fuzz.py .fuzz/found -max_total_time=$(FUZZ) -print_final_stats=1 -verbosity=0

# The full sizes of what the suite tests small.
prove: setup-dev
	$(BIN)/python tests/bench/kill_during_import.py 20 100000
	$(BIN)/python tools/with_postgres.py $(BIN)/python tests/bench/kill_during_import.py 5 100000
	SECONDSTORY_WALK=full $(BIN)/pytest -q -n 0 tests/privacy
	$(BIN)/python tests/bench/replay_proof.py 1000
	$(BIN)/python tools/with_postgres.py $(BIN)/python tests/bench/replay_proof.py 40
	PYTHONPATH=src:. $(BIN)/python tests/bench/lint_growth.py
	$(MAKE) fuzz

docs: setup-dev
	$(BIN)/python tools/write_docs.py
	$(BIN)/python tools/write_language_docs.py
