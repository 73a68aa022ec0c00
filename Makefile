# Two commands: `make run` starts the bot, `make test` checks everything. Both install what they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test eval bench lock clean
.DELETE_ON_ERROR:

run: .venv/installed-run
	@exec $(BIN)/python -m bot run

test: .venv/installed-test
	@exec $(BIN)/python tests/stages.py

eval: .venv/installed-test
	@$(BIN)/python -m tests.eval
	@$(BIN)/python -m tests.eval.triage

bench: .venv/installed-test
	@$(BIN)/python -m tests.bench

# The locked dependencies, with hashes and without addresses: run after changing pyproject.toml.
lock: .venv/bin/python
	@$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --constraints requirements-dev.txt --output-file requirements.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Waymark needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv

.venv/installed-run: requirements.txt | .venv/bin/python
	@echo "Installing what Waymark needs (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-test: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/installed-run

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
