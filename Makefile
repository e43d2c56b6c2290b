# Two commands matter: `make drill` opens the console on the embedded sandbox, `make test` runs the tests.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
UV     := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
UV_VERSION := 0.13.9

.PHONY: drill test lint format bench soak breakages man lock clean

drill: $(VENV)/.drill
	@$(BIN)/cutover drill

test: $(VENV)/.dev
	@$(BIN)/pytest -n 3 --dist loadgroup

soak: $(VENV)/.dev
	@$(BIN)/pytest --soak -n 2 --dist loadgroup -m "soak or catalogue"

breakages: $(VENV)/.dev
	@$(BIN)/python -m tests.breakages

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks

man: $(VENV)/.drill
	@$(BIN)/cutover man -o docs/cutover.1

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q tests/docs

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# The environment: uv from PyPI, then the locked dependencies with their hashes, then this checkout.
$(VENV)/.uv:
	@$(PYTHON) -c 'import sys, venv; sys.exit("cutover needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.drill: $(VENV)/.uv requirements/drill.lock pyproject.toml
	@echo "installing what the drill needs into $(VENV) ..."
	@$(UV) --require-hashes -r requirements/drill.lock
	@$(UV) --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.drill requirements/dev.lock
	@echo "installing what the tests need into $(VENV) ..."
	@$(UV) --require-hashes -r requirements/dev.lock
	@touch $@

lock: $(VENV)/.uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
		--custom-compile-command "make lock" --extra drill pyproject.toml -o requirements/drill.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
		--custom-compile-command "make lock" --extra drill --extra serve --extra notify --group dev pyproject.toml -o requirements/dev.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
