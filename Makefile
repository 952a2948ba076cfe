# Two commands: `make run` and `make test`. They need Python 3.11 or newer and a package index.

PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
LOCK := $(BIN)/python -m uv pip compile --universal --python-version 3.11 --generate-hashes \
	--system-certs --no-header --annotation-style line --quiet
UV := 0.13.9

# uv is quick; pip knows the settings of a house with an index of its own.
define INSTALL
$(BIN)/python -m uv pip install --system-certs --quiet --require-hashes -r $(1) || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef

# A lock begins with its direct dependencies, as pyproject.toml names them.
define HEADED
{ echo "# Lock made by 'make lock'. Direct dependencies:"; \
  sed -n '/^$(2) = \[/,/^]/s/^ *"\(.*\)",$$/#   \1/p' pyproject.toml; echo "$(3)"; \
  cat $(1); } > $(1).new && mv $(1).new $(1)
endef

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test bench soak format lock licences roles browser port python

# A home that cannot be written to (or none) gets one here: the package cache and the store need a place.
ifneq ($(shell test -n "$$HOME" -a -d "$$HOME" -a -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.home
$(shell mkdir -p .home)
endif

# Many an image forbids Python to keep what it has compiled: then each process would compile everything anew,
# for seconds.
unexport PYTHONDONTWRITEBYTECODE

# An environment whose Python has gone is of no use: make it anew.
$(shell test ! -e $(VENV) || $(BIN)/python -c '' 2>/dev/null || rm -rf $(VENV))

help: ## what can be typed
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: port $(VENV)/.run ## start the demonstration on http://127.0.0.1:8501 (PORT, DATABASE_URL, TURVAVERKKO_DATA are honoured)
	@$(BIN)/python -m data_access init --demo
	@echo "Turvaverkko: http://127.0.0.1:$(PORT)   (Ctrl+C stops it)"
	@exec $(BIN)/python -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) \
		--server.headless true --browser.gatherUsageStats false

port: python
	@$(PYTHON) -c 'import socket as s; a = s.socket(); a.setsockopt(s.SOL_SOCKET, s.SO_REUSEADDR, 1); \
		a.bind(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "Port $(PORT) cannot be had. Choose another: PORT=8600 make run"; exit 1; }

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (PYTHON=/path/to/python names one)."; exit 1; }

test: $(VENV)/.test browser ## all checks: style, types, tests (ARGS="-k name" narrows the tests)
	@failed=""; \
	check() { name=$$1; shift; echo "== $$name"; "$$@" || failed="$$failed $$name"; }; \
	check style $(BIN)/python -m ruff check --quiet --output-format concise .; \
	check format $(BIN)/python -m ruff format --check --quiet --output-format concise .; \
	check types $(BIN)/python -m ty check --output-format concise; \
	check tests $(BIN)/python -m pytest -q -n 3 --dist worksteal $(ARGS); \
	if [ -n "$$failed" ]; then echo "FAILED:$$failed"; exit 1; fi; \
	echo "All checks passed: style, format, types, tests"

bench: $(VENV)/.test browser ## measure speed beside an empty Streamlit page
	@$(BIN)/python benchmarks/bench.py $(ARGS)

soak: $(VENV)/.test browser ## the long tests
	@$(BIN)/python -m pytest -m soak $(ARGS)

format: $(VENV)/.test ## put the code in shape
	@$(BIN)/python -m ruff check --fix . ; $(BIN)/python -m ruff format .

lock: $(VENV)/.python ## renew the locks from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(LOCK) pyproject.toml -o requirements.txt $(ARGS)
	@$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt $(ARGS)
	@echo uv==$(UV) | $(LOCK) - -o deploy/uv.txt
	@$(call HEADED,requirements.txt,dependencies,)
	@$(call HEADED,requirements-dev.txt,dev,-r requirements.txt)

licences: $(VENV)/.run ## renew the list of licences from what is installed
	@$(BIN)/python deploy/licences.py

roles: $(VENV)/.run ## renew the table of roles, pages and acts from the code
	@$(BIN)/python deploy/roles.py

# Chromium: the system's; Debian's through apt for root; else Playwright's own. Without any, tests say so.
browser: $(VENV)/.test
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium through apt"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends chromium >/dev/null && exit 0; \
	fi; \
	$(BIN)/python -m playwright install chromium || echo "No Chromium: the browser tests will not run."

$(VENV)/.python: deploy/uv.txt
	@$(MAKE) -s python
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/uv.txt
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.python
	@echo "Installing what the application needs (once)"
	@$(call INSTALL,requirements.txt)
	@touch $@

$(VENV)/.test: requirements.txt requirements-dev.txt $(VENV)/.python
	@echo "Installing what the tests need (once)"
	@$(call INSTALL,requirements-dev.txt)
	@touch $@ $(VENV)/.run
