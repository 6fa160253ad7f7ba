# The commands of the project; each sets up first what it needs. `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED = 1
# A third of the tests' time is waiting for browsers and answers: one worker more than cores uses it.
WORKERS := $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage run tour bench drill lint format audit messages

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## virtual environment from uv.lock, and a Chromium
	@$(BIN)/python tools/find_chromium.py

$(VENV)/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --quiet
	@touch $@

demo: setup ## the bot in a sandbox world; open the printed address in a browser
	@$(BIN)/python -m sandbox demo

test: setup ## the whole test suite
	@PYTEST_XDIST_AUTO_NUM_WORKERS=$(WORKERS) $(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

coverage: setup ## the whole test suite, and which lines it leaves out
	@$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

run: $(VENV)/.ready ## the bot on real Telegram, from settings.env
	@$(BIN)/vykup run

tour: setup ## the demo without a person: every step pressed by its label
	@$(BIN)/python -m sandbox tour

bench: setup ## all benchmarks, or one: make bench BENCH=name
	@$(BIN)/python -m benchmarks $(BENCH)

drill: setup ## kills and faults; the last line is JSON
	@$(BIN)/python -m tests.drill

lint: $(VENV)/.ready ## ruff, types, import contracts, migrations, catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m storage.migrate check
	@$(BIN)/python -m bot.locales_check

format: $(VENV)/.ready ## ruff's formatting and safe fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

audit: $(VENV)/.ready ## known holes in the locked dependencies (needs the network)
	@$(BIN)/uv audit --locked
