# Every command of the project; `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SYSTEM := $(VENV)/.system
SOURCES := plugins graphql_api dags local_stack tests bench

# Debian's packages that no wheel carries: text layout and fonts for the PDF,
# poppler to count and look at its pages, libcurl for mongod.
SYSTEM_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libcurl4 \
	fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji poppler-utils

PARTICIPANTS ?= 25
ONCE ?=
ROLE ?= participant
STORMS ?= 1
SEED ?= 1
PATIENCE ?=
EXAMPLES ?= 1000
AUDIT_FOLDER := .local/audit
PORT ?= 8000
export PYTHONPATH := plugins:.
# An inherited setting would make every forked task compile its imports anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: install ## Watch weekly reports arrive (ONCE=1 ends by itself, PARTICIPANTS=n)
	$(BIN)/python -m local_stack.demo --participants $(PARTICIPANTS) $(if $(ONCE),--once)

.PHONY: up
up: install ## Start the same in the background, without running the week (PARTICIPANTS=n)
	@$(BIN)/python -m local_stack.background up --participants $(PARTICIPANTS)

.PHONY: api
api: install ## Run the API alone: over your settings, or over what `make up` started (PORT=n)
	@$(BIN)/python -m local_stack.background api --port $(PORT)

.PHONY: token
token: ## Print a development token for the stack in the background (ROLE=participant, coordinator, operator)
	@$(BIN)/python -m local_stack.background token --role $(ROLE)

.PHONY: down
down: ## Stop what is in the background
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local_stack.background down; else echo "Nothing to stop"; fi

.PHONY: test
test: install ## Run every test, on real services
	$(BIN)/python -m pytest

.PHONY: fuzz
fuzz: install ## Ask the API at random, by both contracts and by none (EXAMPLES=n of each, SEED=s)
	FUZZ_EXAMPLES=$(EXAMPLES) FUZZ_SEED=$(SEED) $(BIN)/python -m pytest tests/integration/graphql_api/test_fuzzing.py

# npm keeps a lock by address; the exact versions are all that is needed here.
.PHONY: audit
audit: install ## Have graphql-http audit the API; needs Node.js and npm
	@command -v npm >/dev/null || { echo "Please install Node.js 18 or newer, with npm."; exit 1; }
	npm install --prefix $(AUDIT_FOLDER) --no-save --no-package-lock --ignore-scripts --silent graphql-http@1.23.1 graphql@16.15.0
	AUDIT_FOLDER=$(CURDIR)/$(AUDIT_FOLDER) $(BIN)/python -m pytest tests/integration/graphql_api/test_audits.py

.PHONY: chaos
chaos: install ## Break everything at random while a week runs (STORMS=n, SEED=s); goes on where it was
	$(BIN)/python -m tests.chaos --storms $(STORMS) --seed $(SEED) $(if $(PATIENCE),--patience $(PATIENCE))

.PHONY: bench
bench: install ## Measure processor time, as ratios (docs/performance.md)
	$(BIN)/python -m bench.single_job

.PHONY: walk
walk: install browser ## Repair a report in Airflow's page, and take the runbook's pictures
	WALK_IMAGES=docs/images $(BIN)/python -m pytest tests/end_to_end/test_operators_walk.py

.PHONY: browser
browser: ## Install Chromium, where that is easy; without it the walk is skipped
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && apt-cache show chromium >/dev/null 2>&1; then \
		echo "Installing Chromium"; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	else echo "Please install Chromium, if you want the operator's walk to be tested."; \
	fi

.PHONY: lint
lint: install ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: install ## Check types
	$(BIN)/mypy

.PHONY: imports
imports: install ## Check who imports whom
	$(BIN)/lint-imports

.PHONY: install
install: $(SYSTEM) $(INSTALLED) ## Install what the other commands need

$(VENV)/bin/uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: install it, or name it with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(INSTALLED): requirements/dev.txt $(VENV)/bin/uv
	@echo "Installing Python packages (about 1 GB)"
	@$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode --python $(VENV) requirements/dev.txt
	@touch $@

# dpkg-query fails where a package is missing, and where there is no dpkg. Newer
# releases call libcurl4 libcurl4t64.
$(SYSTEM): Makefile $(VENV)/bin/uv
	@if dpkg-query -W $(SYSTEM_PACKAGES:libcurl4='libcurl4*') >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing system packages: $(SYSTEM_PACKAGES)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(SYSTEM_PACKAGES) >/dev/null; \
	elif command -v apt-get >/dev/null; then \
		echo "System packages are missing. Please run:"; \
		echo "  sudo apt-get install -y --no-install-recommends $(SYSTEM_PACKAGES)"; exit 1; \
	else \
		echo "Not Debian or Ubuntu: please make sure that Pango, HarfBuzz, poppler and Noto fonts are installed."; \
	fi
	@touch $@

.PHONY: lock
lock: $(VENV)/bin/uv ## Write requirements/*.txt anew from pyproject.toml
	@for group in api pipeline dev; do \
		$(BIN)/uv pip compile pyproject.toml --quiet --group $$group --universal --generate-hashes \
			--python-version 3.11 --no-header --upgrade -o requirements/$$group.txt; \
	done
