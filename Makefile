# The commands a person types. `make` lists them. State lives in .data/, tools in .venv/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-ready
DEV_STAMP := $(VENV)/.dev-ready
# What only writes files from the code asks for an installation where there is none, and never for another one.
INSTALLED := $(if $(wildcard $(DEV_STAMP)),,$(DEV_STAMP))

.DEFAULT_GOAL := help
.PHONY: help setup up demo doctor test faults clients kafka kafka-test simulate bench memory check format contracts catalogues lock docs layout examples screenshots clean

help: ## List these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV_STAMP) ## Install everything into .venv/ without starting anything

up: $(RUN_STAMP) ## Run the whole platform on this machine; Ctrl-C stops it (ARGS="--data D --ports-offset N")
	@$(BIN)/score up $(ARGS)

demo: $(RUN_STAMP) ## Drive a programme cycle through the HTTP endpoints of the running platform
	@$(BIN)/score demo $(ARGS)

doctor: $(RUN_STAMP) ## Say in words what is wrong
	@$(BIN)/score doctor $(ARGS)

test: $(DEV_STAMP) ## Run the whole suite (no kill loops)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

clients: $(DEV_STAMP) ## Lint the API's document and drive a journey by clients generated from it (needs Node.js 18 and npm)
	@SCORE_REQUIRE=all $(BIN)/python -m pytest tests/journeys/test_generated_clients.py

faults: $(DEV_STAMP) ## Kill tests on real processes, judged from databases and topics (docs/faults.md); ARGS="--seed N --long"
	@$(BIN)/python -m tests.resilience.faults $(ARGS)
	@$(BIN)/python -m tests.resilience.letters $(ARGS)
	@$(BIN)/python -m pytest tests/platform/messaging -m faults
	@$(BIN)/python -m pytest tests/resilience/stack/test_failures.py

kafka: $(RUN_STAMP) ## Run Apache Kafka, three brokers, on this machine (needs Java 17 and Maven); Ctrl-C stops it
	@$(BIN)/python -m deploy.kafka up

kafka-test: $(DEV_STAMP) ## Integration, kill and journey tests on Apache Kafka (as make kafka); PAGE=1 writes docs/brokers.md
	@$(BIN)/python -m tests.resilience.kafka $(if $(PAGE),--page) $(ARGS)

simulate: $(DEV_STAMP) ## Run the seeded simulation of the backbone and its planted bugs
	@$(BIN)/python -m tests.resilience.simulation --seeds 2000
	@$(BIN)/python -m tests.resilience.simulation.mutants

bench: $(DEV_STAMP) ## What the guarantees cost beside bare loops, into docs/benchmarks.md; ARGS="relay" for one part
	@$(BIN)/python -m bench $(ARGS)

memory: $(DEV_STAMP) ## Does anything grow? The whole platform at work for ten minutes (ARGS="--minutes 10")
	@$(BIN)/python -m bench.memory $(ARGS)

check: $(DEV_STAMP) ## Format, lint, types, import contracts, frozen contracts; no services
	@failed=""; \
	step() { echo "== $$1"; shift; "$$@" || failed="$$failed $$1"; }; \
	step "format (mend with make format)" $(BIN)/ruff format --check --quiet .; \
	step "lint" $(BIN)/ruff check .; \
	step "types" $(BIN)/mypy; \
	step "imports" $(BIN)/lint-imports --no-logo; \
	step "contracts (new events: make contracts)" $(BIN)/python -m shared.contracts check; \
	step "generated pages (mend with make docs)" $(BIN)/python -m docs.generate --check; \
	test -z "$$failed"

format: $(DEV_STAMP) ## Format the code and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

contracts: $(INSTALLED) ## Write frozen schemas and golden samples of new events
	@$(BIN)/python -m shared.contracts write

catalogues: $(INSTALLED) ## Collect the words for people into locale/id/messages.po; new ones come in empty
	@$(BIN)/python -m shared.i18n.extraction

layout: $(DEV_STAMP) ## Compile the layout of letters from its MJML
	@$(BIN)/python -m services.notifications.content.layout

docs: $(INSTALLED) ## Write the generated pages of docs/
	@$(BIN)/python -m docs.generate

examples: $(DEV_STAMP) ## Write the examples of the OpenAPI documents, from what tests send and are answered, and the pages
	@$(BIN)/python -m tests.support.contract.recorder
	@$(BIN)/python -m docs.generate

screenshots: $(DEV_STAMP) ## Take the pictures of docs/pages.md (needs Chromium)
	@$(BIN)/python -m docs.screenshots

lock: $(DEV_STAMP) ## Resolve the dependencies again
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra embedded pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra embedded --extra dev pyproject.toml -o requirements-dev.lock

clean: ## Remove the state of the embedded run
	rm -rf .data

$(RUN_STAMP): requirements.lock pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
