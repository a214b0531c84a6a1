# Everything a person types while working on Lianshen. "make" alone lists it.

SHELL := /bin/bash
# A newer Node than the machine's, where scripts/setup-tests.sh had to fetch one.
export PATH := $(CURDIR)/.tools/node/node_modules/.bin:$(PATH)

LINT := go tool -modfile=tools.mod
POSTGRES := scripts/postgres.sh with
# Packages in which goroutines share state. The race detector makes SQLite, which
# is compiled from C to Go, several times slower, so it is not on everywhere.
RACE ?= ./internal/store/... ./internal/supervise/... ./internal/account/... ./internal/blob/...
# A test with "Quick" in its name holds a figure of time, which says nothing there.

.PHONY: help dev check setup lint fmt generate generate-clean tidy build vet test race proofs proofs-long e2e bench vendor

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dev: ## the demo on http://127.0.0.1:7331; builds and loads anew when a source file changes
	go tool templ generate --watch --log-level warn --open-browser=false --proxy=http://127.0.0.1:8080 \
		--watch-pattern='\.(go|templ|css|js|json|yaml|sql|svg)$$' \
		--cmd="go run ./cmd/lianshen demo --addr 127.0.0.1:8080 --data tmp/dev"

check: setup lint generate-clean tidy build vet ## everything CI runs, installing what it needs; under 30 minutes on 2 cores
	LIANSHEN_TEST_POSTGRES_REQUIRED=1 LIANSHEN_TEST_S3_REQUIRED=1 $(POSTGRES) $(MAKE) --no-print-directory e2e race test proofs

setup: ## install what the tests need (Debian packages, Node packages)
	scripts/setup-tests.sh

lint: ## golangci-lint and gofumpt, see .golangci.yml
	$(LINT) golangci-lint run --allow-parallel-runners ./...

# Not part of lint: templ fmt needs two runs to come to rest.
fmt: ## gofumpt and templ fmt
	$(LINT) gofumpt -w $$(git ls-files --cached --others --exclude-standard '*.go')
	go tool templ fmt internal

generate: ## templ components and go:generate
	go tool templ generate -log-level error
	go generate ./...

generate-clean: ## fail if a generated file is out of date
	scripts/generate-clean.sh

tidy: ## fail if go.mod is not tidy
	go mod tidy -diff

build: ## bin/lianshen
	go build -o bin/lianshen ./cmd/lianshen

vet: ## go vet
	go vet ./...

test: ## all Go tests, on SQLite and on a PostgreSQL of their own
	$(POSTGRES) go test -shuffle=on ./...

race: ## the packages with shared state once more, under the race detector
	$(POSTGRES) go test -race -shuffle=on -skip Quick $(RACE)

proofs: ## print what the proofs found: the decision rule twice, 64 people at once, every opinion, documents per minute, ledgers of many layouts and broken ones, three broken builds
	@set -o pipefail; $(POSTGRES) go test -count=1 -v -run '^(TestRuleAgreesWithANaiveReading|TestOrderOfVotes.*|TestLinear|TestTrap.*|TestEveryOpinionThroughTheAPI|TestDocumentsPerMinute)$$' \
		./internal/ledger/joint ./internal/supervise ./internal/web ./internal/demo | grep -E 'decision rule|documents per minute|linearizability|through the API|VIOLATION|^(---|ok|FAIL)'
	@set -o pipefail; LIANSHEN_MUTATIONS=5000 go test -count=1 -v -run '^Test(LedgersOf.*|Invented.*|Mutated.*|Worst.*|FiveThousand.*)$$' ./internal/sheet \
		| grep -E ': (JT|WJ|NY|MZ|SW|LC|DX)\.|seven ledgers|invented|mutated|heap grew|findings in|^(---|ok|FAIL)'
	@set -o pipefail; go test -count=1 -v -run '^(TestUploadCutAtRandomPlaces|TestKilledServerLosesNoUpload)$$' ./internal/web ./cmd/lianshen | grep -E 'resumable upload|killed server|^(---|ok|FAIL)'
	@set -o pipefail; go test -tags failpoint -count=1 -v -run '^TestKilledBetweenStepsOfAnUpload$$' ./cmd/lianshen | grep -E 'killed before|^(---|ok|FAIL)'
	$(POSTGRES) scripts/broken-builds.sh

proofs-long: ## the 64 people for a minute on each database
	LIANSHEN_LINEAR=60s $(POSTGRES) go test -count=1 -v -timeout 20m -run '^TestLinear$$' ./internal/supervise

e2e: build ## the browser tests, on SQLite and PostgreSQL; pictures in e2e/out
	$(POSTGRES) node --test e2e/*.test.mjs

bench: ## measure the running server on 10,000 and 100,000 findings, both databases
	LIANSHEN_POSTGRES_DURABLE=1 $(POSTGRES) go run ./bench

vendor: ## fetch the browser libraries again, with versions and checksums
	scripts/vendor.sh
