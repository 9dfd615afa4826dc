# The Python that this machine can run: TFX 1.21 (3.12) needs glibc 2.39 or macOS on arm64, else TFX 1.16 (3.10).
PYTHON ?= $(shell sh tools/pick_python.sh)
UV_VERSION := 0.13.9
UV := .uv/bin/uv
STAMP := .venv/.synced-$(PYTHON)
MLFLOW_VERSION := 3.17.2
MLFLOW := .mlflow/.installed-$(MLFLOW_VERSION)
KFP_VERSION := 2.17.0
KFP := .kfp/.installed-$(KFP_VERSION)
RUN := .venv/bin
ENGINE = $(shell docker info >/dev/null 2>&1 && echo docker || echo podman)
IMAGE ?= segpipe
DEVICE ?= cpu
COMPOSE ?= $(ENGINE) compose
# As pip does: where Python may not write compiled modules of its own, TFX is imported in 7 seconds in place of 21.
export UV_COMPILE_BYTECODE := 1
COMMIT = $(shell git describe --always --dirty --abbrev=40 --exclude='*')

.DEFAULT_GOAL := help
.PHONY: help setup demo browser test test-fast test-next coverage fuzz test-image test-compose image lint format docs lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## make .venv from uv.lock (PYTHON=3.x overrides the choice of Python)

demo: setup  ## generate a dataset, train, evaluate and push a small model (a few minutes)
	@test -d data/shapes || $(RUN)/segpipe shapes --out data/shapes
	@$(RUN)/segpipe run configs/shapes.yaml

browser: setup  ## find or install the Chromium that tests open our pages in
	@sh tools/find_browser.sh > /dev/null || sh tools/install_browser.sh $(RUN)/playwright

# In the groups and the order of tests/conftest.py.
test: setup browser $(MLFLOW) $(KFP)  ## run every test
	@$(RUN)/segpipe --version
	@$(RUN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder

test-fast: setup  ## run the tests that take no pipeline run and no browser
	@$(RUN)/pytest -m "not slow"

# In a copy of this tree within a Debian 13, as root, where this system is too old for it.
test-next:  ## run every test and the demo on the newest TFX and Python
	@$(if $(filter 3.10,$(PYTHON)),tools/debian_13.sh) $(MAKE) --no-print-directory test demo PYTHON=3.13

coverage: setup browser $(MLFLOW) $(KFP)  ## run every test and say which lines none has run; too few is an error
	@$(RUN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder --cov

fuzz: setup  ## check 20,000 mutated records and send 5,000 mutated requests: none may crash, hang or leak (minutes)
	@$(RUN)/python -m tests.components.segmentation_example_gen.fuzz 20000
	@$(RUN)/python -m tests.pipeline.server.fuzz 5000

image:  ## build the image of Kubeflow's tasks (IMAGE=name:tag DEVICE=gpu BASE=image BUILD_FLAGS=...)
	$(ENGINE) build --file kubeflow/Dockerfile --tag $(IMAGE) --build-arg DEVICE=$(DEVICE) \
		--build-arg COMMIT=$(COMMIT) $(if $(BASE),--build-arg BASE=$(BASE)) $(BUILD_FLAGS) .

test-image: setup image  ## build the image and try it: needs docker or podman, takes ten minutes
	@tests/image/check.sh $(ENGINE) $(IMAGE)

test-compose: image  ## build the image, start the containers of compose.yaml and try them (COMPOSE="docker compose")
	@tests/image/check_compose.sh $(IMAGE) $(COMPOSE)

lint: setup  ## check format, style and types
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/mypy

format: setup  ## format the code and mend what can be mended
	@$(RUN)/ruff format .
	@$(RUN)/ruff check --fix .

docs: setup  ## write docs/configuration.md from the typed configuration
	@$(RUN)/python -m pipeline.describe_config > docs/configuration.md

lock: $(UV)  ## refresh uv.lock, for both TFX releases
	@$(UV) lock --upgrade

clean:  ## remove the environments (runs/ and data/ stay)
	rm -rf .venv .uv .mlflow .kfp

$(UV):
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(STAMP): pyproject.toml uv.lock | $(UV)
	@rm -f .venv/.synced-*
	$(UV) sync --frozen --python $(PYTHON)
	@touch $@

# The server that tests log to; the project itself has MLflow's light client.
$(MLFLOW): | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) .mlflow
	$(UV) pip install --quiet --python .mlflow mlflow==$(MLFLOW_VERSION)
	@touch $@

# The current SDK of Kubeflow Pipelines, by which tests read what we compile; our own is as old as TFX asks for.
$(KFP): | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) .kfp
	$(UV) pip install --quiet --python .kfp kfp==$(KFP_VERSION) kfp-kubernetes==$(KFP_VERSION)
	@touch $@
