# Every target that a person may want has a ## line; `make` alone shows them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
LAKE   := demo/lake
RUN    := demo/run
SAFE   := demo/safe
# Tests that start clusters, browsers and many processes run after the others: they mostly wait.
HEAVY  := ray or spark or browser or slow
# Where the peers of the benchmark live, if not in .venv: make bench PEERS=/path/to/python
PEERS  ?=

.DEFAULT_GOAL := help
# What tests use beside Python packages; each skips where it cannot be had.
OTHERS := setup-airflow setup-azurite setup-browser setup-clients setup-infra setup-servers setup-spark

.PHONY: help setup $(OTHERS) demo test lint format bench clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv with lakescan, its extras and the developers' tools

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lakescan needs Python 3.11 or newer: make PYTHON=python3.11 setup")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setup: installing into $(VENV) (some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
		--constraint constraints.txt --editable '.[all,dev]'
	@touch $@

setup-browser: ## install Chromium for the report's browser test (Debian, as root; else skipped)
	@if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "setup-browser: installing chromium and chromium-driver"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null \
		|| echo "setup-browser: not available; the browser tests will skip"; \
	else echo "setup-browser: needs root and apt-get; the browser tests will skip"; fi

setup-airflow: setup ## install Airflow beside lakescan in .venv/airflow, for the tests of its DAGs (else skipped)
	@if test $(VENV)/airflow/.ready -nt pyproject.toml; then :; else \
		echo "setup-airflow: installing Airflow into $(VENV)/airflow (a minute or more)"; \
		{ $(BIN)/python -m venv $(VENV)/airflow && $(VENV)/airflow/bin/python -m pip install --quiet \
			--disable-pip-version-check --root-user-action=ignore apache-airflow==3.3.2 coverage \
			--editable '.[ray-jobs]' && touch $(VENV)/airflow/.ready; } \
		|| echo "setup-airflow: not available; the tests of Airflow will skip"; fi

setup-azurite: setup ## install Azurite for the tests of Azure (with npm; else skipped)
	@if test -x $(VENV)/node/node_modules/.bin/azurite-blob || command -v azurite-blob >/dev/null; then :; \
	elif command -v npm >/dev/null; then \
		echo "setup-azurite: installing azurite"; \
		npm install --silent --no-fund --no-audit --prefix $(VENV)/node azurite@3.35.0 >/dev/null \
		|| echo "setup-azurite: not available; the tests of Azure will skip"; \
	else echo "setup-azurite: needs npm; the tests of Azure will skip"; fi

# Without what they depend on: it is here already, or only for other parts of them.
CLIENTS := zenguard==0.3.0 protegrity-ai-developer-python==1.2.2

setup-clients: setup ## put other products' own clients into .venv/clients, for the service's tests (else skipped)
	@if test -e $(VENV)/clients/.ready; then :; else \
		echo "setup-clients: installing $(CLIENTS)"; \
		{ $(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
			--no-deps --target $(VENV)/clients $(CLIENTS) && touch $(VENV)/clients/.ready; } \
		|| echo "setup-clients: not available; the tests of other products' clients will skip"; fi

setup-servers: ## install PostgreSQL and MariaDB for the databases' tests (Debian, as root; else skipped)
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && PATH="$$PATH:/usr/sbin" command -v mariadbd >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "setup-servers: installing postgresql and mariadb-server"; \
		{ apt-get update -qq && mkdir -p /etc/postgresql-common/createcluster.d && \
			echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/tests.conf && \
			DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
			apt-get install -y -qq --no-install-recommends postgresql mariadb-server; } >/dev/null \
		|| echo "setup-servers: not available; the databases' tests will skip"; \
	else echo "setup-servers: needs root and apt-get; the databases' tests will skip"; fi

setup-spark: ## install Java 17 for the tests of Spark (Debian, as root; else skipped)
	@if command -v java >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "setup-spark: installing openjdk-17-jre-headless"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless; } >/dev/null \
		|| echo "setup-spark: not available; the tests of Spark will skip"; \
	else echo "setup-spark: needs root and apt-get; the tests of Spark will skip"; fi

# checkov's own pins clash with ours; of the providers' schemas only the packages' files are read.
setup-infra: setup ## fetch checkov and the cloud providers' schemas for the tests of infra/ (else these skip)
	@if test -e $(VENV)/infra/.ready; then :; else \
		echo "setup-infra: fetching checkov and the providers' schemas"; \
		{ $(PYTHON) -m venv $(VENV)/infra && $(VENV)/infra/bin/python -m pip install \
			--quiet --disable-pip-version-check checkov==3.3.30 && $(VENV)/infra/bin/python -m pip download \
			--quiet --disable-pip-version-check --no-deps --dest $(VENV)/infra cdktf-cdktf-provider-aws==21.22.1 \
			cdktf-cdktf-provider-azurerm==14.23.1 cdktf-cdktf-provider-google==16.12.1 \
			&& touch $(VENV)/infra/.ready; } \
		|| echo "setup-infra: not available; some tests of infra/ will skip"; fi

demo: setup ## build a small demo lake, scan and anonymize it, and show what was found
	@$(BIN)/python demo/show.py $(LAKE) $(RUN) $(SAFE)

test: setup $(OTHERS) ## run all tests, with the coverage floor
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile -m "not ($(HEAVY))"
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile --durations=15 -m "$(HEAVY)"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: setup ## ruff, mypy --strict, the import law
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python changelog.d/check.py

format: setup ## let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## speed and memory against pyarrow's bare read and the peers, in one run
	$(BIN)/python benchmarks/scan.py $(if $(PEERS),--peers-python $(PEERS))

clean: ## remove .venv, caches, the demo lake and its run
	rm -rf $(VENV) $(LAKE) $(RUN) $(SAFE) benchmarks/data build dist .coverage .coverage.* htmlcov \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
