# Each target sets everything up by itself; all it needs is python3 (3.11 or newer), pip, make and git.
#
#   make          set up, then say what next
#   make demo     the main job, from the first report to the appeal, on embedded SQLite; on a terminal it then serves
#                 the pages of it until Ctrl-C (ONCE=1: not)
#   make serve    the pages and the API of your own organisation, in alteram-data
#   make test     every check and every test
#   make check    format, lint, types, import contracts and spelling only
#   make docs     the documentation, into docs/_build/html
#   make bench    the figures, as a table and as JSON
#   make faults   the long fault tests, and the properties on examples drawn anew
#   make mutants  each rule of each rulebook weakened in turn, as a page of the documentation; half an hour
#   make lock     pin requirements/*.in again into requirements/*.txt; UPGRADE=1 takes newer versions
#   make clean    remove whatever these made, the environment too

PYTHON ?= python3
READY := .venv/.ready
RUN := .venv/bin/python
PINNED := --require-hashes --only-binary :all:
# Constraints of other projects carry no hashes and would make the installation refuse ours.
# The system's certificates hold whatever the machine's owner trusts beside the usual ones.
UV := env -u UV_CONSTRAINT $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),UV_SYSTEM_CERTS=1) \
	VIRTUAL_ENV=.venv .venv/bin/uv
PIP := env -u PIP_CONSTRAINT -u PIP_USER -u PIP_REQUIRE_VIRTUALENV -u PIP_TARGET \
	$(PYTHON) -m pip --python .venv/bin/python --disable-pip-version-check
LOCK := ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

.DELETE_ON_ERROR:
.PHONY: ready demo serve test check docs bench faults mutants lock clean

ready: $(READY)
	@echo "Alteram is set up. Next: make demo, or make serve, or make test, or .venv/bin/alteram --help"

# Debian's python3 has no ensurepip and refuses pip outside an environment, hence an environment without pip,
# filled from outside by Debian's pip, which brings uv, which brings the rest.
$(READY): requirements/bootstrap.txt requirements/develop.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Alteram needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m pip --version >/dev/null || { echo "pip is missing: sudo apt-get install python3-pip"; exit 2; }
	@test -x .venv/bin/python || $(PYTHON) -m venv --without-pip .venv
	@echo "Setting up in .venv …"
	@$(PIP) install --quiet --no-deps $(PINNED) -r requirements/bootstrap.txt
	@$(UV) pip install --quiet $(PINNED) -r requirements/develop.txt || \
		{ echo "uv could not; trying pip, which knows where this machine gets its packages …"; \
		$(PIP) install --quiet --no-deps $(PINNED) -r requirements/develop.txt; }
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@.venv/bin/alteram demo$(if $(ONCE), --once)

serve: $(READY)
	@.venv/bin/alteram serve

test: $(READY)
	@$(RUN) tools/run_tests.py

check: $(READY)
	@$(RUN) tools/run_tests.py check

docs: $(READY)
	@$(RUN) tools/generate_docs.py
	@$(RUN) -m tools.generate_messages
	@$(RUN) tools/run_tests.py docs

bench: $(READY)
	@$(RUN) -m benchmarks.run

faults: $(READY)
	@ALTERAM_DRAW_ANEW=1 $(RUN) -m pytest -m campaign -n 2 -o faulthandler_timeout=7200
	@ALTERAM_DRAW_ANEW=1 $(RUN) -m pytest -n 2 tests/property

mutants: $(READY)
	@.venv/bin/alteram rulebook weaken --all --jobs 2 --page docs/reference/weakened-rules.md

# The product first: development tools then take the same versions of what both need.
lock: $(READY)
	cd requirements && $(LOCK) bootstrap.in -o bootstrap.txt
	cd requirements && $(LOCK) product.in -o product.txt
	cd requirements && $(LOCK) develop.in --constraints product.txt -o develop.txt
	$(MAKE) --no-print-directory ready

clean:
	rm -rf .venv var docs/_build build .coverage .coverage.* .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -rf src/alteram.egg-info
