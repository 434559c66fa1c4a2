# Everything a developer needs. `make help` lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := core plugins/strava plugins/files plugins/metrics_default plugins/gemini plugins/groq
# Installed without LiteLLM itself, which is larger than all the rest: see the plugin's README.
APART := plugins/litellm
ARGS ?=
# Many processes are started, and each would compile every module anew where this is set.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# The stamp is younger than every file that decides what is installed.
$(VENV)/.ready: requirements.lock $(PACKAGES:%=%/pyproject.toml) $(APART)/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(PACKAGES:%=-e %) -e $(APART)
	@touch $@

.PHONY: install
install: $(VENV)/.ready  ## create .venv with everything in it

.PHONY: demo
demo: $(VENV)/.ready  ## run the main job from beginning to end; ARGS="--serve" and more, see ARGS="--help"
	$(BIN)/training-analyzer demo $(ARGS)

.PHONY: test
test: $(VENV)/.ready  ## run every check and every test
	$(MAKE) --no-print-directory -j 2 lint tests

.PHONY: tests
tests: $(VENV)/.ready
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# Beside the environment, and before it in the path: the versions that both hold are the same.
LITELLM := .litellm
$(LITELLM)/.ready: $(VENV)/.ready $(APART)/requirements.lock
	rm -rf $(LITELLM)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --target $(LITELLM) --require-hashes -r $(APART)/requirements.lock
	@touch $@

.PHONY: test-litellm
test-litellm: $(LITELLM)/.ready  ## the tests of the plugin litellm with LiteLLM itself, which is too large to come along
	PYTHONPATH=$(LITELLM) $(BIN)/python -m pytest $(APART)/tests tests/core/analysis/test_failures_on_the_wire.py \
		-k litellm $(ARGS)

.PHONY: check
check: $(VENV)/.ready  ## the fast part: lint, types, contracts and the tests that take no time
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" $(ARGS)

.PHONY: lint
lint: $(VENV)/.ready  ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy core/src $(wildcard plugins/*/src) tests $(wildcard plugins/*/tests) benchmarks evaluation
	$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.ready  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(VENV)/.ready  ## measure, as ratios within one run
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: eval
eval: $(VENV)/.ready  ## score AI insights, replayed over the wire; ARGS="--live" asks the real services
	$(BIN)/python -m evaluation $(ARGS)

# The second lock is what a deployment needs: a subset of the first, without the tools.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --no-emit-package training-analyzer $(PACKAGES:%=%/pyproject.toml)

.PHONY: reference
reference: $(VENV)/.ready  ## rewrite docs/metrics from what the calculators say of themselves
	TRAINING_ANALYZER_PLUGINS=metrics_default $(BIN)/training-analyzer metrics-reference docs/metrics

.PHONY: lock
lock:  ## rewrite both lock files from the packages' own requirements
	$(COMPILE) --all-extras --group pyproject.toml:dev -o requirements.lock
	$(COMPILE) -c requirements.lock -o requirements-runtime.lock
	$(COMPILE) $(APART)/pyproject.toml --no-emit-package training-analyzer-litellm -c requirements.lock -o $(APART)/requirements.lock
