# Everything a person or the CI runs. `make` alone lists it.

PYTHON := .venv/bin/python
CALLSHEET := .venv/bin/callsheet
# Two workers. tests/conftest.py says which files begin first.
IN_TWO := -n 2 --no-loadscope-reorder --dist loadfile
NOT_LONG := -m "not long"

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests latex video explainer movie up test test-control test-attacks test-durability test-long check format bench gallery lessons looks lock clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what Callsheet needs; nothing is done where it is all there
	@bash scripts/setup.sh

setup-tests: ## the same, with what the tests need
	@bash scripts/setup.sh --tests

latex: ## install a small LaTeX for formulas in scene code, which Typst sets otherwise
	@bash scripts/latex.sh

video: setup ## make the sample video; prints the file and where to see the run
	@$(CALLSHEET) create deployments/requests/sample.yaml --out out

explainer: setup ## make a narrated film of this project's README
	@$(CALLSHEET) explain README.md --title Callsheet --out out

movie: setup ## make the trailer of the sample screenplay
	@$(CALLSHEET) movie examples/screenplays/last_ferry.fountain --mode trailer --length 60 --out out

up: setup ## database, server, runner and media, until Ctrl-C
	@$(CALLSHEET) up

test: setup-tests ## run the tests (PYTEST_ARGS="-k gateway" for some of them)
	@$(PYTHON) -m pytest $(IN_TWO) $(NOT_LONG) $(addprefix --ignore tests/,attacks control durability) $(PYTEST_ARGS)

test-control: setup-tests ## start, approve, pause, cancel, retry, queue and backfill runs on a real server
	@$(PYTHON) -m pytest $(IN_TWO) $(NOT_LONG) tests/control $(PYTEST_ARGS)

test-attacks: setup-tests ## let hostile scenes try to get out of the fence
	@$(PYTHON) -m pytest tests/attacks $(PYTEST_ARGS)

test-durability: setup-tests ## kill what runs, and see that nothing is lost or paid twice
	@$(PYTHON) -m pytest $(IN_TWO) $(NOT_LONG) tests/durability $(PYTEST_ARGS)

test-long: setup-tests ## run the long tests, which the others leave out
	@$(PYTHON) -m pytest $(IN_TWO) -m long $(PYTEST_ARGS)

check: setup ## lint, format, types and the import arrows
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

format: setup ## fix what ruff can fix by itself
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: setup ## run each benchmark: a table, and one JSON object as its last line
	@set -e; for benchmark in benchmarks/[a-z]*.py; do echo "== $$benchmark"; $(PYTHON) "$$benchmark"; done

gallery: setup ## render every template in every theme into docs/gallery
	@$(PYTHON) scripts/gallery.py
	@$(PYTHON) scripts/gallery.py --studio callsheet/gateway/pages/pictures

lessons: setup ## rehearse the lessons of examples/lessons and draw their contact sheets into docs/lessons
	@$(PYTHON) scripts/lessons.py

looks: setup ## review every template in every theme and format, with five contents
	@$(PYTHON) scripts/looks.py --all

lock: setup ## write requirements.lock again: newest versions the constraints allow, with hashes
	.venv/bin/uv pip compile pyproject.toml --group dev --upgrade --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock --quiet

clean: ## remove caches and build output; videos, database and .venv stay
	@rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
