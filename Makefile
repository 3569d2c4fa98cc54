# make report  check every claim and write the report to build/report
# make test    the tests of the software, and every derivation
# make lint    style and types
# make fuzz    100,000 random statements, true and false; findings in build/fuzz
# make mutation  break the checker's rules one by one; a test has to fail for each (a sample; SAMPLE=… mutants of each operator)
# make bench   speed beside what people use instead (pip install '.[bench]' first)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto

.PHONY: report test lint fuzz mutation bench clean types

report: $(VENV)/installed
	$(BIN)/derivable report -o build/report

test: $(VENV)/installed
	$(BIN)/python -m pytest -n $(JOBS) -q

lint: $(VENV)/installed types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=types $(BIN)/mypy -p derivable

fuzz: $(VENV)/installed
	$(BIN)/python -m tests.fuzz --cases $(or $(CASES),100000) --processes $(or $(PROCESSES),2)

mutation: $(VENV)/installed
	$(BIN)/python -m tests.mutation --sample $(or $(SAMPLE),40)

bench: $(VENV)/installed
	$(BIN)/python benchmarks/equality.py --output benchmarks/results/equality.json --markdown docs/peers.md
	for subject in attention_scale score_matching wasserstein linear_scan hippo_discretization s4 online_attention transfer_function \
		nonlinear_rnn; do \
		$(BIN)/python benchmarks/$$subject.py --output benchmarks/results/$$subject.json || exit 1; done

# The import package is spread over five folders; a type checker follows links where it cannot follow an import hook.
types:
	rm -rf types && mkdir -p types/derivable
	ln -s $(CURDIR)/checker/* types/derivable/
	for folder in derivations kernels numerics report; do ln -s $(CURDIR)/$$folder types/derivable/$$folder; done

clean:
	rm -rf build types .pytest_cache .mypy_cache .ruff_cache

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("derivable needs Python 3.11 or later: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@
