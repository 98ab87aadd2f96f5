PYTHON ?= python3
BIN = .venv/bin

.PHONY: help run test test-postgres mutants soak deploy-test bench fuzz sbom audit format messages lock clean

help:
	@echo "make run            使ってみる / set up and start everything"
	@echo "make test           すべての検査とテスト / every check and test"
	@echo "make test-postgres  データベースのテストをPostgreSQLで / database tests on PostgreSQL"
	@echo "make mutants        テストのテスト / whether tests notice a changed line (MODULES=…: of these only)"
	@echo "make soak           止めながら十分間動かす / ten minutes of movers while processes are killed (OPTIONS=…)"
	@echo "make deploy-test    九台の構成を一台で壊してみる / nine hosts in namespaces, broken under load; needs root (OPTIONS=…)"
	@echo "make bench          一回の引越しのCPUを、素のDjangoと比べる / CPU of a whole move beside plain Django, on PostgreSQL (OPTIONS=…)"
	@echo "make fuzz           長く乱数で試す / the randomised tests with many more examples"
	@echo "make sbom           部品表を作る / list of packages as CycloneDX: sbom.cdx.json"
	@echo "make audit          依存パッケージの弱点を調べる / known vulnerabilities of the pinned packages (asks PyPI)"
	@echo "make format         書式をそろえる / format the code"
	@echo "make messages       翻訳する文を集める / collect the strings to translate (LANGUAGE=vi: begin one)"
	@echo "make lock           依存パッケージを固定する / pin the dependencies (UPGRADE=1: newest)"
	@echo "make clean          .venvと一時ファイルを消す (var/は残す) / remove all that can be made again, not var/"

run:
	@$(PYTHON) -m bootstrap.venv run
	@$(PYTHON) -m bootstrap.debian
	@exec $(BIN)/renrakucho run

test:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m bootstrap.checks

test-postgres:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m bootstrap.checks --postgres

mutants:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m bootstrap.mutants $(OPTIONS) $(MODULES)

soak:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m benchmarks.soak $(OPTIONS)

deploy-test:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m benchmarks.cluster $(OPTIONS)

bench:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m benchmarks.ladder $(OPTIONS)

# Games of mover, clerk, systems, worker and clock; API; forms; return links; CSV; written addresses.
FUZZED = tests/delivery/test_move_machine.py tests/receipt/test_transitions.py tests/receipt/test_return_link.py \
	tests/systems/test_openapi.py tests/api/test_fuzzed.py tests/sheet tests/lib tests/address_written

fuzz:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/pytest --hypothesis-profile=long $(OPTIONS) $(FUZZED)

sbom:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/cyclonedx-py requirements --output-reproducible --sv 1.6 --of JSON -o sbom.cdx.json requirements/run.txt

audit:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m bootstrap.dependency_audit

format:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages:
	@$(PYTHON) -m bootstrap.venv dev
	@$(BIN)/python -m bootstrap.messages $(LANGUAGE)

# The lists hold hashes and no addresses, so that any registry or mirror serves them.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url $(if $(UPGRADE),--upgrade)

lock:
	@$(PYTHON) -m bootstrap.venv dev
	$(COMPILE) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) requirements/run.in -o requirements/run.txt
	$(COMPILE) -c requirements/run.txt requirements/run.in requirements/telemetry.in -o requirements/telemetry.txt
	$(COMPILE) -c requirements/telemetry.txt --override requirements/overrides.txt requirements/dev.in -o requirements/dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
