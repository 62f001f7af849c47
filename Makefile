# make demo: a working system with a demo company. make test: the whole suite. README.md has the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3.13 || command -v python3.12 || command -v python3)
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo start test lint bench lock messages openapi screenshots clean

demo: $(BIN)/.installed
	$(BIN)/python manage.py start --demo --port $(PORT)

start: $(BIN)/.installed
	$(BIN)/python manage.py start --port $(PORT)

test: $(BIN)/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(BIN)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy kam accounts scoring goals engagement reports
	$(BIN)/lint-imports

bench: $(BIN)/.installed-dev
	$(BIN)/python -m benchmarks

lock: $(BIN)/.installed-dev
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -q requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -q requirements-dev.in -o requirements-dev.txt

messages: $(BIN)/.installed-dev
	$(BIN)/python manage.py makemessages -l de --no-location --no-obsolete --no-wrap -i .venv -i var -i staticfiles
	$(BIN)/python manage.py compilemessages -v 0 -i .venv

openapi: $(BIN)/.installed-dev
	$(BIN)/python manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml

screenshots: $(BIN)/.installed-dev
	$(BIN)/python scripts/screenshots.py

clean:
	rm -rf .venv staticfiles

$(BIN)/.installed: requirements.txt scripts/venv.sh
	test -x $(BIN)/pip || sh scripts/venv.sh "$(PYTHON)"
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements.txt
	touch $@

$(BIN)/.installed-dev: requirements-dev.txt $(BIN)/.installed
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.txt
	touch $@
