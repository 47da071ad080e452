# The few commands a newcomer needs. Everything is installed into .venv with the versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt
MADE_FROM := setup.cfg pyproject.toml constraints.txt

.PHONY: demo start test check texts wheel

# The demo community on this machine: makes it on the first run, keeps its data on every further one.
demo: .venv/.installed
	$(BIN)/timebank demo

# The service on the database that TIMEBANK_DATABASE_URL names.
start: .venv/.installed
	$(BIN)/timebank serve

# Every test, on SQLite and PostgreSQL.
test: .venv/.installed-dev
	$(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal

# Linter, formatter, what is dangerous, types.
check: .venv/.installed-dev
	$(BIN)/ruff check --config .ci/ruff.toml .
	$(BIN)/ruff format --config .ci/ruff.toml --check .
	$(BIN)/bandit --quiet --recursive timebank --configfile .ci/bandit.yaml
	$(BIN)/mypy

# The English of the pages: collects new texts from code and templates, and names what has no English yet.
texts: .venv/.installed-dev
	$(BIN)/python -m tests.web.catalogue

# The file to install elsewhere: dist/timebank-*.whl.
wheel: .venv/.installed-dev
	$(BIN)/python -m build --wheel

.venv/.installed: $(MADE_FROM)
	@echo "Installing into .venv (about half a minute) ..."
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(INSTALL) -e .
	@touch $@

.venv/.installed-dev: $(MADE_FROM)
	@echo "Installing into .venv, with what the tests need (about a minute) ..."
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(INSTALL) -e '.[dev]'
	@touch $@ .venv/.installed
