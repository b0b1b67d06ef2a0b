# The newcomer's two commands are `make audit` and `make test`; the others serve whoever changes the code.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: audit test check fix bench docs ports system-packages clean

audit: $(VENV)/.ready-run  ## set up what is missing, and audit this machine
	@$(BIN)/doorward audit

test: system-packages $(VENV)/.ready-dev  ## set up, and run all tests
	@$(BIN)/pytest -n auto

check: $(VENV)/.ready-dev  ## lint, layout, types, the import stair, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/write_docs.py --check

fix: $(VENV)/.ready-dev  ## mend what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready-dev  ## measure against the peers, in one run, in namespaces of our own; writes bench/RESULTS.md
	@$(BIN)/python bench/run.py

docs: $(VENV)/.ready-dev  ## write docs/verbs.md from the commands themselves
	$(BIN)/python tools/write_docs.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Doorward needs Python 3.11 or newer; $(PYTHON) is older."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || sh tools/system-packages.sh python3-venv
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once)…" >&2
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up $(VENV) with the tools for tests (once)…" >&2
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.ready-run

system-packages:
	@sh tools/system-packages.sh iproute2 util-linux nftables openssl nmap ndiff libxml2-utils tcpdump

clean:  ## remove what the other commands made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
