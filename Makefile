# make build | test | test-sandbox | lint | cross | demo | bench | fuzz | jsonata-diff | jsonata-bench | runaway | soak | conformance | clean
#
# Needs Go and make; everything else comes through go.mod and, for the static
# checks, internal/tools/go.mod.

GO       ?= go
TOOL     := $(GO) tool -modfile=internal/tools/go.mod
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X github.com/waslrun/wasl/internal/cli.version=$(VERSION)
WASL     := bin/wasl
FUZZTIME ?= 20s
TIMEOUT  ?= 15m

export CGO_ENABLED ?= 0

.PHONY: build
build: ## The binary, bin/wasl.
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(WASL) ./cmd/wasl

.PHONY: lint
lint: ## gofumpt, a tidy go.mod, go vet and staticcheck.
	@unformatted=$$($(TOOL) gofumpt -l .) && \
	  if [ -n "$$unformatted" ]; then echo "not formatted (run: make fmt):"; echo "$$unformatted"; exit 1; fi
	$(GO) mod tidy -diff
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

# What wasl is made for besides this machine. CI vets the first two.
CROSS    ?= linux/arm windows/amd64 linux/amd64 linux/arm64 linux/386 linux/riscv64 \
            darwin/amd64 darwin/arm64 windows/arm64 freebsd/amd64 freebsd/arm64

.PHONY: cross
cross: ## go vet for the other systems and processors (CROSS="OS/ARCH …").
	@set -e; for target in $(CROSS); do \
	  echo "== $$target"; \
	  CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) vet ./...; \
	done

.PHONY: fmt
fmt: ## Formats all Go files.
	$(TOOL) gofumpt -w .

# The race detector needs cgo; where there is no C compiler the tests run
# without it, and say so.
.PHONY: test
test: lint ## Static checks, then all tests with the race detector.
	@if command -v "$$($(GO) env CC)" >/dev/null 2>&1; then \
	  CGO_ENABLED=1 $(GO) test -race -timeout $(TIMEOUT) ./...; \
	else \
	  echo "no C compiler: testing without the race detector"; \
	  $(GO) test -timeout $(TIMEOUT) ./...; \
	fi

.PHONY: test-sandbox
test-sandbox: ## The sandbox without the race detector: its bounds on the host's memory hold only so, and all modules are compared.
	$(GO) test -timeout $(TIMEOUT) ./modules

.PHONY: demo
demo: build ## Builds and runs the examples dynamic-parallelism and thumbnails.
	$(MAKE) -C examples demo WASL=$(abspath $(WASL))

.PHONY: bench
bench: ## All benchmarks, once, and the comparison with the peers.
	$(GO) test -run '^$$' -bench . -benchmem ./...
	$(MAKE) -C modules/bench

PROGRAMS ?= 100000

JSONATA_NPM := $(abspath build/jsonata)/node_modules/jsonata

$(JSONATA_NPM):
	npm install --silent --no-audit --no-fund --prefix build/jsonata jsonata@2.0.6

.PHONY: jsonata-diff
jsonata-diff: $(JSONATA_NPM) ## Generated JSONata programs against npm's jsonata 2.0.6 (needs node and npm).
	JSONATA_NPM=$(JSONATA_NPM) $(GO) test -count=1 -timeout 1h -v \
	  -run TestAgainstReference ./asl/jsonata -args -programs $(PROGRAMS) -update

.PHONY: jsonata-bench
jsonata-bench: $(JSONATA_NPM) ## JSONata's benchmarks beside npm's jsonata 2.0.6 in node, in one run.
	JSONATA_NPM=$(JSONATA_NPM) $(GO) test -run '^$$' -bench AgainstReference ./asl/jsonata

.PHONY: fuzz
fuzz: ## Every fuzz target for FUZZTIME.
	@set -e; for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "== $$package $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
	  done; \
	done

# Takes four minutes, and needs a machine that does nothing else. WASL_REFERENCE
# may name a folder with more expressions.
.PHONY: runaway
runaway: build ## What expressions that try to run away do to a run and to a server.
	$(GO) run ./internal/runaway -wasl $(WASL) $(wildcard $(WASL_REFERENCE)/jsonata/robustness.jsonl)

.PHONY: soak
soak: ## The long-running tests.
	WASL_SOAK=1 $(GO) test -count=1 -timeout 2h -run Soak ./...

.PHONY: conformance
conformance: build ## The conformance suite on the built binary.
	$(WASL) conformance

.PHONY: clean
clean:
	rm -rf bin build out
