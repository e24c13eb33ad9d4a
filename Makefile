# Wholeplace needs only Python 3.11 and make: everything else is set up here.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TOWN   ?= demo

.DEFAULT_GOAL := help
.PHONY: help install browser demo test test-all check format clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | while IFS='|' read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

install: $(STAMP) ## Make the virtual environment and install Wholeplace in it

$(STAMP): pyproject.toml constraints.txt $(wildcard build_assets.py package.json package-lock.json)
	@$(PYTHON) -c 'import sys; sys.exit("Wholeplace needs Python 3.11 or later; this is %d.%d. Set PYTHON=/path/to/python3.11" % sys.version_info[:2]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@echo "Installing Wholeplace and what it needs into $(VENV)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable . --group dev
	@touch $(STAMP)

browser: install
	@scripts/install-browser

demo: install ## Build the invented town of Larkbridge and serve it on 127.0.0.1:8000
	@$(BIN)/wholeplace demo --dir $(TOWN)

test: install browser ## Run all tests but the heaviest (under 10 minutes on 2 cores)
	@$(BIN)/pytest -m "not heavy" --numprocesses 2 --dist loadfile

test-all: install browser ## Run every test
	@$(BIN)/pytest

check: install ## Check style, types, room order and SQL
	@$(BIN)/ruff check src tests
	@$(BIN)/ruff format --check src tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar $$(find src/wholeplace -path '*/sql/*.sql')

format: install ## Put the code into house style
	@$(BIN)/ruff check --fix-only src tests
	@$(BIN)/ruff format src tests

clean: ## Remove what can be made again (not the demo town)
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
