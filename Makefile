# Every target says in one line what it is for; `make` alone prints them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

NODE := hack/node
VITEST := $(NODE) node_modules/vitest/vitest.mjs

KIND := $(NODE) --no-warnings hack/kind/main.ts

.PHONY: help charter charter-run test detection soak lint typecheck bench clean \
  doctor engine tools test-apiserver e2e-network e2e-tenants e2e-two-clusters run-pid stop soak-full node-image image image-verify kind-up kind-down kind-status kind-sweep e2e-kind

help: ## print the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

# GNU make adds a line of its own after a failed recipe and always exits with 2. Under -q it does neither: lines marked + run,
# and a goal that is not up to date exits with 1 in silence. So SUMMARY stays the last line, and red is 1 (docs/exit-codes.md).
ifneq ($(filter charter,$(MAKECMDGOALS)),)
MAKEFLAGS += -q
endif

charter: charter-run ## run all campaigns against the embedded reference platform (ARGS="--campaign C-10")
	$(if $(wildcard charter-out/.red),@false)

charter-run: node_modules/.ready
	+-@mkdir -p charter-out && touch charter-out/.red
	+-@$(NODE) runner/cli/charter.mjs run --embedded $(ARGS) && rm charter-out/.red || true

test: node_modules/.ready ## run all tests: unit, contract, detection matrix, kills
	@$(VITEST) run $(ARGS)

test-apiserver: node_modules/.ready ## run the tests that start a real API server (built with Go where it is not there)
	@$(KIND) apiserver
	@$(VITEST) run --config vitest.apiserver.config.ts $(ARGS)

detection: node_modules/.ready ## judge every case with every fault of the reference platform
	@CHARTER_DETECTION=full $(VITEST) run fixtures/testing/matrix

soak: node_modules/.ready ## run what takes longer: more kills, locks that run out, all faults, a real browser
	@$(VITEST) run --config vitest.soak.config.ts $(ARGS)

soak-full: node_modules/.ready ## the same at full size (hours)
	@CHARTER_SOAK=full $(VITEST) run --config vitest.soak.config.ts $(ARGS)

lint: node_modules/.ready ## check style and formatting
	@$(NODE) node_modules/.bin/biome check .

typecheck: node_modules/.ready ## check the types
	@$(NODE) node_modules/.bin/tsc --noEmit

bench: node_modules/.ready ## measure, as ratios against baselines of the same run (ARGS="start pod")
	@$(NODE) --no-warnings bench/all.ts $(ARGS)

doctor: node_modules/.ready ## check what this machine gives for kind clusters
	@$(KIND) doctor

engine: node_modules/.ready ## start a Docker engine where none runs (root)
	@$(KIND) engine

tools: node_modules/.ready ## bring helm, which the tests of the chart need
	@$(KIND) tools

node-image: node_modules/.ready ## pull or build the image of a kind node
	@$(KIND) node-image

kind-up: node_modules/.ready ## bring kind clusters up (CLUSTERS="home remote-a remote-b"; all without it)
	@$(KIND) up $(CLUSTERS)

kind-down: node_modules/.ready ## remove them
	@$(KIND) down $(CLUSTERS)

kind-status: node_modules/.ready ## say which of them run
	@$(KIND) status

kind-sweep: node_modules/.ready ## remove what a killed harness left
	@$(KIND) sweep

image: node_modules/.ready ## build the images, and print their size
	@$(NODE) --no-warnings hack/image/main.ts build $(ARGS)

image-verify: node_modules/.ready ## build the images twice, compare, and run them (Buildah, root)
	@$(NODE) --no-warnings hack/image/main.ts verify

e2e-kind: node_modules/.ready ## prove the chart on a real kind cluster (ARGS="-t lock"; KEEP=0 removes the cluster)
	@$(NODE) --no-warnings hack/e2e/main.ts $(ARGS)

e2e-network: node_modules/.ready ## judge the whole catalogue of NetworkPolicies on a real kind cluster
	@$(NODE) --no-warnings hack/network/main.ts $(ARGS)

e2e-two-clusters: node_modules/.ready ## show a Tenant on a remote cluster, from its Secret to its deletion
	@$(NODE) --no-warnings hack/tenants/two-clusters.ts $(ARGS)

e2e-tenants: node_modules/.ready ## run all scenarios of Tenants on three real kind clusters (ARGS="--case 9.1")
	@$(NODE) --no-warnings hack/tenants/main.ts $(ARGS)

run-pid: node_modules/.ready ## start the operator of Tenants in the background (ARGS="--namespace default")
	@$(NODE) --no-warnings hack/tenants/run-pid.ts start $(ARGS)

stop: node_modules/.ready ## stop it
	@$(NODE) --no-warnings hack/tenants/run-pid.ts stop

clean: ## remove what runs and set-up have made
	rm -rf node_modules charter-out coverage

# npm writes node_modules/.package-lock.json itself; our stamp says that this lockfile was installed to its end.
node_modules/.ready: package.json package-lock.json
	+@hack/install
	+@touch $@
