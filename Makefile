# From a fresh machine with Python 3.11 or newer and make: `make run`, `make test`.
# What is installed is pinned in constraints.txt; the stamps say that it has been.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run notebook test lint regress bench bench-archive attack fuzz docs schema model lock clean

help:
	@echo 'make run      set up, extract samples/ to output/ and say what came out'
	@echo 'make notebook a notebook of your own to change, with charts of what is in output/'
	@echo 'make test     set up, then lint, types and tests'
	@echo 'make lint     ruff and mypy alone'
	@echo 'make regress  the figures on samples/ against their floors (samples/gate.toml)'
	@echo 'make bench    the benchmarks'
	@echo 'make bench-archive  20,000 documents of 200,000 pages (more than an hour)'
	@echo 'make attack   hostile folders, damage, failing writes and kills: what docs/security.md promises'
	@echo 'make fuzz     ten thousand damaged files'
	@echo 'make docs     the pages that are made from the code, and all as a site in build/site'
	@echo 'make schema   the schema under a raised version, into docs/schema.lock.json'
	@echo 'make model    the recogniser of persons and the finder of entries, trained anew'
	@echo 'make lock     the newest versions of what is installed, into constraints.txt'
	@echo 'make clean    remove what make made'

run: .venv/run.stamp
	@$(BIN)/poytakirja extract samples --out output
	@echo 'Look at them: poytakirja report output (docs/report.md) · load them: docs/tutorial.md · a notebook: make notebook'

notebook: docs/notebook/own.ipynb
	@echo 'Open docs/notebook/own.ipynb in an editor of notebooks, with the Python of .venv'

test: lint
	@$(BIN)/pytest

lint: .venv/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@rm -rf build/types && mkdir -p build/types/poytakirja  # the folders under the names that they are installed by
	@ln -s $(CURDIR)/extract/* $(CURDIR)/rules build/types/poytakirja/
	@MYPYPATH=build/types $(BIN)/mypy

regress: .venv/run.stamp
	@$(BIN)/poytakirja extract samples --out output --quiet
	@$(BIN)/poytakirja evaluate output samples/*.jsonl --gate samples/gate.toml

bench: .venv/dev.stamp
	@$(PIP) install -c constraints.txt -e '.[bench]'
	@for benchmark in benchmarks/peers.py benchmarks/read.py benchmarks/parse.py; do echo "$$benchmark"; $(BIN)/python "$$benchmark" || exit 1; done

bench-archive: .venv/dev.stamp
	@$(BIN)/python benchmarks/archive.py --documents 20000 --pages 200000 --sizes 1000 10000 50000 --write

attack: .venv/dev.stamp
	@STEPS=25 KILLS=10 $(BIN)/pytest tests/test_safe_start.py tests/test_damage.py tests/test_failing_writes.py tests/test_remote_inputs.py \
	  tests/test_resume.py tests/test_engines.py tests/test_limits.py tests/test_bad_inputs.py tests/test_identity_codes.py tests/test_hide.py \
	  tests/test_export.py tests/test_linear.py --no-header -r fE | tee /dev/stderr | tail -1 | sed 's/^/tried, held and failed: /'

fuzz: .venv/dev.stamp
	@$(BIN)/python tests/fuzz.py

docs: .venv/dev.stamp
	@$(BIN)/python docs/generate.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

schema: .venv/dev.stamp
	@$(BIN)/python docs/schema_lock.py

model: .venv/dev.stamp
	@$(BIN)/python training/train_people.py
	@$(BIN)/python training/train_entries.py
	@test ! -d ../shared/gold || $(BIN)/python training/measure_reliability.py ../shared/gold/*.jsonl ../shared/gold/lapua-2

lock:
	@rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/pip --quiet --disable-pip-version-check install -e '.[dev,bench]'
	@{ sed -n '/^#/p' constraints.txt; .venv-lock/bin/pip freeze --exclude-editable; } > constraints.new
	@mv constraints.new constraints.txt && rm -rf .venv-lock

clean:
	@rm -rf .venv .venv-lock build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find output -mindepth 1 ! -name .gitkeep -delete
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed: name one with make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo 'No environment can be made: on Debian and Ubuntu, apt install python3-venv first' >&2; exit 1; }

.venv/run.stamp: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Installing into .venv ...'
	@$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/notebook.stamp: .venv/run.stamp
	@echo 'Installing what notebooks need ...'
	@$(PIP) install -c constraints.txt -e '.[notebook]'
	@touch $@

# Made once: it is the reader's own from then on.
docs/notebook/own.ipynb: | .venv/notebook.stamp
	@test -d output/projects || $(BIN)/poytakirja extract samples --out output --quiet
	@$(BIN)/jupyter-execute --output=own docs/notebook/hankkeet.ipynb

.venv/dev.stamp: .venv/run.stamp
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@
