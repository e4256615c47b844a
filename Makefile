# What a person types. Each recipe does its own set-up (.ci/set-up); nothing else is needed on a fresh machine.

PYTHON_IN_VENV = .venv/bin/python
PYTEST = QT_QPA_PLATFORM=offscreen $(PYTHON_IN_VENV) -m pytest
TOUR ?= ./tour

.PHONY: help run tour test prove bench check format words

help:
	@echo "make run     open the till on the demo shop (without a display: the tour)"
	@echo "make tour    drive the till by keys, offscreen; receipts and screenshots in $(TOUR)"
	@echo "make test    set up and run all tests"
	@echo "make prove   the long counts: kills, properties, whole weeks"
	@echo "make bench   the figures"
	@echo "make check   format, lint, types, arrows, architecture"
	@echo "make words   compile the translations"
	@echo "make format  format, and rewrite what the tree writes into the README"

run:
	@sh .ci/set-up run
	@if [ "$$(uname -s)" = Darwin ] || [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		.venv/bin/shuke till --demo; \
	else \
		echo "There is no display here, so the tour runs instead: pages and receipts go to $(TOUR)"; \
		QT_QPA_PLATFORM=offscreen $(PYTHON_IN_VENV) -m tests.e2e.tour $(TOUR); \
	fi

tour:
	@sh .ci/set-up run
	QT_QPA_PLATFORM=offscreen $(PYTHON_IN_VENV) -m tests.e2e.tour $(TOUR)

# A process for each core, each file in one of them. A test that hangs tells where it stands and fails: nobody waits
# for it for hours.
test:
	@sh .ci/set-up test
	$(PYTEST) tests -m "not prove and not bench" -n auto --dist loadfile \
		-o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true

prove:
	@sh .ci/set-up test
	$(PYTEST) tests -m prove

# In file order and with their output: figures are read, and compared with the last ones.
bench:
	@sh .ci/set-up test
	$(PYTEST) tests -m bench -p no:randomly -s

check:
	@sh .ci/set-up test
	$(PYTHON_IN_VENV) -m ruff format --check .
	$(PYTHON_IN_VENV) -m ruff check .
	$(PYTHON_IN_VENV) -m mypy
	.venv/bin/lint-imports
	$(PYTEST) tests/architecture

format:
	@sh .ci/set-up test
	$(PYTHON_IN_VENV) -m ruff format .
	$(PYTHON_IN_VENV) -m ruff check --fix .
	$(PYTHON_IN_VENV) -m tests.architecture.nouns

words:
	@sh .ci/set-up run
	$(PYTHON_IN_VENV) -m pos_app.words.build
