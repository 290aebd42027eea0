.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help install check format test slow lint types layers evals bench scale clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	python3 -m venv $(VENV)

install: $(BIN)/python  ## a virtual environment with everything for development, exact versions
	$(BIN)/pip install --quiet -c constraints.txt -e ".[dev]"

check: lint types layers test  ## what every change must pass (under three minutes)

format:  ## rewrite the code in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test:  ## fast tests, on every core
	$(BIN)/pytest -n auto --dist worksteal -q -m "not slow and not browser"

slow:  ## tests that take long: wheels, servers, kills, crowds, ten thousand prompts, a browser
	$(BIN)/pytest -m "slow or browser"

lint:  ## ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:  ## mypy --strict
	$(BIN)/mypy

layers:  ## the direction of imports
	$(BIN)/lint-imports

evals:  ## the gold: invariants a case, aggregates against the baseline
	$(BIN)/pytest evals

bench:  ## where a question spends its time
	$(BIN)/python benchmarks/ask.py

scale:  ## what 1,000 to 100,000 articles cost (half an hour; SIZES="1000 10000" for less)
	$(BIN)/python -m benchmarks.scale --sizes $(or $(SIZES),1000 10000 100000)

clean:  ## remove what tools left behind
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache dist build reports
