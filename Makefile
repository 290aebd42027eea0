.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help install check format test slow coverage lint types layers evals bench scale clean

help:  ## list all targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	python3 -m venv $(VENV)

install: $(BIN)/python  ## create a virtual environment for development, with exact versions
	$(BIN)/pip install --quiet -c constraints.txt -e ".[dev]"

check: lint types layers test  ## run what every change must pass (some minutes)

format:  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test:  ## run the fast tests on all cores
	$(BIN)/pytest -n auto --dist worksteal -q -m "not slow and not browser"

slow:  ## run the slow tests: wheel, servers, kills, many users, thousands of cases, a browser
	$(BIN)/pytest -m "slow or browser"

coverage:  ## run the fast tests and say which lines of qa/ they do not reach (it doubles their time)
	$(BIN)/pytest -n auto --dist worksteal -q -m "not slow and not browser" --cov --cov-report=term:skip-covered

lint:  ## run ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:  ## run mypy --strict
	$(BIN)/mypy

layers:  ## check the direction of imports
	$(BIN)/lint-imports

evals:  ## run the gold questions and compare with the baseline
	$(BIN)/pytest evals
	$(BIN)/pytest evals --replies evals/replies

bench:  ## measure where a question spends its time
	$(BIN)/python benchmarks/ask.py

scale:  ## measure what 1,000 to 100,000 articles cost (half an hour; less with SIZES="1000 10000")
	$(BIN)/python -m benchmarks.scale --sizes $(or $(SIZES),1000 10000 100000)

clean:  ## remove the virtual environment, caches and reports
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache dist build reports
